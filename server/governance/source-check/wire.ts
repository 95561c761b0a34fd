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

/** What went over the wire to one address. */
export type Wire = {
  readonly steps: readonly Step[];
  /** How many resources of each type came. */
  readonly came: ReadonlyMap<string, number>;
  /** What its CapabilityStatement says; undefined where none was read. */
  readonly capability: { readonly fhirVersion: string; readonly software: string } | undefined;
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

/** The same HTTP, and what it has seen so far. Bodies are looked at and let go. */
export function watched(http: Http): { readonly http: Http; readonly seen: (address: string) => Wire } {
  type Seen = {
    steps: Step[];
    came: Map<string, number>;
    capability: Wire['capability'];
    faults: Map<string, number>;
    ids: Set<string>;
    urls: Set<string>;
  };
  const wires = new Map<string, Seen>();
  const wireOf = (address: string): Seen => {
    const known = wires.get(address);
    if (known !== undefined) return known;
    const made: Seen = {
      steps: [],
      came: new Map(),
      capability: undefined,
      faults: new Map(),
      ids: new Set(),
      urls: new Set(),
    };
    wires.set(address, made);
    return made;
  };

  const look = (wire: Seen, address: string, body: unknown): void => {
    const fault = (words: string): void => void wire.faults.set(words, (wire.faults.get(words) ?? 0) + 1);
    if (!isResource(body)) return fault('an answer that is no resource');
    if (body.resourceType === 'CapabilityStatement') {
      wire.capability = {
        fhirVersion: text(body['fhirVersion']) ?? 'not said',
        software: text(object(body['software'])?.['name']) ?? 'not said',
      };
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
      wire.came.set(resourceType, (wire.came.get(resourceType) ?? 0) + 1);
      const id = text(resource['id']);
      if (resourceType === 'OperationOutcome') fault('a warning of its own (OperationOutcome)');
      else if (id === undefined) fault(`${resourceType} without an id`);
      else if (resourceType !== 'Patient') {
        if (wire.ids.has(`${resourceType}/${id}`)) fault(`${resourceType} that came twice under one id`);
        wire.ids.add(`${resourceType}/${id}`);
      }
    }
    const next = text(objects(body['link']).find((link) => text(link['relation']) === 'next')?.['url']);
    if (next === undefined) return;
    if (!URL.canParse(next, `${address}/`) || !isUnder(address, new URL(next, `${address}/`)))
      fault('a next page that leads to another address: it is not followed');
    else if (wire.urls.has(next)) fault('pages that go in a circle');
    wire.urls.add(next);
  };

  return {
    seen: (address) => wireOf(address),
    http: {
      ...http,
      request: async (request) => {
        const wire = wireOf(request.address);
        const what = named(request.method, request.address, request.url);
        const began = performance.now();
        const step = (ended: string, ok: boolean): void =>
          void wire.steps.push({ what, ms: Math.round(performance.now() - began), ended, ok });
        try {
          const answer = await http.request(request);
          step(String(answer.status), answer.status < 300);
          if (answer.status < 300) look(wire, request.address, answer.body);
          return answer;
        } catch (error) {
          step(faultWords(error), false);
          throw error;
        }
      },
    },
  };
}
