import { createFederation } from '../federation/federation.ts';
import type { Adapter, Asked } from '../federation/adapter.ts';
import { contentsOf } from '../federation/entry.ts';
import { createFacadeIds } from '../federation/facade-id.ts';
import { createTextReader } from '../federation/documents/text-reader.ts';
import { originOf } from '../federation/adapter.ts';
import { noCredentials, patientOf, sourceOf, verdictsInMemory } from '../federation/stand-in.ts';
import { found, house, practice, session } from '../disclosure/house.testing.ts';
import { openFacade, person, type Answer } from '../facade/facade.testing.ts';
import { createLog } from '../log.ts';
import { createDocumentRules } from '../privacy/document-words.ts';
import { createRecordWithholding } from '../privacy/withhold.ts';
import type { Config } from '../config/config.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { isObject, objects } from '../../src/fhir/json.ts';
import { isResource } from '../../src/fhir/resource.ts';
import { patientId, type Case } from './case.ts';
import { markersIn } from './decoding.ts';
import { judged, type FacadeId, type Finding } from './judgement.ts';
import { caseOfMarker } from './marker.ts';

/** The source of the bed. */
export const sourceId = 'acute';
const idKey = Buffer.alloc(32, 7);

/** The base URL that the cases' source stands at here; nobody is asked there. */
export const bedBase = 'http://acute.example/fhir';

/** A facade of the real house: the sources' answers are handed to it, all else is as the server does it. */
export type FacadeBed = {
  readonly ids: FacadeId;
  /** What the source holds from here on. */
  readonly hold: (entries: readonly { readonly resource: Resource; readonly fullUrl?: string | undefined }[]) => void;
  /** Asks with the token of one of two launches, `good` or `other`. */
  readonly ask: (path: string, init?: Parameters<Awaited<ReturnType<typeof openFacade>>['ask']>[1]) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

/** @param categories what is never shown, as the filter is to have it */
export async function openFacadeBed(categories: Config['categories'], roles: Config['roles']): Promise<FacadeBed> {
  let bundle: object = { resourceType: 'Bundle' };
  const source = sourceOf({ id: sourceId, baseUrl: bedBase, deadlineMs: 60_000 });
  const answering: Adapter = {
    addressOf: () => undefined,
    ask: async (): Promise<Asked> => ({
      kind: 'record',
      entries: contentsOf(bundle)?.entries ?? [],
      base: bedBase,
      scope: sourceId,
      origin: originOf(source),
      reasons: [],
    }),
  };
  const silent: Adapter = { addressOf: () => undefined, ask: async () => ({ kind: 'nothing', status: 'no-record' }) };
  // The practice said yes a moment ago, so that nobody has to wait for it.
  const made = house({ last: { answer: 'yes', practice, answeredAt: new Date() }, categories, roles });
  const sources = [source, sourceOf({ id: 'pds', kind: 'pds' })];
  const region = { ...made.config.region, gatherDeadlineMs: 60_000 };
  const texts = createTextReader();
  const federation = createFederation({
    config: { sources, region, mappings: new Map() },
    isExcluded: () => false,
    viewerClientId: 'viewer',
    idKey,
    baseUrl: 'http://localhost:9',
    credentials: noCredentials,
    log: createLog('silent'),
    documents: {
      rules: createDocumentRules(categories),
      verdicts: { ...verdictsInMemory(), keep: async () => undefined },
      texts,
      readBytes: 5 * 1024 * 1024,
    },
    kinds: { 'fhir-r4': answering, 'gp-connect': silent, pds: silent },
  });
  const facade = await openFacade(
    {
      ...made,
      config: { ...made.config, region, sources },
      federation: { ...federation, demographics: async () => found },
      beginWithholding: createRecordWithholding(categories),
    },
    { good: session, other: { ...session, launchId: 'launch-2' } },
  );
  const patient = patientOf(patientId);
  const ids = createFacadeIds(idKey);
  return {
    ids: (type, localId) => ids.of(sourceId, type, localId),
    hold: (entries) => {
      bundle = { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: patient }, ...entries] };
    },
    ask: facade.ask,
    close: async () => {
      await facade.close();
      await federation.close();
    },
  };
}

/** What a Bundle brought: the record's resources by `Type/id`. */
export function releasedIn(body: unknown): ReadonlyMap<string, Resource> {
  const entries = isObject(body) ? objects(body['entry']) : [];
  return new Map(
    entries
      .map((entry) => entry['resource'])
      .filter(isResource)
      .filter((one) => one.resourceType !== 'Patient' && one.resourceType !== 'OperationOutcome')
      .map((one) => [`${one.resourceType}/${String(one['id'])}`, one]),
  );
}

/** Findings for the markers that stand in bytes. */
export function leaksIn(
  bytes: Buffer,
  where: string,
  caseAt: (index: number) => Case | undefined,
  depth?: number,
): readonly Finding[] {
  return [...markersIn(bytes, depth)].map((marker) => {
    const index = caseOfMarker(marker);
    const { category = '?', channel = '?' } = caseAt(index) ?? {};
    return { kind: 'leak', index, isTwin: false, category, channel, what: `${marker} in ${where}` };
  });
}

/** Sends cases through the bed as one person's record, and judges what comes. */
export async function tryCases(bed: FacadeBed, cases: readonly Case[]): Promise<readonly Finding[]> {
  bed.hold(cases.flatMap((one) => one.things));
  const answer = await bed.ask(`Patient/${person}/$everything`);
  if (answer.status !== 200) throw new Error(`$everything answered ${answer.status}: ${answer.text.slice(0, 300)}`);
  const byIndex = new Map(cases.filter((one) => !one.isTwin).map((one) => [one.index, one]));
  return [
    ...leaksIn(Buffer.from(answer.text), '$everything', (index) => byIndex.get(index)),
    ...judged(cases, releasedIn(answer.body), bed.ids, `Patient/${person}`),
  ];
}
