import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import pg from 'pg';
import { system } from '../../src/fhir/systems.ts';
import { loadSecrets, type Secrets } from '../config/secrets.ts';
import { capability, patientOf, searchset, standIn } from '../federation/stand-in.ts';
import { freePort } from '../free-port.testing.ts';

/** One server process. */
export type ServerProcess = {
  /** Where this process listens; the base URL of both is another. */
  readonly origin: string;
  /** Ends it as a power cut does: nothing is said and nothing finished. */
  readonly kill: () => Promise<void>;
};

/** Two server processes on one PostgreSQL, one configuration and one set of secrets, as behind a load balancer. */
export type Pair = {
  readonly base: string;
  readonly first: ServerProcess;
  readonly second: ServerProcess;
  /** Starts another one beside them. */
  readonly more: () => Promise<ServerProcess>;
  /** Where both keep their state, and under which keys. */
  readonly databaseUrl: string;
  readonly secrets: () => Promise<Secrets>;
  /** The hospital that both ask. */
  readonly hospital: Holding;
  /** Runs `npm run objections -- …` beside both; rejects where it refuses. */
  readonly objections: (...args: readonly string[]) => Promise<Record<string, unknown>>;
  /** A context as the host signs it. */
  readonly sign: (more?: Readonly<Record<string, unknown>>) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** A source that answers when it is told to. */
export type Holding = {
  /** From here on what is asked by a path with this in it waits. */
  readonly hold: (path: string) => void;
  /** Resolves when so many requests wait. */
  readonly waiting: (requests: number) => Promise<void>;
  /** Answers all that wait, and all that come. */
  readonly letGo: () => void;
};

const root = join(import.meta.dirname, '..', '..');
export const nhsNumber = '9990000018';
const birthDate = '1961-04-17';
/** Where the person is registered; it is none of those that are asked. */
export const practice = 'M83001';

async function freshDatabase(databaseUrl: string): Promise<string> {
  const name = `pair_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  return Object.assign(new URL(databaseUrl), { pathname: `/${name}` }).href;
}

/** The demographics service and a hospital, which know one person. */
async function startSources() {
  const pds = await standIn(({ path }) =>
    path.endsWith(`/Patient/${nhsNumber}`)
      ? {
          ...patientOf(nhsNumber, { name: [{ use: 'official', family: 'Ashby', given: ['Ada'] }] }),
          generalPractitioner: [{ identifier: { system: system.odsOrganisation, value: practice } }],
          meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'U' }] },
        }
      : [404, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'not-found' }] }],
  );
  const answerOf = (path: string): object => {
    if (path === '/fhir/metadata') return capability();
    if (path === '/fhir/Patient/_search') return searchset([patientOf('p1')]);
    return searchset([
      patientOf('p1'),
      { resourceType: 'Condition', id: 'c1', code: { text: 'Asthma' }, subject: { reference: 'Patient/p1' } },
    ]);
  };
  let held: string | undefined;
  const waiting: (() => void)[] = [];
  let moved = (): void => undefined;
  const hospital = await standIn(({ path }, response) => {
    if (held === undefined || !path.includes(held)) return answerOf(path);
    waiting.push(() =>
      response.writeHead(200, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(answerOf(path))),
    );
    moved();
    return undefined;
  });
  const holding: Holding = {
    hold: (path) => void (held = path),
    waiting: async (requests) => {
      while (waiting.length < requests) await new Promise<void>((done) => (moved = done));
    },
    letGo: () => {
      held = undefined;
      for (const go of waiting.splice(0)) go();
    },
  };
  return { pds, hospital, holding };
}

const patienceMs = 60_000;

/** An app for those who govern. */
const officersApp = {
  clientId: 'console',
  name: 'Console',
  redirectUris: ['/console/callback'],
  launchUri: '/console/launch',
  scope: 'openid launch online_access user/Consent.crus user/AuditEvent.rs',
  clientAuth: 'none',
  owner: 'Records team',
  purpose: 'Objections and audit',
};

/** Opens a pair on a database of its own of this PostgreSQL. */
export async function openPair(postgresqlUrl: string): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), 'ohc-pair-'));
  const configDir = join(folder, 'smart-config');
  await cp(join(root, 'smart-config'), configDir, { recursive: true });
  const write = (file: string, content: object): Promise<void> =>
    writeFile(join(configDir, file), JSON.stringify(content));
  const keys = await generateKeyPair('ES256');
  const { roles } = JSON.parse(await readFile(join(configDir, 'roles.json'), 'utf8')) as {
    readonly roles: readonly { readonly code: string }[];
  };
  const issuer = 'https://epr.example';
  const host = {
    id: 'epr',
    name: 'Pair EPR',
    organisation: 'RJE',
    door: 'signed-context',
    roles: roles.map((role) => role.code),
    selfDeclared: 'allowed',
    launchesPerMinute: 1_000_000,
    issuer,
    jwks: { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] },
  };
  const { pds, hospital, holding } = await startSources();
  const { clients } = JSON.parse(await readFile(join(configDir, 'clients.json'), 'utf8')) as {
    readonly clients: readonly object[];
  };
  await write('clients.json', { clients: [...clients, officersApp] });
  await write('hosts.json', { hosts: [host] });
  const region = JSON.parse(await readFile(join(configDir, 'region.json'), 'utf8')) as object;
  await write('region.json', { ...region, gatherDeadlineMs: patienceMs });
  await write('sources.json', {
    sources: [
      { id: 'pds', name: 'Demographics', ods: 'X26', label: 'PDS', kind: 'pds', baseUrl: pds.url },
      {
        id: 'ht',
        name: 'Hospital',
        ods: 'RZ1',
        label: 'HT',
        kind: 'fhir-r4',
        setting: 'acute',
        baseUrl: hospital.url,
        // A test that holds it is not to be answered by the clock instead, on a machine however busy.
        deadlineMs: patienceMs,
      },
    ],
  });
  const databaseUrl = await freshDatabase(postgresqlUrl);
  const base = `http://localhost:${await freePort()}`;
  const processes: ChildProcess[] = [];
  const dataDir = join(folder, 'data');
  const environment = {
    ...process.env,
    BASE_URL: base,
    SMART_CONFIG: configDir,
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
  };

  async function start(): Promise<ServerProcess> {
    const port = await freePort();
    const child = spawn(process.execPath, [join(root, 'server', 'main.ts')], {
      cwd: root,
      env: { ...environment, PORT: String(port) },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    processes.push(child);
    const origin = `http://127.0.0.1:${port}`;
    for (;;) {
      if (child.exitCode !== null) throw new Error(`a server ended with ${child.exitCode}`);
      const ready = await fetch(`${origin}/health/ready`).then(
        (answer) => answer.ok,
        () => false,
      );
      if (ready) break;
      await new Promise((done) => setTimeout(done, 50));
    }
    return {
      origin,
      kill: async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      },
    };
  }

  const [first, second] = await Promise.all([start(), start()]);
  return {
    base,
    first,
    second,
    more: start,
    databaseUrl,
    secrets: () => loadSecrets(join(dataDir, 'secrets'), { mayMake: false, made: () => undefined }),
    hospital: holding,
    objections: async (...args) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [join(root, 'server', 'commands', 'objections.ts'), ...args],
        { cwd: root, env: environment },
      );
      return JSON.parse(stdout) as Record<string, unknown>;
    },
    sign: (more = {}) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({
        iss: issuer,
        aud: base,
        iat: now,
        exp: now + 120,
        jti: randomUUID(),
        sub: 'dr-okafor',
        name: 'Dr Peter OKAFOR',
        role: 'R8000',
        organisation: 'RJE',
        registration: { body: 'GMC', number: '7654321' },
        patient: { nhsNumber, birthDate },
        ...more,
      })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .sign(keys.privateKey);
    },
    close: async () => {
      for (const child of processes) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await pds.close();
      await hospital.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
