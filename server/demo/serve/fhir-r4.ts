import { isObject, object } from '../../../src/fhir/json.ts';
import { idOf, type Resource } from '../../../src/fhir/resource.ts';
import { parseReference } from '../../../src/fhir/reference.ts';
import { system as fhirSystem } from '../../../src/fhir/systems.ts';
import type { SystemRecord } from '../chart/chart.ts';
import { bytesOf, mediaTypeOf } from '../letter.ts';
import type { R4System } from '../systems.ts';
import { capabilityOf, personTypes } from './capability.ts';
import { operationOutcome, type Asked, type Reply } from './reply.ts';

/** The records that an R4 system holds, made when first asked for. */
export type R4Records = {
  readonly byNhsNumber: (nhsNumber: string) => SystemRecord | undefined;
  readonly byPatientId: (patientId: string) => SystemRecord | undefined;
  /** The record that holds a resource or a letter. */
  readonly holding: (type: string, id: string) => SystemRecord | undefined;
};

const failed = (status: number, issue: string, words: string): Reply => ({
  status,
  body: operationOutcome(
    'error',
    issue,
    { system: fhirSystem.spineError.replace('STU3', 'R4'), code: 'NO_RECORD_FOUND' },
    words,
  ),
});

/** Rewrites references as the system's style has them. */
function styled(system: R4System, base: string, resource: Resource): Resource {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([member, inner]) => {
        if (member === 'url' && typeof inner === 'string' && inner.startsWith('Binary/'))
          return [member, `${base}/${inner}`];
        if (member !== 'reference' || typeof inner !== 'string') return [member, walk(inner)];
        const absolute = system.style.references === 'absolute' && parseReference(inner)?.kind === 'local';
        return [member, absolute ? `${base}/${inner}` : inner];
      }),
    );
  };
  return walk(resource) as Resource;
}

function refersTo(resource: Resource): readonly string[] {
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (isObject(value))
      for (const [member, inner] of Object.entries(value))
        if (member === 'reference' && typeof inner === 'string') found.push(inner);
        else walk(inner);
  };
  walk(resource);
  return found;
}

/** One UK Core R4 server. `clock`: milliseconds since 1970, for how fresh its data is. */
export function r4Server(system: R4System, records: R4Records, clock: () => number): (asked: Asked) => Promise<Reply> {
  // Live systems keep up while the demo runs; the others stay behind by as much as they always do.
  const dataAsOf = (): string => new Date(clock() - system.dataAgeHours * 3_600_000).toISOString();

  const bundle = (
    asked: Asked,
    matches: readonly Resource[],
    included: readonly Resource[],
    nhsNumber?: string,
  ): Reply => {
    const size = Math.min(Number(asked.query.get('_count') ?? system.style.pageSize) || system.style.pageSize, 5000);
    const offset = Number(asked.query.get('_offset') ?? 0) || 0;
    const page = matches.slice(offset, offset + size);
    const link = (relation: string, at: number): unknown => {
      const query = new URLSearchParams(asked.query);
      query.delete('_offset');
      if (at > 0) query.set('_offset', String(at));
      const path = asked.path.filter((part) => part !== '_search').join('/');
      const text = query.toString();
      return { relation, url: `${asked.base}/${path}${text === '' ? '' : `?${text}`}` };
    };
    const entry = (mode: 'match' | 'include') => (resource: Resource) => ({
      fullUrl: `${asked.base}/${resource.resourceType}/${idOf(resource) ?? ''}`,
      resource: styled(system, asked.base, resource),
      search: { mode },
    });
    const last = offset + size >= matches.length;
    return {
      status: 200,
      ...(nhsNumber === undefined ? {} : { nhsNumber }),
      body: {
        resourceType: 'Bundle',
        meta: { lastUpdated: dataAsOf() },
        type: 'searchset',
        total: matches.length,
        link: [link('self', offset), ...(last ? [] : [link('next', offset + size)])],
        entry: [...page.map(entry('match')), ...(last ? included.map(entry('include')) : [])],
      },
    };
  };

  const patientSearch = (asked: Asked): Reply => {
    const identifier = asked.query.get('identifier') ?? '';
    const [identifierSystem, value] = identifier.includes('|')
      ? identifier.split('|')
      : [fhirSystem.nhsNumber, identifier];
    const record =
      identifierSystem === fhirSystem.nhsNumber && value !== undefined ? records.byNhsNumber(value) : undefined;
    const own = record?.resources.filter((one) => one.resourceType === 'Patient') ?? [];
    return bundle(asked, own, [], value);
  };

  const typeSearch = (asked: Asked, type: string): Reply => {
    const target = asked.query.get('patient') ?? asked.query.get('subject') ?? asked.query.get('actor') ?? '';
    const record = records.byPatientId(target.split('/').at(-1) ?? '');
    if (record === undefined) return bundle(asked, [], []);
    const matches = record.resources.filter((one) => one.resourceType === type);
    const wanted = asked.query.has('_include');
    const refs = new Set(wanted ? matches.flatMap(refersTo) : []);
    const included = record.resources.filter(
      (one) =>
        !personTypes.has(one.resourceType) &&
        one.resourceType !== 'Patient' &&
        refs.has(`${one.resourceType}/${idOf(one) ?? ''}`),
    );
    return bundle(asked, matches, included, record.person.nhsNumber);
  };

  const binary = async (asked: Asked, id: string): Promise<Reply> => {
    const record = records.holding('Binary', id);
    const letter = record?.letters.get(id);
    if (record === undefined || letter === undefined) return failed(404, 'not-found', 'No such document');
    const bytes = await bytesOf(letter);
    const type = mediaTypeOf(letter);
    const { nhsNumber } = record.person;
    return (asked.headers['accept'] ?? '').includes('fhir+json')
      ? {
          status: 200,
          nhsNumber,
          body: { resourceType: 'Binary', id, contentType: type, data: bytes.toString('base64') },
        }
      : { status: 200, nhsNumber, body: { type, bytes } };
  };

  return async (asked) => {
    const [type = '', id, operation] = asked.path;
    const get = asked.method === 'GET';
    if (type === 'metadata' && get) return { status: 200, body: capabilityOf(system) };
    if (type === 'Patient' && ((get && id === undefined) || (asked.method === 'POST' && id === '_search')))
      return patientSearch(asked);
    if (personTypes.has(type) && ((get && id === undefined) || (asked.method === 'POST' && id === '_search'))) {
      return system.style.asked === 'search'
        ? typeSearch(asked, type)
        : failed(404, 'not-supported', `${type} cannot be searched here: Patient/$everything`);
    }
    if (!get || id === undefined)
      return failed(asked.method === 'GET' || asked.method === 'POST' ? 404 : 405, 'not-supported', 'Not supported');
    if (type === 'Patient' && operation === '$everything' && system.style.asked === 'everything') {
      const record = records.byPatientId(id);
      if (record === undefined) return failed(404, 'not-found', 'No such person');
      return bundle(asked, record.resources, [], record.person.nhsNumber);
    }
    if (operation !== undefined) return failed(404, 'not-supported', 'No such operation');
    if (type === 'Binary') return binary(asked, id);
    const record = type === 'Patient' ? records.byPatientId(id) : records.holding(type, id);
    const resource = record?.resources.find((one) => one.resourceType === type && idOf(one) === id);
    if (record === undefined || object(resource) === undefined || resource === undefined)
      return failed(404, 'not-found', 'No such resource');
    const ofPerson = type === 'Patient' || personTypes.has(type) ? { nhsNumber: record.person.nhsNumber } : {};
    return { status: 200, ...ofPerson, body: styled(system, asked.base, resource) };
  };
}
