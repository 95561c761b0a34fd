import { createAudit } from '../audit/audit.ts';
import { loadConfig } from '../config/config.ts';
import { isLoopback, type Environment } from '../config/environment.ts';
import { loadSecrets } from '../config/secrets.ts';
import { auditCommands, type AuditCommand } from '../governance/audit-command.ts';
import type { CommandAnswer } from '../governance/command.ts';
import { openStore } from '../store/store.ts';

/** Does it here, on the store itself: on PostgreSQL beside the servers, on PGlite only while none runs. */
export async function runHere(environment: Environment, command: AuditCommand): Promise<CommandAnswer> {
  const config = await loadConfig(environment.configDir);
  const { idKey } = await loadSecrets(environment.secretsDir, {
    mayMake: isLoopback(environment.baseUrl),
    made: () => undefined,
  });
  const store = await openStore(environment);
  try {
    const trail = createAudit({ db: store.db, idKey, site: environment.baseUrl });
    let cause: unknown;
    const answer = await auditCommands({ config, trail, idKey, dataDir: environment.dataDir })(command, {
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
