import { readEnvironment, type Environment } from '../config/environment.ts';
import { askServer } from '../governance/admin-socket.ts';
import type { CommandAnswer } from '../governance/command.ts';
import type { OpenCommands } from './on-store.ts';
import { Refusal } from './refusal.ts';

/**
 * Does what stands on the command line: at the server that runs on the embedded database, else here, on the store itself.
 * Prints the result as JSON; a refusal is one line, and the exit code 1.
 */
export async function runShellCommand<Command extends { readonly command: string }>(kind: {
  readonly of: Parameters<typeof askServer>[1];
  readonly usage: string;
  readonly read: (args: readonly string[]) => Command | 'help';
  /** Loaded only where no server does it: it opens the store. */
  readonly here: () => Promise<{ readonly open: OpenCommands }>;
  readonly print: (result: unknown, command: Command) => string;
  /** True where part of it could not be done: all is printed, and the exit code is 1. */
  readonly isPartial?: (result: unknown) => boolean;
}): Promise<void> {
  try {
    const command = kind.read(process.argv.slice(2));
    if (command === 'help') {
      console.log(kind.usage);
      return;
    }
    const environment = readEnvironment(process.env);
    const asked =
      environment.databaseUrl === undefined ? await askServer(environment.dataDir, kind.of, command) : 'no server';
    const answer = asked === 'no server' ? await onStore(environment, command, kind.here) : asked;
    if (!answer.ok) throw new Refusal(answer.refusal);
    console.log(kind.print(answer.result, command));
    if (kind.isPartial?.(answer.result) === true) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

async function onStore(
  environment: Environment,
  command: unknown,
  here: () => Promise<{ readonly open: OpenCommands }>,
): Promise<CommandAnswer> {
  const [{ runOnStore }, { open }] = await Promise.all([import('./on-store.ts'), here()]);
  return runOnStore(environment, command, open);
}
