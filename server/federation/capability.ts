import { objects, text } from '../../src/fhir/json.ts';
import { isResource } from '../../src/fhir/resource.ts';
import type { Http } from './http.ts';
import { baseOf } from './resolver.ts';
import { SourceError } from './source-error.ts';

/** What of a source's CapabilityStatement decides how it is asked. */
export type Capability = {
  readonly everything: boolean;
  /** The types that it can be searched for by person, each with the parameter that takes the person. */
  readonly searches: readonly { readonly type: string; readonly parameter: string }[];
  /** The types that it lets read by id. */
  readonly reads: ReadonlySet<string>;
  /** The types that it can be searched for by `_id`. */
  readonly searchesById: ReadonlySet<string>;
};

/** Parameters that take the person, the surest first. */
const personParameters = ['patient', 'subject', 'beneficiary', 'individual', 'actor'] as const;

/** Not asked for: who looked at what at the source, and what was sent to whom, is the source's own. */
const notAsked: ReadonlySet<string> = new Set(['Patient', 'AuditEvent', 'Person', 'Group', 'Subscription', 'Schedule']);

/** Reads a CapabilityStatement. @throws {SourceError} `not-fhir` where it is none, or of another FHIR version than R4 */
export function readCapability(statement: unknown): Capability {
  if (!isResource(statement) || statement.resourceType !== 'CapabilityStatement')
    throw new SourceError('not-fhir', 'no CapabilityStatement');
  if (!/^4\.[03]\b/.test(text(statement['fhirVersion']) ?? '')) throw new SourceError('not-fhir', 'not FHIR R4');
  const rest = objects(statement['rest']).filter((one) => (text(one['mode']) ?? 'server') === 'server');
  const resources = rest.flatMap((one) => objects(one['resource']));
  const everything = resources
    .filter((one) => text(one['type']) === 'Patient')
    .flatMap((one) => objects(one['operation']))
    .some(
      (one) =>
        text(one['name'])?.replace(/^\$/, '') === 'everything' ||
        /OperationDefinition\/Patient-everything/.test(text(one['definition']) ?? ''),
    );
  const can = (one: (typeof resources)[number], interaction: string): boolean =>
    objects(one['interaction']).some((listed) => text(listed['code']) === interaction);
  const searches = resources.flatMap((one) => {
    const type = text(one['type']);
    if (type === undefined || notAsked.has(type) || !can(one, 'search-type')) return [];
    const listed = new Set(objects(one['searchParam']).map((parameter) => text(parameter['name'])));
    const parameter = personParameters.find((name) => listed.has(name));
    return parameter === undefined ? [] : [{ type, parameter }];
  });
  const typesOf = (some: typeof resources): ReadonlySet<string> =>
    new Set(some.map((one) => text(one['type'])).filter((one) => one !== undefined));
  const hasId = (one: (typeof resources)[number]): boolean =>
    objects(one['searchParam']).some((parameter) => text(parameter['name']) === '_id');
  return {
    everything,
    searches,
    reads: typesOf(resources.filter((one) => can(one, 'read'))),
    searchesById: typesOf(resources.filter((one) => can(one, 'search-type') && hasId(one))),
  };
}

export type Capabilities = {
  /** @throws {SourceError} where it cannot be read */
  readonly of: (http: Http, baseUrl: string, signal: AbortSignal) => Promise<Capability>;
  readonly forget: (baseUrl: string) => void;
};

/** Reads each source's CapabilityStatement once and keeps it for `keepMs`; a failure is not kept. */
export function createCapabilities(keepMs: number): Capabilities {
  const kept = new Map<string, { readonly capability: Capability; readonly until: number }>();
  return {
    of: async (http, baseUrl, signal) => {
      const known = kept.get(baseUrl);
      if (known !== undefined && known.until > Date.now()) return known.capability;
      const answer = await http.request({
        address: baseUrl,
        method: 'GET',
        url: `${baseOf(baseUrl)}/metadata`,
        signal,
      });
      if (answer.status >= 400) throw new SourceError('status', `metadata: status ${answer.status}`, answer);
      const capability = readCapability(answer.body);
      kept.set(baseUrl, { capability, until: Date.now() + keepMs });
      return capability;
    },
    forget: (baseUrl) => void kept.delete(baseUrl),
  };
}
