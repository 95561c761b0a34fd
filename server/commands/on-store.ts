import { createAudit, type AuditTrail } from '../audit/audit.ts';
import { loadConfig, type Config } from '../config/config.ts';
import { isLoopback, type Environment } from '../config/environment.ts';
import { loadSecrets, type Secrets } from '../config/secrets.ts';
import type { CommandAnswer, CommandKind } from '../governance/command.ts';
import { openStore, type Database } from '../store/store.ts';

/** What a command of the shell works with where no server does it. */
export type OnStore = {
  readonly environment: Environment;
  readonly config: Config;
  readonly secrets: Secrets;
  readonly db: Database;
  readonly audit: AuditTrail;
};

/** Opens the commands of one kind, and says what is to be closed when one of them is done. */
export type OpenCommands = (
  at: OnStore,
) => Promise<{ readonly commands: CommandKind; readonly close?: () => Promise<void> }>;

/**
 * Does it here, on the store itself: on PostgreSQL beside the servers, on PGlite only while none runs.
 * @throws what went wrong, which a server would have written into its log
 */
export async function runOnStore(
  environment: Environment,
  command: unknown,
  open: OpenCommands,
): Promise<CommandAnswer> {
  const config = await loadConfig(environment.configDir);
  const secrets = await loadSecrets(environment.secretsDir, {
    mayMake: isLoopback(environment.baseUrl),
    made: () => undefined,
  });
  const store = await openStore(environment);
  try {
    const { db } = store;
    const audit = createAudit({ db, idKey: secrets.idKey, site: environment.baseUrl });
    const { commands, close } = await open({ environment, config, secrets, db, audit });
    try {
      let cause: unknown;
      const answer = await commands(command, {
        error: (told: unknown) => {
          cause = (told as { readonly err?: unknown }).err;
        },
      });
      if (cause !== undefined) throw cause;
      return answer;
    } finally {
      await close?.();
    }
  } finally {
    await store.close();
  }
}
