import { z } from 'zod';
import type { Register } from '../privacy/register.ts';
import { commandKind, type CommandKind } from './command.ts';
import type { ImportDissents } from './dissent-import.ts';

const ods = z.string().regex(/^[A-Z0-9]{2,12}$/, 'an ODS code: 2 to 12 capital letters and digits');
/** Of a hundred thousand people; more than any practice has. */
const longestList = 3_000_000;
const said = z.string().trim().min(1).max(500);

/** What can be asked of the objections register from a shell. */
export const objectionCommand = z.discriminatedUnion('command', [
  z.strictObject({
    command: z.literal('raise'),
    nhsNumber: said,
    name: said,
    birthDate: z.iso.date(),
    channel: z.enum(['gp', 'pals', 'email', 'post', 'host']),
    requester: z.enum(['person', 'guardian', 'representative']),
    by: said,
  }),
  z.strictObject({
    command: z.literal('decide'),
    id: said,
    decision: z.enum(['uphold', 'decline']),
    reason: said,
    weighed: said.optional(),
    by: said,
  }),
  z.strictObject({ command: z.literal('withdraw'), id: said, reason: said, by: said }),
  z.strictObject({
    command: z.literal('reverse'),
    nhsNumber: said,
    name: said,
    birthDate: z.iso.date(),
    reason: said,
    by: said,
  }),
  z.strictObject({ command: z.literal('review'), id: said, reason: said, by: said }),
  z.strictObject({
    command: z.literal('import-practice'),
    practice: ods,
    list: z.string().max(longestList, 'a list of at most 3 MB: give it in parts'),
    by: said,
  }),
  z.strictObject({
    command: z.literal('list'),
    status: z.enum(['draft', 'proposed', 'active', 'rejected', 'inactive']).optional(),
    route: z.enum(['practice', 'records-team']).optional(),
    practice: ods.optional(),
    by: said.default('shell'),
  }),
]);
export type ObjectionCommand = z.infer<typeof objectionCommand>;

/** What the commands work with. */
export type ObjectionDeps = { readonly register: Register; readonly importDissents: ImportDissents };

async function act({ register, importDissents }: ObjectionDeps, command: ObjectionCommand): Promise<unknown> {
  switch (command.command) {
    case 'raise':
      return register.raise(command);
    case 'decide':
      await register.decide(command);
      return { id: command.id, decision: command.decision };
    case 'withdraw':
      await register.withdraw(command);
      return { id: command.id, withdrawn: true };
    case 'reverse': {
      const { id } = await register.reverse(command);
      return { id, reversed: true };
    }
    case 'review':
      await register.review(command);
      return { id: command.id, reviewed: true };
    case 'import-practice':
      return importDissents(command);
    case 'list':
      return register.list(command, {
        ...(command.status === undefined ? {} : { status: [command.status] }),
        ...(command.route === undefined ? {} : { route: command.route }),
        ...(command.practice === undefined ? {} : { practice: command.practice }),
      });
  }
}

/** What `npm run objections` asks of the register and of what practices have said. */
export function objectionCommands(deps: ObjectionDeps): CommandKind {
  return commandKind(objectionCommand, (command) => act(deps, command));
}
