import { includesOf, parametersOf, servedTypes, sortsOf, type SearchParameter } from '../facade/search/parameter.ts';

/** One request to the facade; `path` is below its base. */
export type Question = {
  readonly method: 'GET' | 'POST' | 'HEAD' | 'OPTIONS' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** What is asked after: things that must answer as if they had never been, and such as everybody may see. */
export type AskedAfter = {
  /** The facade's id of the person. */
  readonly person: string;
  /** The facade's `Type/id` of what is withheld. */
  readonly gone: readonly string[];
  readonly shown: readonly string[];
  /** Codes, as `system|code` or alone, of what is withheld. */
  readonly codes: readonly string[];
  /** The ids of the sources. */
  readonly sources: readonly string[];
};

const get = (path: string, headers?: Question['headers']): Question => ({
  method: 'GET',
  path,
  ...(headers === undefined ? {} : { headers }),
});
const form = { 'content-type': 'application/x-www-form-urlencoded' } as const;
const json = { 'content-type': 'application/fhir+json' } as const;
const post = (path: string, body: unknown): Question => ({
  method: 'POST',
  path,
  headers: json,
  body: JSON.stringify(body),
});
const parameters = (named: Readonly<Record<string, unknown>>): object => ({
  resourceType: 'Parameters',
  parameter: Object.entries(named).map(([name, value]) => ({ name, valueString: value })),
});

/** The content codings in which an answer may come, and none. */
export const codings = ['identity', 'gzip', 'deflate', 'br', 'zstd', 'gzip, br, zstd'] as const;

/** The whole record, in every format and with every parameter. */
export function recordQuestions({ person, sources }: AskedAfter): readonly Question[] {
  const path = `Patient/${person}/$everything`;
  const accepts = ['application/fhir+json', 'application/fhir+ndjson'] as const;
  return [
    ...accepts.flatMap((accept) => codings.map((coding) => get(path, { accept, 'accept-encoding': coding }))),
    get(`${path}?_format=ndjson`),
    ...servedTypes.filter((type) => type !== 'Patient').map((type) => get(`${path}?_type=${type}`)),
    get(`${path}?_type=${servedTypes.join(',')}`),
    ...['2020-01-01', '2026-10-02T09:00:00Z', '2030-01-01'].map((since) => get(`${path}?_since=${since}`)),
    get(`${path}?start=2026-10-01&end=2026-10-31`),
    get(`${path}?_count=7`),
    get(`${path}?_count=0`),
    ...sources.map((source) => get(`${path}?_source=${source}`)),
    post(path, parameters({})),
    post(path, parameters({ _type: 'Condition,Encounter', _count: '3' })),
    get(`Patient/${person}/$summary`),
    post(`Patient/${person}/$summary`, parameters({})),
    get(`Patient/${person}`),
    get(`Patient?_id=${person}`),
  ];
}

/** What a parameter is asked with: what is withheld has it, and what nobody has. */
function valuesOf({ kind, name }: SearchParameter, { person, gone, codes }: AskedAfter): readonly string[] {
  switch (kind) {
    case 'token':
      return [...codes, name === 'status' ? 'completed,final,active' : 'no-such-code'];
    case 'date':
      return ['2026', 'ge2020-01-01', 'lt2020-01-01'];
    case 'id':
      return gone.map((one) => one.slice(one.indexOf('/') + 1));
    case 'person':
      return [person, `Patient/${person}`, 'another'];
    case 'reference':
      return gone;
  }
}

/** Every search parameter of these types, by GET and by POST, sorted, with what it includes, and by pages. */
export function searchQuestions(after: AskedAfter, types: readonly string[] = servedTypes): readonly Question[] {
  return types.flatMap((type) => [
    get(type),
    { method: 'POST', path: `${type}/_search`, headers: form, body: '' },
    get(`${type}?_count=1`),
    get(`${type}?_count=0&_total=accurate`),
    get(`${type}?_total=none`),
    ...sortsOf(type).flatMap(({ name }) => [get(`${type}?_sort=${name}`), get(`${type}?_sort=-${name}`)]),
    ...includesOf(type).map(({ name }) => get(`${type}?_include=${type}:${name}`)),
    ...(parametersOf(type) ?? []).flatMap((parameter) =>
      valuesOf(parameter, after).flatMap((value): readonly Question[] => {
        const asked = new URLSearchParams({ [parameter.name]: value }).toString();
        return [get(`${type}?${asked}`), { method: 'POST', path: `${type}/_search`, headers: form, body: asked }];
      }),
    ),
  ]);
}

/** Reads of everything by its id, singly and in a batch, as a document, and of what never was. */
export function readQuestions({ gone, shown }: AskedAfter): readonly Question[] {
  const never = ['Condition/never-was', `Encounter/${'A'.repeat(43)}`];
  const all = [...gone, ...shown, ...never];
  return [
    ...all.flatMap((path) => [get(path), { method: 'HEAD', path } as const]),
    ...gone.flatMap((path) => [
      get(`${path}/_history/1`),
      get(`${path}/$everything`),
      { method: 'PUT', path, headers: json, body: '{"resourceType":"Basic"}' } as const,
      { method: 'DELETE', path } as const,
      { method: 'OPTIONS', path } as const,
    ]),
    ...all
      .filter((path) => path.startsWith('Binary/'))
      .flatMap((path) => [get(path, { accept: 'application/fhir+json' }), get(path, { range: 'bytes=0-9' })]),
    ...Array.from({ length: Math.ceil(all.length / 25) }, (_, page) =>
      post('', {
        resourceType: 'Bundle',
        type: 'batch',
        entry: all.slice(page * 25, page * 25 + 25).map((url) => ({ request: { method: 'GET', url } })),
      }),
    ),
  ];
}

/** What is not answered, or asks in a way that is refused, and what tells nothing of a record. */
export function otherQuestions({ person, gone, codes }: AskedAfter): readonly Question[] {
  const [id = 'Condition/x'] = gone;
  const [code = 'x'] = codes;
  return [
    get('metadata'),
    get('.well-known/smart-configuration'),
    get(`Condition?_has:Observation:focus:code=${encodeURIComponent(code)}`),
    get(`Observation?encounter.type=${encodeURIComponent(code)}`),
    get('Condition?_filter=code eq x'),
    get('Condition?_text=clinic'),
    get('Condition?_content=clinic'),
    get('Observation?_revinclude=Provenance:target'),
    get('Condition?code:text=clinic'),
    get('Condition?code:in=http://snomed.info/sct?fhir_vs', { prefer: 'handling=lenient' }),
    get('Condition?_summary=count'),
    get('Condition?_elements=code'),
    get('NoSuchType'),
    get('Binary'),
    get('$everything'),
    get('Patient/another/$everything'),
    get(`Patient/${person}/$nothing`),
    get(`Patient/${person}/$everything?_type=NoSuchType`),
    get(`Patient/${person}/$everything?unknown=1`, { prefer: 'handling=lenient' }),
    get(`Patient/${person}/$everything`, { accept: 'text/html' }),
    get(`Patient/${person}/$looked`),
    post(`Patient/${person}/$looked`, { views: [] }),
    get('AuditEvent'),
    get('Consent'),
    post('', { resourceType: 'Bundle', type: 'transaction', entry: [] }),
    post('Condition', { resourceType: 'Condition' }),
    { method: 'POST', path: 'Condition/_search', headers: form, body: '%' },
    get(`Condition/${id.slice(id.indexOf('/') + 1)}/../../Encounter`),
    get('Condition?_page=AAAA'),
    get('%E0%A4%A'),
  ];
}

/** Every question there is. */
export function allQuestions(after: AskedAfter): readonly Question[] {
  return [...recordQuestions(after), ...searchQuestions(after), ...readQuestions(after), ...otherQuestions(after)];
}
