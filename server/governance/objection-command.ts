import { z } from 'zod';
import { Fault } from '../fault.ts';
import type { Logger } from '../log.ts';
import type { Register } from '../privacy/register.ts';

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
    by: said,
  }),
  z.strictObject({ command: z.literal('withdraw'), id: said, reason: said, by: said }),
  z.strictObject({ command: z.literal('list'), by: said.default('shell') }),
]);
export type ObjectionCommand = z.infer<typeof objectionCommand>;

/** What came of a command: something to print, or one line that says why not. */
export const commandAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({ ok: z.literal(false), refusal: z.string() }),
]);
export type CommandAnswer = z.infer<typeof commandAnswer>;

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
    case 'list':
      return register.list(command.by);
  }
}

/** Does what a command asks. Never rejects: what the register refuses, and what goes wrong, is an answer too. */
export async function runObjectionCommand(
  register: Register,
  command: ObjectionCommand,
  log: Pick<Logger, 'error'>,
): Promise<CommandAnswer> {
  try {
    return { ok: true, result: await act(register, command) };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, refusal: error.message };
    log.error({ err: error, command: command.command }, 'an objection command failed');
    return { ok: false, refusal: 'This could not be done. The log says why.' };
  }
}
