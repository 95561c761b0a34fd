import { createServer, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buffer } from 'node:stream/consumers';
import type { RegionView } from '../../src/fhir/region.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { narrow } from '../auth/scope.ts';
import { loadConfig, viewerOf, type Config } from '../config/config.ts';
import { disclose } from '../disclosure/disclose.ts';
import { createEarly } from '../disclosure/early.ts';
import { createHeld } from '../disclosure/held.ts';
import type { House } from '../disclosure/house.ts';
import { openDocument } from '../disclosure/open.ts';
import { binariesOf } from '../disclosure/released-documents.ts';
import { servedAs } from '../facade/binary-type.ts';
import { linesOf } from '../facade/everything.ts';
import { createTextReader } from '../federation/documents/text-reader.ts';
import { createFacadeIds } from '../federation/facade-id.ts';
import { createFederation } from '../federation/federation.ts';
import { Fault } from '../fault.ts';
import { createLog } from '../log.ts';
import { createDocumentRules } from '../privacy/document-words.ts';
import { createSigns } from '../privacy/signs.ts';
import { createRecordWithholding } from '../privacy/withhold.ts';
import { regionView } from '../region-view.ts';
import { writeDemoConfig } from './config.ts';
import { millbrook } from './hosts/host.ts';
import { personOf, registerObjections, type DemoPerson } from './people.ts';
import { createRegion } from './region.ts';

/** Equal in each run, so that the ids in a record are too. What it makes stands for invented people alone. */
const idKey = Buffer.alloc(32, 'demo');
const megabyte = 1024 * 1024;
/** How many people are asked for at once. */
const atOnce = 4;
/** Longer than any machine needs: what is slow here is no fault of a source. */
const patienceMs = 120_000;

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

async function configAt(demoUrl: string): Promise<Config> {
  const folder = await mkdtemp(join(tmpdir(), 'ohc-released-'));
  try {
    await writeDemoConfig(fileURLToPath(new URL('../../smart-config', import.meta.url)), folder, { demoUrl });
    const config = await loadConfig(folder);
    return {
      ...config,
      region: { ...config.region, gatherDeadlineMs: patienceMs },
      sources: config.sources.map((source) => ({ ...source, deadlineMs: patienceMs })),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A house without a store: it remembers and audits nothing, since nobody looks at these people. */
function houseOf(config: Config, baseUrl: string): { readonly house: House; readonly close: () => Promise<void> } {
  const log = createLog('silent');
  const signs = createSigns(config.categories);
  const texts = createTextReader({ threads: 1, documentMs: patienceMs });
  const federation = createFederation({
    config,
    viewerClientId: viewerOf(config).clientId,
    idKey,
    baseUrl,
    credentials: { keys: [], certificates: { of: () => undefined }, env: {} },
    log,
    documents: {
      rules: createDocumentRules(config.categories),
      verdicts: { of: async () => new Map(), keep: async () => undefined },
      texts,
      readBytes: config.region.documents.readMegabytes * megabyte,
    },
    isExcluded: (system, code) => signs.coding(system, code, false),
  });
  const objected = new Set(
    registerObjections.filter((one) => one.thenWithdrawn !== true).map(({ nhsNumber }) => nhsNumber),
  );
  return {
    house: {
      config,
      federation,
      register: { hides: async (nhsNumber) => objected.has(nhsNumber), watch: () => () => undefined },
      consentState: async (nhsNumber) => ({ objected: objected.has(nhsNumber), lastConsent: undefined }),
      consentAnswers: { remember: async () => undefined },
      beginWithholding: createRecordWithholding(config.categories),
      held: createHeld(),
      early: createEarly(),
      isShared: () => true,
      audit: { record: async () => undefined },
      hostAuthorization: () => Promise.reject(new Error('no host of the demo has a record here')),
      log,
    },
    close: async () => {
      await federation.close();
      await texts.close();
    },
  };
}

const userOf = (role: string): (typeof millbrook.users)[number] => {
  const user = millbrook.users.find((one) => one.role === role);
  if (user === undefined) throw new Error(`nobody at ${millbrook.name} is ${role}`);
  return user;
};

/** A document as the facade sends it: its type, and its bytes in base64. */
export type ReleasedDocument = { readonly contentType: string; readonly data: string };

/** Every document that a record leads to. */
async function documentsOf(
  house: House,
  asked: Parameters<typeof openDocument>[1],
  released: readonly Resource[],
): Promise<Readonly<Record<string, ReleasedDocument>>> {
  const documents: Record<string, ReleasedDocument> = {};
  for (const id of new Set(released.flatMap((one) => [...binariesOf(one)]))) {
    const opening = await openDocument(house, asked, id);
    if (opening.kind === 'nothing') continue;
    const { body, contentType, sniffed } = opening.document;
    documents[id] = {
      contentType: servedAs(contentType, sniffed).type,
      data: (await buffer(body)).toString('base64'),
    };
  }
  return documents;
}

/** A person's record as the facade sends it to one user, or that it is refused. */
export type ReleasedRecord = {
  readonly patientId: string;
  readonly userName: string;
  readonly role: { readonly code: string; readonly title: string };
  readonly scopes: readonly string[];
} & (
  | {
      readonly kind: 'released';
      /** Lines of NDJSON, flushed together: the Patient, then source by source as they came, then how the record ended. */
      readonly batches: readonly (readonly string[])[];
      /** What can be opened of it, by the id of its Binary. */
      readonly documents: Readonly<Record<string, ReleasedDocument>>;
    }
  | { readonly kind: 'refused' }
);

/** Records of the demo's people. */
export type Released = {
  /** The moment at which they were asked for, ms since 1970. */
  readonly at: number;
  readonly region: RegionView;
  /** By person and role: `smith R8000`. */
  readonly records: Readonly<Record<string, ReleasedRecord>>;
};

/** What the facade would send to the viewer of one person, for a user of Millbrook in this role. */
async function recordOf(house: House, person: DemoPerson, role: string): Promise<ReleasedRecord> {
  const { config } = house;
  const user = userOf(role);
  const launch: Parameters<typeof disclose>[1]['session'] = {
    launchId: `${person.key} ${role}`,
    clientId: viewerOf(config).clientId,
    scopes: ['patient/*.rs'],
    context: {
      host: 'demo-millbrook',
      user,
      organisation: { ods: millbrook.organisation, name: millbrook.organisationName },
      role,
      patient: { nhsNumber: person.nhsNumber, birthDate: person.birthDate },
      clientId: viewerOf(config).clientId,
    },
  };
  const configured = config.roles.find((one) => one.code === role);
  const about = {
    patientId: createFacadeIds(idKey).patient(person.nhsNumber),
    role: { code: role, title: configured?.title ?? role },
    userName: user.name,
    scopes: narrow(launch.scopes, configured?.scopes ?? []),
  };
  const signal = new AbortController().signal;
  const asked = { session: launch, signal, requestId: 'demo' };
  const batches: (readonly Resource[])[] = [];
  try {
    for await (const release of disclose(house, { ...asked, what: '$everything' })) batches.push(linesOf(release));
  } catch (error) {
    if (error instanceof Fault && error.code === 'record-refused') return { ...about, kind: 'refused' };
    throw error;
  }
  return {
    ...about,
    kind: 'released',
    batches: batches.map((batch) => batch.map((resource) => JSON.stringify(resource))),
    documents: await documentsOf(house, asked, batches.flat()),
  };
}

/** Whom to release, and for whom: keys of `people.ts`, R-codes of Millbrook's users. */
export type Wanted = { readonly person: string; readonly role: string };

/**
 * The records of the demo's people as the server's one door out lets them go, without a server, a store or a browser: for
 * working on the viewer, and for the pictures of it.
 * @param now the day that the demo's data is relative to
 */
export async function releaseRecords(wanted: readonly Wanted[], now: Date): Promise<Released> {
  const region = createRegion({ now, log: () => undefined });
  const server = createServer((request, response) => {
    if (!region.handle(request, response)) response.writeHead(404).end();
  });
  const demoUrl = await listening(server);
  const config = await configAt(demoUrl);
  const { house, close } = houseOf(config, 'http://localhost');
  try {
    const records: Record<string, ReleasedRecord> = {};
    for (let from = 0; from < wanted.length; from += atOnce)
      await Promise.all(
        wanted.slice(from, from + atOnce).map(async ({ person, role }) => {
          records[`${person} ${role}`] = await recordOf(house, personOf(person), role);
        }),
      );
    return { at: now.getTime(), region: regionView(config), records };
  } finally {
    await close();
    server.close();
    server.closeAllConnections();
  }
}
