import { createLaunchGrants } from '../auth/launch-grant.ts';
import { createRequestWork } from '../auth/request-work.ts';
import { viewerOf } from '../config/config.ts';
import { createFederation } from '../federation/federation.ts';
import { practiceShares } from '../federation/sharing.ts';
import { createDissentImport } from '../governance/dissent-import.ts';
import { identityCheck } from '../governance/identity-check.ts';
import { launchEnd } from '../governance/launch-end.ts';
import { objectionCommands } from '../governance/objection-command.ts';
import { createHandles } from '../launch/handle.ts';
import { createHostTokens } from '../launch/smart/host-token.ts';
import { createLog } from '../log.ts';
import { createRegister } from '../privacy/register.ts';
import type { OpenCommands } from './on-store.ts';

/** What `npm run objections` does, on the store itself. */
export const open: OpenCommands = async ({ environment, config, secrets, db, audit }) => {
  const { idKey, launchKeys, registerKey } = secrets;
  // What stands on stdout is the answer alone.
  const log = createLog('silent');
  const federation = createFederation({
    config,
    viewerClientId: viewerOf(config).clientId,
    idKey,
    baseUrl: environment.baseUrl,
    // The demographics service alone is asked, which takes no client certificate.
    credentials: { keys: launchKeys, certificates: { of: () => undefined }, env: process.env },
    log,
    // Only the demographics service is asked, which has no codes to map.
    isExcluded: () => false,
  });
  const hostTokens = createHostTokens({ config, db, idKey, launchKeys });
  const close = async (): Promise<void> => {
    await hostTokens.close();
    await federation.close();
  };
  try {
    const launches = createLaunchGrants({
      db,
      idKey,
      handles: createHandles({ db, idKey }),
      work: createRequestWork(db),
      onLaunchEnded: async ({ hostRecord }) => {
        if (hostRecord !== undefined) await hostTokens.end(hostRecord.tokens);
      },
    });
    const register = createRegister({
      db,
      registerKey,
      region: config.region,
      audit,
      demographics: identityCheck(federation, config),
      practiceShares: (ods) => practiceShares(config, ods),
      endLaunches: launchEnd({ idKey, end: launches.endOf, log }),
    });
    await register.checkKey();
    const importDissents = createDissentImport({ db, idKey, audit });
    return { commands: objectionCommands({ register, importDissents }), close };
  } catch (error) {
    await close();
    throw error;
  }
};
