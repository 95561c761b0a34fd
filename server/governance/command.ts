import { z } from 'zod';
import { Fault } from '../fault.ts';
import type { Logger } from '../log.ts';

/** What came of a command: something to print, or one line that says why not. */
export const commandAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({ ok: z.literal(false), refusal: z.string() }),
]);
export type CommandAnswer = z.infer<typeof commandAnswer>;

/**
 * A kind of command: what `npm run <name>` asks of the server. It reads what came through the socket, does it, and never
 * rejects: what is refused, and what goes wrong, is an answer too.
 */
export type CommandKind = (asked: unknown, log: Pick<Logger, 'error'>) => Promise<CommandAnswer>;

/** A kind of command whose members are checked by a schema before anything is done. */
export function commandKind<Command extends { readonly command: string }>(
  schema: z.ZodType<Command>,
  act: (command: Command) => Promise<unknown>,
): CommandKind {
  return async (asked, log) => {
    const read = schema.safeParse(asked);
    if (!read.success) {
      const [issue] = read.error.issues;
      return {
        ok: false,
        refusal: `${issue?.path.join('.') || 'The command'}: ${issue?.message ?? 'not as expected'}.`,
      };
    }
    try {
      return { ok: true, result: await act(read.data) };
    } catch (error) {
      if (error instanceof Fault) return { ok: false, refusal: error.message };
      log.error({ err: error, command: read.data.command }, 'a command failed');
      return { ok: false, refusal: 'This could not be done. The log says why.' };
    }
  };
}
