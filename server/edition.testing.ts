import { randomBytes, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createAudit } from './audit/audit.ts';
import { watchCertificates } from './config/certificate-watch.ts';
import { loadConfig, type Config } from './config/config.ts';
import { newKey } from './config/key-file.ts';
import { hostSchema, sourceSchema } from './config/schema.ts';
import { createEdition, type Edition, type Lasting } from './edition.ts';
import { createConnections } from './federation/connections.ts';
import { createTextReader } from './federation/documents/text-reader.ts';
import { createFacadeIds } from './federation/facade-id.ts';
import { isShared } from './federation/sharing.ts';
import { capability, patientOf, searchset, standIn } from './federation/stand-in.ts';
import { createHandles } from './launch/handle.ts';
import { createLaunchRate } from './launch/rate.ts';
import { createLog } from './log.ts';
import { openTestStore } from './store/testing.ts';
import { createSuccession, heedObjections } from './succession.ts';
import { clientOf } from './two-servers/client.ts';

const nhsNumber = '9990000018';
const birthDate = '1961-04-17';

/** A source system of one person with one problem. It can be held: then it answers when it is let go, or not at all. */
async function openHospital(id: string) {
  const state = { held: false, dead: false };
  const waiting: (() => void)[] = [];
  const answers = (path: string): unknown => {
    if (path === '/fhir/metadata') return capability();
    if (path === '/fhir/Patient/_search') return searchset([patientOf('p1')]);
    const coding = [
      { system: 'http://snomed.info/sct', code: '195967001' },
      { system: 'https://hospital.example/codes', code: 'ASTHMA' },
    ];
    const code = { coding, text: `Asthma of ${id}` };
    return searchset([
      patientOf('p1'),
      { resourceType: 'Condition', id: 'c1', code, subject: { reference: 'Patient/p1' } },
    ]);
  };
  const server = await standIn(({ path }, response: ServerResponse) => {
    if (state.dead) return [500, {}];
    if (!state.held) return answers(path);
    waiting.push(() => {
      response.writeHead(200, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(answers(path)));
    });
    return undefined;
  });
  return {
    ...server,
    state,
    letGo: (): void => {
      state.held = false;
      for (const one of waiting.splice(0)) one();
    },
  };
}

/** A whole server in this process whose configuration a test may change while it runs, and the systems that it asks. */
export async function openServer() {
  const store = await openTestStore();
  const { db } = store;
  const [a, b] = await Promise.all([openHospital('a'), openHospital('b')]);
  const pds = await standIn(() => ({
    ...patientOf(nhsNumber, { name: [{ use: 'official', family: 'Ashby', given: ['Ada'] }] }),
    meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'U' }] },
  }));
  const hostKeys = await generateKeyPair('ES256');
  const shipped = await loadConfig('smart-config');
  const host = hostSchema.parse({
    id: 'epr',
    name: 'Test EPR',
    organisation: 'RJE',
    door: 'signed-context',
    roles: shipped.roles.map((role) => role.code),
    origins: ['https://epr.example'],
    selfDeclared: 'allowed',
    launchesPerMinute: 1_000_000,
    issuer: 'https://epr.example',
    jwks: { keys: [{ ...(await exportJWK(hostKeys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] },
  });
  const source = (id: string, baseUrl: string, more: object): Config['sources'][number] =>
    sourceSchema.parse({ id, name: `Hospital ${id}`, ods: 'RZ1', label: id, baseUrl, deadlineMs: 20_000, ...more });
  const config: Config = {
    ...shipped,
    hosts: [host],
    sources: [
      source('pds', pds.url, { kind: 'pds' }),
      source('a', a.url, { kind: 'fhir-r4', setting: 'acute' }),
      source('b', b.url, { kind: 'fhir-r4', setting: 'acute' }),
    ],
  };

  let came = 0;
  const server = createServer((request, response) => {
    came += 1;
    editions.handle(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const log = createLog('silent');
  const idKey = randomBytes(32);
  const audit = createAudit({ db, idKey, site: base });
  const connections = createConnections();
  const texts = createTextReader();
  const rate = createLaunchRate({ db, idKey, audit, log });
  const lasting: Lasting = {
    baseUrl: base,
    dataDir: tmpdir(),
    db,
    secrets: { cookieKeys: [randomBytes(32).toString('base64url')], idKey, registerKey: randomBytes(32) },
    ids: createFacadeIds(idKey),
    audit,
    handles: createHandles({ db, idKey }),
    rate,
    connections,
    texts,
    objections: await heedObjections({ editions: () => editions, notices: store.notices, log }),
    closing: new AbortController().signal,
    isShared: (answer) => isShared(editions.current().ground.config, answer),
    ready: store.ping,
    warnings: () => [],
    metricsToken: undefined,
    log,
  };
  const keys = { signingKeys: [await newKey('RS256')], launchKeys: [] };
  const certificates = await watchCertificates([], { folder: '', log });
  let left: readonly Edition[] = [];
  const editions = createSuccession(createEdition({ config, keys, certificates }, lasting), (inUse) => {
    left = inUse;
    connections.retain(inUse.map(({ ground }) => ground.config));
  });
  const origin = { origin: base };
  const client = clientOf({
    base,
    sign: (more = {}) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({
        iss: host.door === 'signed-context' ? host.issuer : '',
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
        .sign(hostKeys.privateKey);
    },
  });

  return {
    base,
    config,
    client,
    a,
    b,
    /** How many requests have come so far. */
    came: () => came,
    /** The editions that are left. */
    left: () => left,
    current: editions.current,
    /** Takes another configuration into use, as the server does when its files have changed. */
    change: (more: Partial<Config>): Edition => {
      const next = createEdition(
        { config: { ...editions.current().ground.config, ...more }, keys, certificates },
        lasting,
      );
      editions.succeed(next);
      return next;
    },
    /** A launch: what may be asked with its token. */
    launch: async () => {
      const session = await client.session(origin, origin, origin);
      const headers = { authorization: `Bearer ${String(session.json['access_token'])}` };
      const fhir = (path: string, more: Record<string, string> = {}): Promise<Response> =>
        fetch(`${base}/fhir/${path}`, { headers: { ...headers, ...more } });
      return { fhir, patient: String(session.json['patient']) };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await lasting.objections.close();
      await rate.close();
      await editions.close();
      await texts.close();
      await connections.close();
      await Promise.all([a.close(), b.close(), pds.close()]);
      await store.close();
    },
  };
}
