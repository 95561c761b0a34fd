import type { RequestListener } from 'node:http';
import { createApp } from './app.ts';
import type { AuditTrail } from './audit/audit.ts';
import { createLastLooks } from './audit/last-look.ts';
import { createAuthorization } from './auth/authorization.ts';
import { practitionerId } from './auth/token-context.ts';
import type { ClientCertificates } from './config/certificate-watch.ts';
import { viewerOf, type Config } from './config/config.ts';
import type { RotatingKeys } from './config/key-watch.ts';
import type { Secrets } from './config/secrets.ts';
import { createEarly } from './disclosure/early.ts';
import { createHeld } from './disclosure/held.ts';
import type { House } from './disclosure/house.ts';
import { beginGathering } from './disclosure/warm-start.ts';
import type { Connections } from './federation/connections.ts';
import type { FacadeIds } from './federation/facade-id.ts';
import type { TextReader } from './federation/documents/text-reader.ts';
import { createFederation } from './federation/federation.ts';
import { practiceShares } from './federation/sharing.ts';
import { auditCommands } from './governance/audit-command.ts';
import type { Commands } from './governance/admin-socket.ts';
import { createDissentImport } from './governance/dissent-import.ts';
import { identityCheck } from './governance/identity-check.ts';
import { launchEnd } from './governance/launch-end.ts';
import { objectionCommands } from './governance/objection-command.ts';
import { profileCommands } from './governance/profile-command.ts';
import { keyedHash } from './keyed-hash.ts';
import { patientIdOf } from './launch/context.ts';
import type { Handles } from './launch/handle.ts';
import { createLaunchRouter } from './launch/launch.ts';
import type { LaunchRate } from './launch/rate.ts';
import { createProfiles } from './launch/registration/profile.ts';
import { createEndUser } from './launch/sign-out.ts';
import { createHostTokens } from './launch/smart/host-token.ts';
import { createStandaloneLaunches } from './launch/standalone.ts';
import type { Logger } from './log.ts';
import { createConsentAnswers } from './privacy/consent-answer.ts';
import { createConsentState } from './privacy/consent-state.ts';
import { createVerdicts } from './privacy/document-verdict.ts';
import { createDocumentRules } from './privacy/document-words.ts';
import type { ObjectionWatch } from './privacy/objection-watch.ts';
import { createRegister, type Register } from './privacy/register.ts';
import { createSigns } from './privacy/signs.ts';
import { createRecordWithholding } from './privacy/withhold.ts';
import type { Database } from './store/store.ts';

const megabyte = 1024 * 1024;

/** What lives as long as the process, whatever the configuration says. */
export type Lasting = {
  readonly baseUrl: string;
  /** Where the trail's head is kept. */
  readonly dataDir: string;
  readonly db: Database;
  readonly secrets: Pick<Secrets, 'cookieKeys' | 'idKey' | 'registerKey'>;
  readonly ids: FacadeIds;
  readonly audit: AuditTrail;
  readonly handles: Handles;
  readonly rate: LaunchRate;
  readonly connections: Connections;
  /** Reads the words of documents. */
  readonly texts: TextReader;
  /** The objections register, as it is heeded while requests run. */
  readonly objections: ObjectionWatch;
  /** Aborted when the server stops. */
  readonly closing: AbortSignal;
  /** Whether what a source brought may still be shown by the configuration that is in use at that moment. */
  readonly isShared: House['isShared'];
  /** See `AppDependencies`. */
  readonly ready: () => Promise<void>;
  readonly warnings: () => readonly string[];
  readonly metricsToken: string | undefined;
  readonly log: Logger;
};

/** What an edition is made from: all of it may change while the server runs. */
export type Ground = {
  readonly config: Config;
  readonly keys: RotatingKeys;
  readonly certificates: ClientCertificates;
};

/** The server as one configuration and one set of keys make it. It never changes: another takes its place. */
export type Edition = {
  readonly ground: Ground;
  readonly handle: RequestListener;
  readonly commands: Commands;
  readonly register: Register;
  /** Drops what is held of a person. */
  readonly forgetPerson: (nhsNumber: string) => void;
  /** Holds no gathering any more: it has been replaced. Requests that began with it go on. */
  readonly retire: () => void;
  /** Gives up what nobody has taken over, and waits for what it still writes and revokes; for when its last request ended. */
  readonly close: () => Promise<void>;
};

/**
 * Builds everything that depends on the configuration or on keys that rotate. What it keeps by itself is but a cache; all
 * else is in the database, so that a launch goes on from one edition to the next.
 * @throws where the keys cannot be used
 */
export function createEdition(ground: Ground, lasting: Lasting): Edition {
  const { config, keys, certificates } = ground;
  const { audit, baseUrl, connections, db, handles, ids, log, rate } = lasting;
  const { cookieKeys, idKey, registerKey } = lasting.secrets;
  const { launchKeys, signingKeys } = keys;
  const signs = createSigns(config.categories);
  const federation = createFederation({
    config,
    viewerClientId: viewerOf(config).clientId,
    idKey,
    baseUrl,
    credentials: { keys: launchKeys, certificates, env: process.env },
    log,
    connections,
    documents: {
      rules: createDocumentRules(config.categories),
      verdicts: createVerdicts({ db }),
      texts: lasting.texts,
      readBytes: config.region.documents.readMegabytes * megabyte,
    },
    isExcluded: (system, code) => signs.coding(system, code, false),
  });
  const held = createHeld();
  const early = createEarly();
  const hostTokens = createHostTokens({ config, db, idKey, launchKeys });
  const authorization = createAuthorization({
    config,
    secrets: { cookieKeys, signingKeys },
    baseUrl,
    db,
    idKey,
    handles,
    audit,
    log,
    ids,
    beginStandalone: createStandaloneLaunches({ db, idKey, baseUrl }).begin,
    onLaunchEnded: async ({ hostRecord, gathering }, launchId) => {
      held.forget(launchId);
      if (gathering !== undefined) early.drop(gathering);
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
    endLaunches: launchEnd({ idKey, end: authorization.endLaunches, log }),
  });
  const house: House = {
    config,
    federation,
    register: lasting.objections,
    consentState: createConsentState({ db, idKey, register, objections: lasting.objections }),
    consentAnswers: createConsentAnswers({ db, idKey }),
    beginWithholding: createRecordWithholding(config.categories),
    held,
    early,
    isShared: lasting.isShared,
    audit,
    hostAuthorization: hostTokens.authorization,
    log,
  };
  const launch = createLaunchRouter({
    config,
    baseUrl,
    db,
    idKey,
    audit,
    demographics: federation.demographics,
    trace: federation.trace,
    hides: lasting.objections.hides,
    launchKeys,
    handles,
    hostTokens,
    rate,
    endLaunchesOfUser: authorization.endLaunchesOfUser,
    onHandedOver: (context, requestId) => beginGathering(house, context, requestId),
    endUser: createEndUser({ db, idKey, endLaunches: authorization.endLaunchesOfUser }),
    log,
  });
  const app = createApp({
    config,
    baseUrl,
    log,
    launch,
    authorization,
    facade: {
      house,
      lastLooks: createLastLooks({ db, idKey }),
      ownProfile: { profiles: createProfiles({ db, idKey }), correctUser: authorization.correctUser },
      patientIdOf: (context) => patientIdOf(ids, context),
      pageKey: Buffer.from(keyedHash(idKey, 'search-page'), 'base64url'),
      userId: (host, id) => practitionerId(idKey, { host, id }),
      governed: { register, trail: audit },
      closing: lasting.closing,
    },
    ready: lasting.ready,
    warnings: lasting.warnings,
    metricsToken: lasting.metricsToken,
  });
  return {
    ground,
    handle: app,
    commands: {
      objections: objectionCommands({ register, importDissents: createDissentImport({ db, idKey, audit }) }),
      audit: auditCommands({ config, trail: audit, idKey, dataDir: lasting.dataDir }),
      profiles: profileCommands({ config, db, idKey, audit }),
    },
    register,
    forgetPerson: (nhsNumber) => {
      held.forgetPerson(nhsNumber);
      early.dropPerson(nhsNumber);
    },
    retire: held.close,
    close: async () => {
      early.close();
      await authorization.close();
      await hostTokens.close();
    },
  };
}
