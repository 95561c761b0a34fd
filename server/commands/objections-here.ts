import { createAudit } from '../audit/audit.ts';
import { createLaunchGrants } from '../auth/launch-grant.ts';
import { createRequestWork } from '../auth/request-work.ts';
import { loadConfig, viewerOf } from '../config/config.ts';
import { isLoopback, type Environment } from '../config/environment.ts';
import { loadSecrets } from '../config/secrets.ts';
import { createFederation } from '../federation/federation.ts';
import { practiceShares } from '../federation/sharing.ts';
import { createDissentImport } from '../governance/dissent-import.ts';
import { identityCheck } from '../governance/identity-check.ts';
import type { CommandAnswer } from '../governance/command.ts';
import { launchEnd } from '../governance/launch-end.ts';
import { objectionCommands, type ObjectionCommand } from '../governance/objection-command.ts';
import { createHandles } from '../launch/handle.ts';
import { createHostTokens } from '../launch/smart/host-token.ts';
import { createLog } from '../log.ts';
import { createRegister } from '../privacy/register.ts';
import { openStore } from '../store/store.ts';

/** Does it here, on the store itself: on PostgreSQL beside the servers, on PGlite only while none runs. */
export async function runHere(environment: Environment, command: ObjectionCommand): Promise<CommandAnswer> {
  const config = await loadConfig(environment.configDir);
  const secrets = await loadSecrets(environment.secretsDir, {
    mayMake: isLoopback(environment.baseUrl),
    made: () => undefined,
  });
  // What stands on stdout is the answer alone.
  const log = createLog('silent');
  const store = await openStore(environment);
  const federation = createFederation({
    config,
    viewerClientId: viewerOf(config).clientId,
    idKey: secrets.idKey,
    baseUrl: environment.baseUrl,
    // The demographics service alone is asked, which takes no client certificate.
    credentials: { keys: secrets.launchKeys, certificates: { of: () => undefined }, env: process.env },
    log,
    // Only the demographics service is asked, which has no codes to map.
    isExcluded: () => false,
  });
  const hostTokens = createHostTokens({ config, db: store.db, idKey: secrets.idKey, launchKeys: secrets.launchKeys });
  const launches = createLaunchGrants({
    db: store.db,
    idKey: secrets.idKey,
    handles: createHandles({ db: store.db, idKey: secrets.idKey }),
    work: createRequestWork(store.db),
    onLaunchEnded: async ({ hostRecord }) => {
      if (hostRecord !== undefined) await hostTokens.end(hostRecord.tokens);
    },
  });
  try {
    const audit = createAudit({ db: store.db, idKey: secrets.idKey, site: environment.baseUrl });
    const register = createRegister({
      db: store.db,
      registerKey: secrets.registerKey,
      region: config.region,
      audit,
      demographics: identityCheck(federation, config),
      practiceShares: (ods) => practiceShares(config, ods),
      endLaunches: launchEnd({ idKey: secrets.idKey, end: launches.endOf, log }),
    });
    await register.checkKey();
    let cause: unknown;
    const importDissents = createDissentImport({ db: store.db, idKey: secrets.idKey, audit });
    const answer = await objectionCommands({ register, importDissents })(command, {
      error: (said: unknown) => {
        cause = (said as { readonly err?: unknown }).err;
      },
    });
    if (cause !== undefined) throw cause;
    return answer;
  } finally {
    await hostTokens.close();
    await federation.close();
    await store.close();
  }
}
