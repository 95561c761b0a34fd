import { createAudit } from '../audit/audit.ts';
import { loadConfig } from '../config/config.ts';
import { isLoopback, type Environment } from '../config/environment.ts';
import { loadSecrets } from '../config/secrets.ts';
import type { CommandAnswer } from '../governance/command.ts';
import { profileCommands, type ProfileCommand } from '../governance/profile-command.ts';
import { openStore } from '../store/store.ts';

/** Does it here, on the store itself: on PostgreSQL beside the servers, on PGlite only while none runs. */
export async function runHere(environment: Environment, command: ProfileCommand): Promise<CommandAnswer> {
  const config = await loadConfig(environment.configDir);
  const { idKey } = await loadSecrets(environment.secretsDir, {
    mayMake: isLoopback(environment.baseUrl),
    made: () => undefined,
  });
  const store = await openStore(environment);
  try {
    const audit = createAudit({ db: store.db, idKey, site: environment.baseUrl });
    let cause: unknown;
    const answer = await profileCommands({ config, db: store.db, idKey, audit })(command, {
      error: (told: unknown) => {
        cause = (told as { readonly err?: unknown }).err;
      },
    });
    if (cause !== undefined) throw cause;
    return answer;
  } finally {
    await store.close();
  }
}
