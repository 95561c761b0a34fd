import type { Server } from 'node:http';
import { createApp } from './app.ts';
import { createAudit } from './audit/audit.ts';
import { createRotatingAuthorization } from './auth/rotation.ts';
import { practitionerId } from './auth/token-context.ts';
import { watchCertificates } from './config/certificate-watch.ts';
import { missingCredentials } from './config/client-credentials.ts';
import { loadConfig, viewerOf } from './config/config.ts';
import { isLoopback, readEnvironment, type Environment } from './config/environment.ts';
import { demoIds, unsafe } from './config/safety.ts';
import { watchKeys } from './config/key-watch.ts';
import { loadSecrets } from './config/secrets.ts';
import { missingSourceCredentials } from './config/source-credentials.ts';
import { createEarly } from './disclosure/early.ts';
import { createHeld } from './disclosure/held.ts';
import type { House } from './disclosure/house.ts';
import { beginGathering } from './disclosure/warm-start.ts';
import { createTextReader } from './federation/documents/text-reader.ts';
import { createFacadeIds } from './federation/facade-id.ts';
import { createFederation } from './federation/federation.ts';
import { listenForCommands } from './governance/admin-socket.ts';
import { objectionCommands } from './governance/objection-command.ts';
import { profileCommands } from './governance/profile-command.ts';
import { identityCheck } from './governance/identity-check.ts';
import { keyedHash } from './keyed-hash.ts';
import { patientIdOf } from './launch/context.ts';
import { createHandles } from './launch/handle.ts';
import { createLaunchRouter } from './launch/launch.ts';
import { createLaunchRate } from './launch/rate.ts';
import { createHostTokens } from './launch/smart/host-token.ts';
import { createStandaloneLaunches } from './launch/standalone.ts';
import { createProfiles } from './launch/registration/profile.ts';
import { createEndUser } from './launch/sign-out.ts';
import { createLog, type Logger } from './log.ts';
import { createConsentAnswers } from './privacy/consent-answer.ts';
import { createVerdicts } from './privacy/document-verdict.ts';
import { createDocumentRules } from './privacy/document-words.ts';
import { createRegister } from './privacy/register.ts';
import { createWithholding } from './privacy/withhold.ts';
import { openStore } from './store/store.ts';
import { startSweeping } from './store/sweep.ts';

const megabyte = 1024 * 1024;

/** Reads the config, opens the store, listens. Everything that lives is made here, once, and closed in reverse. */
async function main(environment: Environment, log: Logger): Promise<() => Promise<void>> {
  const { baseUrl, dataDir, databaseUrl } = environment;
  const config = await loadConfig(environment.configDir);
  const faults = [...unsafe(baseUrl), ...(process.env['OHC_DEMO'] === '1' ? [] : demoIds(config))];
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const secrets = await loadSecrets(environment.secretsDir, {
    mayMake: isLoopback(baseUrl),
    made: (file) => log.info({ file }, 'made a secret that was missing, since the base URL is on loopback'),
  });
  const missing = [
    ...missingCredentials(config, process.env, secrets.launchKeys),
    ...missingSourceCredentials(config.sources, process.env, secrets.launchKeys),
  ];
  if (missing.length > 0) throw new Error(missing.join('\n'));
  const certificates = await watchCertificates(config.sources, { folder: environment.secretsDir, log });
  const { idKey, registerKey } = secrets;
  // One array for as long as the server lives: the doors and the sources' proofs read it at each use, and its content
  // changes with the keys.
  const launchKeys = [...secrets.launchKeys];

  const store = await openStore({ databaseUrl, dataDir });
  const { db } = store;
  const ids = createFacadeIds(idKey);
  const audit = createAudit({ db, idKey, site: baseUrl });
  const federation = createFederation({
    config,
    viewerClientId: viewerOf(config).clientId,
    idKey,
    baseUrl,
    credentials: { keys: launchKeys, certificates, env: process.env },
    log,
    documents: {
      rules: createDocumentRules(config.categories),
      verdicts: createVerdicts({ db }),
      texts: createTextReader(),
      readBytes: config.region.documents.readMegabytes * megabyte,
    },
  });
  const register = createRegister({
    db,
    idKey,
    registerKey,
    region: config.region,
    audit,
    demographics: identityCheck(federation, config),
  });
  await register.checkKey();
  const handles = createHandles({ db, idKey });
  const held = createHeld();
  const early = createEarly();
  const hostTokens = createHostTokens({ config, db, idKey, launchKeys });
  const authorization = createRotatingAuthorization({
    config,
    secrets,
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
  const keys = watchKeys(environment.secretsDir, {
    keys: secrets,
    take: (next) => {
      authorization.useKeys(next);
      launchKeys.splice(0, launchKeys.length, ...next.launchKeys);
    },
    log,
  });
  const rate = createLaunchRate({ db, idKey, audit, log });
  const house: House = {
    config,
    federation,
    register,
    consentAnswers: createConsentAnswers({ db, idKey }),
    withhold: createWithholding(config.categories),
    held,
    early,
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
    hides: register.hides,
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
      ownProfile: { profiles: createProfiles({ db, idKey }), correctUser: authorization.correctUser },
      patientIdOf: (context) => patientIdOf(ids, context),
      pageKey: Buffer.from(keyedHash(idKey, 'search-page'), 'base64url'),
      userId: (host, id) => practitionerId(idKey, { host, id }),
    },
    ready: store.ping,
    // A key that a source names may go with a rotation while the server runs.
    warnings: () => [...certificates.warnings(), ...missingSourceCredentials(config.sources, process.env, launchKeys)],
  });

  const admin =
    store.kind === 'pglite'
      ? await listenForCommands({
          dataDir,
          log,
          commands: {
            objections: objectionCommands(register),
            profiles: profileCommands({ config, db, idKey, audit }),
          },
        })
      : undefined;
  const sweeping = startSweeping(db, log);
  const server = app.listen(environment.port);
  await listening(server, environment.port);
  log.info({ port: environment.port, baseUrl, store: store.kind }, 'listening');

  return async () => {
    early.close();
    await drain(server, 10_000);
    sweeping.stop();
    keys.stop();
    certificates.stop();
    await admin?.close();
    await rate.close();
    await authorization.close();
    await hostTokens.close();
    await federation.close();
    await store.close();
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('listening', done);
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is taken by another program. Stop it, or set PORT to a free one.`)
          : error,
      ),
    );
  });
}

/** Takes no new connection, lets open streams end, and after `graceMs` cuts what is left. */
function drain(server: Server, graceMs: number): Promise<void> {
  return new Promise((done) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    // A browser keeps its connection open after the last answer: it is closed as soon as nothing runs on it.
    const idle = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearTimeout(cut);
      clearInterval(idle);
      done();
    });
  });
}

/** One clear sentence, or one a fault, on standard error: an operator reads it, not a program. */
function refuse(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

try {
  const environment = readEnvironment(process.env);
  const log = createLog(environment.logLevel);
  const stop = await main(environment, log);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      log.info({ signal }, 'stopping: open streams may end');
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'could not stop cleanly');
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  refuse(error);
}
