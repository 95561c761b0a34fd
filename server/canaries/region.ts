import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { lookup } from '../../src/fhir/json.ts';
import { system } from '../../src/fhir/systems.ts';
import { loadConfig, type Config } from '../config/config.ts';
import { loadSecrets } from '../config/secrets.ts';
import { createFacadeIds, type FacadeIds } from '../federation/facade-id.ts';
import { capability, patientOf, searchset, standIn, type StandIn } from '../federation/stand-in.ts';
import { freePort } from '../free-port.testing.ts';
import { clientOf, officers, viewer, type App } from '../two-servers/client.ts';
import { patientId, type Thing } from './case.ts';
import { resourceTypes } from './element.ts';

/** Where the region's sources stand, and how each is asked. */
export const sourceIds = ['acute', 'community'] as const;
export type SourceId = (typeof sourceIds)[number];

/** What one source holds of the person whose turn it is. */
type Holding = { things: readonly Thing[]; nhsNumber: string };

const root = join(import.meta.dirname, '..', '..');
const birthDate = '1961-04-17';
const issuer = 'https://epr.example';

/** An invented NHS number with a right check digit. */
export function nhsNumberOf(index: number): string {
  for (let serial = index; ; serial += 1) {
    const nine = `999${String(serial % 1_000_000).padStart(6, '0')}`;
    const sum = [...nine].reduce((all, digit, at) => all + Number(digit) * (10 - at), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check < 10) return `${nine}${check}`;
  }
}

/**
 * A source of FHIR R4: `acute` gives a record whole, `community` type by type. A document whose Binary did not come with the
 * record lies where its link leads.
 */
async function openSource(id: SourceId, holding: Holding): Promise<StandIn> {
  const types = resourceTypes.map((one) => one.type);
  return standIn(({ path, body }, response) => {
    const patient = patientOf(patientId, { identifier: [{ system: system.nhsNumber, value: holding.nhsNumber }] });
    const entry = ({ resource, fullUrl }: Thing): object => ({
      resource,
      ...(fullUrl === undefined ? {} : { fullUrl }),
    });
    const bundle = (entries: readonly object[]): object => ({
      resourceType: 'Bundle',
      type: 'searchset',
      entry: entries,
    });
    const { pathname, searchParams } = new URL(path, 'http://source.example');
    const at = pathname.replace('/fhir/', '');
    if (at === 'metadata') return id === 'acute' ? capability() : capability({ everything: false, types });
    if (at === 'Patient/_search') return searchset(body.includes(holding.nhsNumber) ? [patient] : []);
    const listed = holding.things.filter(({ resource }) => resource.resourceType !== 'Binary');
    if (at === `Patient/${patientId}/$everything`) return bundle([{ resource: patient }, ...listed.map(entry)]);
    const [type = '', local = ''] = at.split('/');
    if (type === 'Binary') {
      const found = holding.things.find(
        ({ resource }) => resource.resourceType === 'Binary' && resource['id'] === local,
      );
      if (found === undefined) return [404, { resourceType: 'OperationOutcome', issue: [] }];
      response
        .writeHead(200, { 'content-type': String(found.resource['contentType']) })
        .end(Buffer.from(String(found.resource['data']), 'base64'));
      return undefined;
    }
    const ofType = listed.filter(({ resource }) => resource.resourceType === type);
    if (local === '' || local === '_search') {
      const wanted = new URLSearchParams(body).get('_id') ?? searchParams.get('_id');
      const ids = wanted?.split(',');
      return bundle(ofType.filter(({ resource }) => ids?.includes(String(resource['id'])) !== false).map(entry));
    }
    const one = ofType.find(({ resource }) => resource['id'] === local);
    return one?.resource ?? [404, { resourceType: 'OperationOutcome', issue: [] }];
  });
}

/** Someone who has launched, and what may be asked with their token. */
export type Session = {
  readonly role: string;
  /** The facade's id of the person; none for who looks at nobody. */
  readonly person: string | undefined;
  readonly token: string;
};

/** One real server in a process of its own, with its own data folder, sources and hosts. */
export type Region = {
  readonly config: Config;
  /** The FHIR base. */
  readonly fhir: string;
  readonly origin: string;
  readonly ids: FacadeIds;
  readonly baseOf: (source: SourceId) => string;
  /** From here on the sources hold this of this person, and of nobody else. */
  readonly hold: (nhsNumber: string, things: { readonly [id in SourceId]: readonly Thing[] }) => void;
  readonly launch: (role: string) => Promise<Session>;
  /** Takes another `exclusions.json` into use while it runs. */
  readonly exclude: (change: (exclusions: { categories: Record<string, unknown>[] }) => void) => Promise<void>;
  /** All that the server has written to its log. */
  readonly log: () => string;
  readonly dataDir: string;
  /** Ends the server, as it ends by itself. What it has written stays until `close`. */
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Invented registration numbers, of the form that each body gives. */
const registrations: Readonly<Record<string, string>> = {
  GMC: '7654321',
  NMC: '12A3456E',
  HCPC: 'PH012345',
  GPhC: '2012345',
  SWE: 'SW12345',
};
const governing = new Set(['R0001', 'R5105']);

/** Opens a region. @throws where the server does not start */
export async function openRegion(): Promise<Region> {
  const folder = await mkdtemp(join(tmpdir(), 'ohc-canaries-'));
  const configDir = join(folder, 'smart-config');
  const dataDir = join(folder, 'data');
  await cp(join(root, 'smart-config'), configDir, { recursive: true });
  const write = (file: string, content: object): Promise<void> =>
    writeFile(join(configDir, file), JSON.stringify(content));
  const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(configDir, file), 'utf8'));
  const holdings: { readonly [id in SourceId]: Holding } = {
    acute: { things: [], nhsNumber: '' },
    community: { things: [], nhsNumber: '' },
  };
  const pds = await standIn(({ path }) => {
    const nhsNumber = /\/Patient\/(\d{10})$/.exec(path)?.[1] ?? '';
    return {
      ...patientOf(nhsNumber, {
        identifier: [{ system: system.nhsNumber, value: nhsNumber }],
        name: [{ use: 'official', family: 'Ashby', given: ['Ada'] }],
      }),
      generalPractitioner: [{ identifier: { system: system.odsOrganisation, value: 'M83001' } }],
      meta: { security: [{ system: system.confidentiality, code: 'U' }] },
    };
  });
  const sources = {
    acute: await openSource('acute', holdings.acute),
    community: await openSource('community', holdings.community),
  };
  const keys = await generateKeyPair('ES256');
  const { roles } = (await read('roles.json')) as { readonly roles: readonly { readonly code: string }[] };
  const { clients } = (await read('clients.json')) as { readonly clients: readonly object[] };
  await write('clients.json', {
    clients: [
      ...clients,
      {
        clientId: officers.clientId,
        name: 'Console',
        redirectUris: [officers.callback],
        launchUri: '/console/launch',
        scope: officers.scope,
        clientAuth: 'none',
        owner: 'Records team',
        purpose: 'Objections and audit',
      },
    ],
  });
  await write('hosts.json', {
    hosts: [
      {
        id: 'epr',
        name: 'Test EPR',
        organisation: 'RJE',
        door: 'signed-context',
        roles: roles.map((role) => role.code),
        selfDeclared: 'allowed',
        launchesPerMinute: 1_000_000,
        issuer,
        jwks: { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] },
      },
    ],
  });
  await write('sources.json', {
    sources: [
      { id: 'pds', name: 'Demographics', ods: 'X26', label: 'PDS', kind: 'pds', baseUrl: pds.url },
      ...sourceIds.map((id) => ({
        id,
        name: `Source ${id}`,
        ods: 'RZ1',
        label: id.toUpperCase().slice(0, 8),
        kind: 'fhir-r4',
        setting: 'acute',
        baseUrl: sources[id].url,
        deadlineMs: 60_000,
        apps: 'all',
      })),
    ],
  });
  const region = (await read('region.json')) as object;
  await write('region.json', { ...region, gatherDeadlineMs: 60_000 });
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const base = `http://localhost:${port}`;
  const { NODE_OPTIONS: _options, DATABASE_URL: _database, ...inherited } = process.env;
  const child: ChildProcess = spawn(process.execPath, [join(root, 'server', 'main.ts')], {
    cwd: root,
    env: {
      ...inherited,
      PORT: String(port),
      BASE_URL: base,
      SMART_CONFIG: configDir,
      DATA_DIR: dataDir,
      LOG_LEVEL: 'trace',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  const log = (): string => lines.join('');
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${log().slice(-2000)}`);
    const ready = await fetch(`${origin}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) break;
    await new Promise((done) => setTimeout(done, 50));
  }
  const { idKey } = await loadSecrets(join(dataDir, 'secrets'), { mayMake: false, made: () => undefined });

  let person = '';
  const sign = (more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      iss: issuer,
      aud: base,
      iat: now,
      exp: now + 120,
      jti: randomUUID(),
      name: 'Dr Peter OKAFOR',
      organisation: 'RJE',
      patient: { nhsNumber: person, birthDate },
      ...more,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(keys.privateKey);
  };
  const config = await loadConfig(configDir);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return {
    config,
    fhir: `${origin}/fhir`,
    origin,
    ids: createFacadeIds(idKey),
    baseOf: (id) => sources[id].url,
    hold: (nhsNumber, things) => {
      person = nhsNumber;
      for (const id of sourceIds) Object.assign(holdings[id], { nhsNumber, things: things[id] });
    },
    launch: async (role) => {
      const [body] = config.roles.find((one) => one.code === role)?.registration ?? [];
      const number = lookup(registrations, body);
      const claims = {
        sub: `user-${role}`,
        role,
        ...(body === undefined || number === undefined ? {} : { registration: { body, number } }),
        ...(governing.has(role) ? { patient: undefined, client: officers.clientId } : {}),
      };
      const app: App = { ...(governing.has(role) ? officers : viewer), claims };
      const at = { origin };
      const { json } = await clientOf({ base, sign }, app).session(at, at, at);
      const token = json['access_token'];
      if (typeof token !== 'string') throw new Error(`${role} could not launch: ${JSON.stringify(json)}`);
      return { role, token, person: typeof json['patient'] === 'string' ? json['patient'] : undefined };
    },
    exclude: async (change) => {
      const exclusions = (await read('exclusions.json')) as { categories: Record<string, unknown>[] };
      change(exclusions);
      const before = lines.length;
      await write('exclusions.json', exclusions);
      child.kill('SIGHUP');
      while (!lines.slice(before).some((line) => line.includes('took a changed configuration into use')))
        await new Promise((done) => setTimeout(done, 50));
    },
    log,
    dataDir,
    stop,
    close: async () => {
      await stop();
      await Promise.all([pds.close(), ...sourceIds.map((id) => sources[id].close())]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
