import { isObject, text, texts } from '../../fhir/json.ts';
import type { RegionView } from '../../fhir/region.ts';

/** One person's record as the server's one door out lets it go to one user. */
export type ReleasedRecord = {
  readonly patientId: string;
  readonly userName: string;
  readonly role: { readonly code: string; readonly title: string };
  readonly scopes: readonly string[];
  /** Lines of NDJSON as they were flushed; undefined where the record is refused. */
  readonly batches: readonly (readonly string[])[] | undefined;
  /** What can be opened of it, by the id of its Binary: its type, and its bytes in base64. */
  readonly documents: ReadonlyMap<string, { readonly contentType: string; readonly data: string }>;
};

/** The records of the demo's people, as `server/demo/release-records.ts` prints them. */
export type Released = {
  /** The moment at which they were asked for, ms since 1970. */
  readonly at: number;
  readonly region: RegionView;
  /** @throws where there is no such record: a fault in the list of states */
  readonly record: (person: string, role: string) => ReleasedRecord;
  /** `smith R8000`: each person and role that there is. */
  readonly names: readonly string[];
};

function documentsOf(value: unknown): ReleasedRecord['documents'] {
  const documents = Object.entries(isObject(value) ? value : {}).map(([id, one]) => {
    const document = isObject(one) ? one : {};
    return [id, { contentType: text(document['contentType']) ?? '', data: text(document['data']) ?? '' }] as const;
  });
  return new Map(documents);
}

function recordOf(name: string, value: unknown): ReleasedRecord {
  const role = isObject(value) ? value['role'] : undefined;
  const patientId = isObject(value) ? text(value['patientId']) : undefined;
  if (!isObject(value) || !isObject(role) || patientId === undefined) throw new Error(`no record of ${name}`);
  const batches: unknown = value['batches'];
  return {
    patientId,
    userName: text(value['userName']) ?? '',
    role: { code: text(role['code']) ?? '', title: text(role['title']) ?? '' },
    scopes: texts(value['scopes']),
    batches: Array.isArray(batches) ? batches.map((batch: unknown) => texts(batch)) : undefined,
    documents: documentsOf(value['documents']),
  };
}

/** Reads what the demo printed. @throws where it is something else */
export function readReleased(printed: unknown): Released {
  const records = isObject(printed) ? printed['records'] : undefined;
  if (!isObject(printed) || !isObject(records)) throw new Error('these are no records of the demo');
  return {
    at: Number(printed['at']),
    region: printed['region'] as RegionView,
    record: (person, role) => recordOf(`${person} ${role}`, records[`${person} ${role}`]),
    names: Object.keys(records),
  };
}
