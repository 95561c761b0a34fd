import { object, objects, text } from '../../../src/fhir/json.ts';
import { isResource } from '../../../src/fhir/resource.ts';
import type { Http } from '../../federation/http.ts';
import { isUnder } from '../../federation/paging.ts';
import { SourceError } from '../../federation/source-error.ts';

/** One request and how it ended: nothing of a person in it. */
export type Step = {
  /** `POST Patient/_search`, `GET Patient/{id}/$everything`, `GET metadata`. */
  readonly what: string;
  readonly ms: number;
  /** `200`, or what went wrong. */
  readonly ended: string;
  readonly ok: boolean;
};

/** What went over the wire. */
export type Wire = {
  readonly steps: readonly Step[];
  /** How many resources of each type came. */
  readonly came: ReadonlyMap<string, number>;
  /** What its CapabilityStatement says; undefined where none was read. */
  readonly fhirVersion: string | undefined;
  /** How many of each fault were found in what came, in words. */
  readonly faults: ReadonlyMap<string, number>;
};

/** What a path asks for, ids and numbers left out: they are a person's. */
function named(method: string, base: string, url: string): string {
  const root = new URL(base).pathname.replace(/\/$/, '');
  const path = new URL(url).pathname;
  const below = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : '{elsewhere}';
  const parts = below
    .split('/')
    .map((part) => (/^([A-Z][A-Za-z]{2,40}|[$_][A-Za-z.]{2,40}|metadata)$/.test(part) ? part : '{id}'));
  return `${method} ${parts.join('/')}`;
}

/** Faults of the connection in words, by the code that the platform has for them. */
const connectionWords: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'nothing listens at this address'],
  [/ENOTFOUND|EAI_AGAIN/, 'the name of this address is not known'],
  [/CERT_HAS_EXPIRED/, 'TLS: its certificate has expired'],
  [/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/, 'TLS: its certificate is not signed by an authority that is trusted here'],
  [/ALTNAME_INVALID/, 'TLS: its certificate is for another name'],
  [/ERR_SSL|EPROTO|WRONG_VERSION/, 'TLS: no agreement on how to encrypt'],
  [/ECONNRESET|EPIPE|UND_ERR_SOCKET/, 'the connection broke'],
];

/** What went wrong, in words. The detail of a SourceError holds nothing of the source's own text. */
export function faultWords(error: unknown): string {
  if (!(error instanceof SourceError)) return 'an answer that broke its reading';
  const known = connectionWords.find(([code]) => code.test(error.message))?.[1];
  return known ?? error.message;
}

/**
 * The same HTTP, and what it has seen since that was asked last. Bodies are looked at and let go.
 * @param beside addresses that are not looked at
 */
export function watched(http: Http, beside: ReadonlySet<string>): { readonly http: Http; readonly seen: () => Wire } {
  let steps: Step[] = [];
  let came = new Map<string, number>();
  let fhirVersion: string | undefined;
  let faults = new Map<string, number>();
  const ids = new Set<string>();
  const pages = new Set<string>();

  const look = (address: string, body: unknown): void => {
    const fault = (words: string): void => void faults.set(words, (faults.get(words) ?? 0) + 1);
    // What is no resource is no fault in itself: a token endpoint and a kind of its own answer otherwise.
    if (!isResource(body)) return;
    if (body.resourceType === 'CapabilityStatement') {
      fhirVersion = text(body['fhirVersion']) ?? 'not said';
      return;
    }
    if (body.resourceType !== 'Bundle') return;
    const entries: readonly unknown[] = Array.isArray(body['entry']) ? body['entry'] : [];
    for (const entry of entries) {
      const resource = object(entry)?.['resource'];
      if (!isResource(resource)) {
        fault('an entry without a resource');
        continue;
      }
      const { resourceType } = resource;
      came.set(resourceType, (came.get(resourceType) ?? 0) + 1);
      const id = text(resource['id']);
      if (resourceType === 'OperationOutcome') fault('a warning of its own (OperationOutcome)');
      else if (id === undefined) fault(`${resourceType} without an id`);
      else if (resourceType !== 'Patient') {
        if (ids.has(`${resourceType}/${id}`)) fault(`${resourceType} that came twice under one id`);
        ids.add(`${resourceType}/${id}`);
      }
    }
    const next = text(objects(body['link']).find((link) => text(link['relation']) === 'next')?.['url']);
    if (next === undefined) return;
    if (!URL.canParse(next, `${address}/`) || !isUnder(address, new URL(next, `${address}/`)))
      fault('a next page that leads to another address: it is not followed');
    else if (pages.has(next)) fault('pages that go in a circle');
    pages.add(next);
  };

  return {
    seen: () => {
      const wire = { steps, came, fhirVersion, faults };
      steps = [];
      came = new Map();
      fhirVersion = undefined;
      faults = new Map();
      ids.clear();
      pages.clear();
      return wire;
    },
    http: {
      ...http,
      request: async (request) => {
        if (beside.has(request.address)) return http.request(request);
        const what = named(request.method, request.address, request.url);
        const began = performance.now();
        const step = (ended: string, ok: boolean): void =>
          void steps.push({ what, ms: Math.round(performance.now() - began), ended, ok });
        try {
          const answer = await http.request(request);
          step(String(answer.status), answer.status < 300);
          if (answer.status < 300) look(request.address, answer.body);
          return answer;
        } catch (error) {
          step(faultWords(error), false);
          throw error;
        }
      },
    },
  };
}
