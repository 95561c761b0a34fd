import { parseArgs } from 'node:util';
import { auditCommand, type AuditCommand } from '../governance/audit-command.ts';
import { Refusal } from './refusal.ts';

export const usage = `npm run audit -- <command>

  verify  [--events <n> --hash <hash>] [--by <who>]
  looks   --nhs-number <number> [--from <yyyy-mm-dd>] [--to <yyyy-mm-dd>] --by <who>

verify walks the audit trail from its first event, and holds it to where this data folder last knew it to reach; with
--events and --hash also to a line "the audit trail reaches to here" of a log that is kept elsewhere.
looks prints who looked at a person's record, when, from where, in which role, why, and what they opened: for the person,
when they ask. Both stand on the trail. They work while the server runs. The exit code is 1 where something is refused or
the trail is not whole, and one line says why.`;

const options = {
  events: { type: 'string' },
  hash: { type: 'string' },
  'nhs-number': { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  by: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The arguments after the script's name as a command; `help` where that is asked, or nothing is.
 * @throws {Refusal} naming everything that is missing or not as expected
 */
export function readCommand(args: readonly string[]): AuditCommand | 'help' {
  let read;
  try {
    read = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error));
  }
  const { positionals, values } = read;
  const [name, ...rest] = positionals;
  if (values.help === true || (name === undefined && Object.keys(values).length === 0)) return 'help';
  if (rest.length > 0) throw new Refusal(`${rest[0]} is one word too many.`);
  const { help: _, 'nhs-number': nhsNumber, ...others } = values;
  const given = { ...others, ...(nhsNumber === undefined ? {} : { nhsNumber }) };
  const parsed = auditCommand.safeParse({ command: name, ...given });
  if (parsed.success) return parsed.data;
  const option = (member: string): string => (member === 'nhsNumber' ? '--nhs-number' : `--${member}`);
  const lines = parsed.error.issues.map((issue) => {
    if (issue.path[0] === 'command') return `${name ?? 'nothing'} is no command: verify or looks`;
    if (issue.code === 'unrecognized_keys') return `${name} takes no ${issue.keys.map(option).join(', ')}`;
    const member = String(issue.path[0]);
    return `${option(member)}: ${Object.hasOwn(given, member) ? issue.message : 'is missing'}`;
  });
  throw new Refusal(`${lines.join('; ')}.`);
}
