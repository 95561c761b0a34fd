import { z } from 'zod';
import type { Register } from '../privacy/register.ts';
import { commandKind, type CommandKind } from './command.ts';

const ods = z.string().regex(/^[A-Z0-9]{2,12}$/, 'an ODS code: 2 to 12 capital letters and digits');
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
    command: z.literal('list'),
    status: z.enum(['draft', 'proposed', 'active', 'rejected', 'inactive']).optional(),
    route: z.enum(['practice', 'records-team']).optional(),
    practice: ods.optional(),
    by: said.default('shell'),
  }),
]);
export type ObjectionCommand = z.infer<typeof objectionCommand>;

async function act(register: Register, command: ObjectionCommand): Promise<unknown> {
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
    case 'list':
      return register.list(command, {
        ...(command.status === undefined ? {} : { status: [command.status] }),
        ...(command.route === undefined ? {} : { route: command.route }),
        ...(command.practice === undefined ? {} : { practice: command.practice }),
      });
  }
}

/** What `npm run objections` asks of the register. */
export function objectionCommands(register: Register): CommandKind {
  return commandKind(objectionCommand, (command) => act(register, command));
}
