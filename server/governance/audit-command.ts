import { z } from 'zod';
import { parseNhsNumber } from '../../src/fhir/nhs-number.ts';
import { idOf, type Resource } from '../../src/fhir/resource.ts';
import type { AuditTrail } from '../audit/audit.ts';
import { readHead } from '../audit/head.ts';
import type { Config } from '../config/config.ts';
import { Fault } from '../fault.ts';
import { commandKind, type CommandKind } from './command.ts';
import { visitsOf, visitsText } from './looks.ts';

const said = z.string().trim().min(1).max(500);

/** What can be asked of the audit trail from a shell. */
export const auditCommand = z.discriminatedUnion('command', [
  z.strictObject({
    command: z.literal('verify'),
    events: z.coerce.number().int().positive().optional(),
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'the hash that a log has: 64 hexadecimal digits')
      .optional(),
    by: said.default('shell'),
  }),
  z.strictObject({
    command: z.literal('looks'),
    nhsNumber: said,
    from: z.iso.date().optional(),
    to: z.iso.date().optional(),
    by: said,
  }),
]);
export type AuditCommand = z.infer<typeof auditCommand>;

/** What the commands on the audit trail need. */
export type AuditDeps = {
  readonly config: Pick<Config, 'roles' | 'sources'>;
  readonly trail: Pick<AuditTrail, 'list' | 'record' | 'verify' | 'head'>;
  readonly idKey: Buffer;
  readonly dataDir: string;
};

const pageSize = 500;

/** Walks the trail whole, and holds it to where it is known to have reached: by the data folder, and by what a log said. */
async function verify(deps: AuditDeps, command: Extract<AuditCommand, { command: 'verify' }>): Promise<unknown> {
  const { trail, idKey, dataDir } = deps;
  const { by, events, hash } = command;
  if ((events === undefined) !== (hash === undefined))
    throw new Fault('invalid-request', '--events and --hash belong together: they stand in one line of the log.');
  const known = await readHead(dataDir, idKey);
  const wanted = [
    ...(known === undefined ? [] : [known]),
    ...(events === undefined || hash === undefined ? [] : [{ events, hash }]),
  ];
  // One after the other: two heads of one number that disagree are told too.
  const found = wanted.length === 0 ? [await trail.verify()] : [];
  for (const one of wanted) found.push(await trail.verify([one]));
  const head = await trail.head();
  const broken = found.find(({ brokenAt }) => brokenAt !== undefined);
  await trail.record({
    type: 'administration',
    action: 'E',
    outcome: broken === undefined ? 'success' : 'failed',
    detail: { command: 'audit verify', by, events: head?.events ?? 0 },
  });
  if (broken !== undefined)
    throw new Fault(
      'invalid-request',
      `The audit trail is not whole: ${broken.events} events are as they were written, and event ${broken.brokenAt} is missing or was changed.`,
    );
  return { events: head?.events ?? 0, hash: head?.hash, comparedWith: wanted.map((one) => one.events) };
}

/** Who looked at a person's record, whole, for the person. The reading stands on the trail first, or nothing is given. */
async function looksAt(deps: AuditDeps, command: Extract<AuditCommand, { command: 'looks' }>): Promise<unknown> {
  const { trail, config } = deps;
  const nhsNumber = parseNhsNumber(command.nhsNumber);
  if (nhsNumber === undefined) throw new Fault('invalid-request', 'This is no valid NHS number.');
  const recorded = [
    {
      ...(command.from === undefined ? {} : { from: new Date(`${command.from}T00:00:00Z`) }),
      ...(command.to === undefined ? {} : { to: new Date(`${command.to}T23:59:59.999Z`) }),
    },
  ];
  const events: Resource[] = [];
  for (let before: string | undefined; ;) {
    const page = await trail.list({
      nhsNumber,
      recorded,
      limit: pageSize,
      ...(before === undefined ? {} : { before }),
    });
    events.push(...page);
    const last = page.at(-1);
    before = last === undefined ? undefined : idOf(last);
    if (page.length < pageSize || before === undefined) break;
  }
  await trail.record({
    type: 'administration',
    action: 'R',
    outcome: 'success',
    nhsNumber,
    detail: { command: 'audit looks', by: command.by, events: events.length },
  });
  return visitsText(visitsOf(events), {
    role: (code) => config.roles.find((one) => one.code === code)?.title,
    source: (id) => config.sources.find((one) => one.id === id)?.name,
  });
}

/** What `npm run audit` asks. */
export function auditCommands(deps: AuditDeps): CommandKind {
  return commandKind(auditCommand, (command) =>
    command.command === 'verify' ? verify(deps, command) : looksAt(deps, command),
  );
}
