import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics } from 'prom-client';
import { createAudit } from './audit/audit.ts';
import { watchHead } from './audit/head.ts';
import { watchCertificates } from './config/certificate-watch.ts';
import { missingCredentials } from './config/client-credentials.ts';
import type { Config } from './config/config.ts';
import { watchConfig } from './config/config-watch.ts';
import { isLoopback, readEnvironment, type Environment } from './config/environment.ts';
import { watchKeys, type RotatingKeys } from './config/key-watch.ts';
import { loadServable } from './config/safety.ts';
import { loadSecrets } from './config/secrets.ts';
import { missingSourceCredentials } from './config/source-credentials.ts';
import { createEdition, type Lasting } from './edition.ts';
import { createConnections } from './federation/connections.ts';
import { createTextReader } from './federation/documents/text-reader.ts';
import { createFacadeIds } from './federation/facade-id.ts';
import { isShared } from './federation/sharing.ts';
import { listenForCommands } from './governance/admin-socket.ts';
import { startFollowing } from './governance/successors.ts';
import { createHandles } from './launch/handle.ts';
import { createLaunchRate } from './launch/rate.ts';
import { createLog, type Logger } from './log.ts';
import { metrics } from './metrics.ts';
import { auditSwitchedOff } from './privacy/switched-off.ts';
import { openStore } from './store/store.ts';
import { startSweeping } from './store/sweep.ts';
import { createSuccession, heedObjections } from './succession.ts';

/** What `/health/ready` says while an older configuration is in use than the folder holds. */
const faultyConfig = 'config: what is in SMART_CONFIG has faults and is not in use. The log names each.';

/** What it says while the audit trail lacks events that it had. */
const cutTrail = 'audit: the end of the audit trail is gone. docs/privacy.md says what to do.';

/** Reads the config, opens the store, listens. Everything that lives is made here, once, and closed in reverse. */
async function main(environment: Environment, log: Logger): Promise<() => Promise<void>> {
  const { baseUrl, dataDir, databaseUrl } = environment;
  const config = await loadServable(environment.configDir, baseUrl, process.env);
  const secrets = await loadSecrets(environment.secretsDir, {
    mayMake: isLoopback(baseUrl),
    made: (file) => log.info({ file }, 'made a secret that was missing, since the base URL is on loopback'),
  });
  const { idKey } = secrets;
  demandCredentials(config, secrets);
  const folder = environment.secretsDir;
  const certificates = await watchCertificates(config.sources, { folder, log });

  const store = await openStore({ databaseUrl, dataDir });
  const { db } = store;
  const audit = createAudit({ db, idKey, site: baseUrl });
  const head = await watchHead({ trail: audit, idKey, dataDir, log });
  await auditSwitchedOff(audit, config);
  const rate = createLaunchRate({ db, idKey, audit, log });
  const connections = createConnections();
  const texts = createTextReader();
  const objections = await heedObjections({ editions: () => editions, notices: store.notices, log });
  const closing = new AbortController();
  const lasting: Lasting = {
    baseUrl,
    dataDir,
    db,
    secrets,
    ids: createFacadeIds(idKey),
    audit,
    handles: createHandles({ db, idKey }),
    rate,
    connections,
    texts,
    objections,
    closing: closing.signal,
    isShared: (answer) => isShared(editions.current().ground.config, answer),
    ready: store.ping,
    warnings: () => {
      const { config, keys, certificates } = editions.current().ground;
      return [
        ...(configs.isFaulty() ? [faultyConfig] : []),
        ...(head.isCut() ? [cutTrail] : []),
        ...certificates.warnings(),
        // A key that a source names may go with a rotation while the server runs.
        ...missingSourceCredentials(config.sources, process.env, keys.launchKeys),
      ];
    },
    metricsToken: environment.metricsToken,
    log,
  };
  const first = createEdition({ config, keys: secrets, certificates }, lasting);
  await first.register.checkKey();
  const editions = createSuccession(first, (inUse) => connections.retain(inUse.map(({ ground }) => ground.config)));
  const keys = watchKeys(folder, {
    keys: secrets,
    take: (next) => editions.succeed(createEdition({ ...editions.current().ground, keys: next }, lasting)),
    log,
  });
  const configs = watchConfig(environment.configDir, {
    config,
    read: async () => {
      const next = await loadServable(environment.configDir, baseUrl, process.env);
      demandCredentials(next, editions.current().ground.keys);
      return next;
    },
    take: async (next) => {
      await auditSwitchedOff(audit, next);
      const before = editions.current().ground;
      const renewed = await watchCertificates(next.sources, { folder, log, before: before.certificates });
      // The keys may have changed meanwhile: those of now.
      editions.succeed(createEdition({ ...editions.current().ground, config: next, certificates: renewed }, lasting));
      before.certificates.stop();
    },
    log,
  });
  process.on('SIGHUP', () => void configs.check());

  const admin =
    store.kind === 'pglite'
      ? await listenForCommands({
          dataDir,
          log,
          commands: () => editions.current().commands,
        })
      : undefined;
  const sweeping = startSweeping(db, log);
  const register = { follow: () => editions.current().register.follow() };
  const following = startFollowing({ db, idKey, register, log });
  const server = createServer(editions.handle);
  server.listen(environment.port);
  await listening(server, environment.port);
  log.info({ port: environment.port, baseUrl, store: store.kind }, 'listening');

  return async () => {
    closing.abort();
    await drain(server, 10_000);
    await objections.close();
    sweeping.stop();
    following.stop();
    configs.stop();
    keys.stop();
    editions.current().ground.certificates.stop();
    await admin?.close();
    await rate.close();
    await editions.close();
    await texts.close();
    await connections.close();
    await head.stop();
    await store.close();
  };
}

/** @throws where the environment or the keys lack what the configuration needs, a line each */
function demandCredentials(config: Config, { launchKeys }: Pick<RotatingKeys, 'launchKeys'>): void {
  const missing = [
    ...missingCredentials(config, process.env, launchKeys),
    ...missingSourceCredentials(config.sources, process.env, launchKeys),
  ];
  if (missing.length > 0) throw new Error(missing.join('\n'));
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
  collectDefaultMetrics({ register: metrics });
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
