import { codingsOf } from '../../src/fhir/coding.ts';
import { object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { parseNhsNumber } from '../../src/fhir/nhs-number.ts';
import { isResource, metaOf, type Resource } from '../../src/fhir/resource.ts';
import { ohc, sourceUri, system } from '../../src/fhir/systems.ts';
import type { Source } from '../config/schema.ts';
import { undecided } from '../fault.ts';
import type { Asker, Demographics } from './answer.ts';
import type { FacadeIds } from './facade-id.ts';
import type { Http } from './http.ts';
import { nhsNumbersOf, sameBirthDate } from './identity.ts';
import { baseOf } from './resolver.ts';
import { rewriteElement, type Rewriting } from './rewrite.ts';

export type AskDemographics = (nhsNumber: string, asker: Asker, signal: AbortSignal) => Promise<Demographics>;

/** Members of the demographics service's Patient that are not for a screen, or that only its own systems can follow. */
const notReleased: ReadonlySet<string> = new Set([
  'resourceType',
  'id',
  'meta',
  'implicitRules',
  'text',
  'contained',
  'link',
  'managingOrganization',
  'identifier',
  'name',
  'generalPractitioner',
]);

/** A former name or the sex at birth would tell of a gender change. */
const notReleasedExtension = /BirthSex|birthsex|genderIdentity|PreviousName/;

/** Nothing of the demographics service's own is released beside the Patient: its links keep what they call their target. */
const unlinked: Rewriting = {
  patient: '',
  ownKeys: new Set(),
  resolve: () => undefined,
  released: () => undefined,
  binary: () => undefined,
  base: '',
  strangeName: undefined,
  isOwnIdentifier: () => false,
};

/** The NHS number that an answer is under: its identifier, else its id. */
export function numberOf(patient: Resource): string | undefined {
  const [first, ...others] = nhsNumbersOf(patient);
  if (first !== undefined) return others.length === 0 ? first : undefined;
  return parseNhsNumber(text(patient['id']) ?? '');
}

function practiceOf(patient: Resource): string | undefined {
  return objects(patient['generalPractitioner'])
    .map((one) => object(one['identifier']))
    .filter((one) => text(one?.['system']) === system.odsOrganisation)
    .map((one) => text(one?.['value'])?.toUpperCase())
    .find((code) => code !== undefined);
}

/** Whether the record is open (U), restricted (R, V or anything else), or does not say. */
export function confidentialityOf(patient: Resource): 'open' | 'restricted' | 'silent' {
  const codes = codingsOf(metaOf(patient)['security'])
    .filter((one) => one.system === undefined || one.system.endsWith('v3-Confidentiality'))
    .map((one) => one.code);
  if (codes.length === 0) return 'silent';
  return codes.every((code) => code === 'U') ? 'open' : 'restricted';
}

/** Where a record was merged into another one, the number of that other. */
function replacedBy(patient: Resource): string | undefined {
  return objects(patient['link'])
    .filter((link) => text(link['type']) === 'replaced-by')
    .map((link) => object(link['other']))
    .map((other) => text(object(other?.['identifier'])?.['value']) ?? text(other?.['reference'])?.split('/').at(-1))
    .map((number) => parseNhsNumber(number ?? ''))
    .find((number) => number !== undefined);
}

/** Gender and birth date agree: only then is a superseded number the same person under a new one. */
function agree(one: Resource, other: Resource): boolean {
  const gender = text(one['gender']);
  return (
    gender !== undefined &&
    gender === text(other['gender']) &&
    sameBirthDate(text(one['birthDate']), text(other['birthDate']))
  );
}

function clean(
  patient: Resource,
  nhsNumber: string,
  source: Source,
  ids: FacadeIds,
  practiceName: (ods: string) => string | undefined,
): Resource {
  const { lastUpdated, security } = metaOf(patient);
  const kept: Record<string, unknown> = {};
  for (const name in patient) {
    if (notReleased.has(name) || name === '__proto__') continue;
    const value =
      name === 'extension'
        ? objects(patient[name]).filter((one) => !notReleasedExtension.test(text(one['url']) ?? ''))
        : patient[name];
    const released = rewriteElement(value, name, unlinked);
    if (released !== undefined) kept[name] = released;
  }
  const identifiers = objects(patient['identifier']).filter(
    (one) => text(one['system']) === system.nhsNumber && text(one['use']) !== 'old',
  );
  return {
    resourceType: 'Patient',
    id: ids.patient(nhsNumber),
    meta: {
      ...(lastUpdated === undefined ? {} : { lastUpdated }),
      source: sourceUri(source.id),
      ...(security === undefined ? {} : { security }),
      tag: [
        { system: system.odsOrganisation, code: source.ods, display: source.name },
        { system: ohc.sourceLabel, code: source.label, display: source.name },
      ],
    },
    identifier: identifiers.length > 0 ? identifiers : [{ system: system.nhsNumber, value: nhsNumber }],
    name: objects(patient['name']).filter((one) => text(one['use']) !== 'old' && text(one['use']) !== 'maiden'),
    ...kept,
    ...(patient['generalPractitioner'] === undefined
      ? {}
      : {
          generalPractitioner: objects(patient['generalPractitioner']).map((one) => registeredWith(one, practiceName)),
        }),
  };
}

/** The practice by ODS code and, where the region knows it, by name; never a link into the demographics service. */
function registeredWith(reference: JsonObject, practiceName: (ods: string) => string | undefined): JsonObject {
  const identifier = object(reference['identifier']);
  const ods = text(identifier?.['value'])?.toUpperCase();
  const display = (ods === undefined ? undefined : practiceName(ods)) ?? text(reference['display']);
  return {
    type: text(reference['type']) ?? 'Organization',
    ...(identifier === undefined ? {} : { identifier }),
    ...(display === undefined ? {} : { display }),
  };
}

/**
 * The demographics service (PDS FHIR R4). Its path wants the NHS number; the address is never logged.
 * What it cannot be asked, or answers in a way that decides nothing, is `undecided`.
 */
export function createDemographics(options: {
  readonly source: Source;
  readonly http: Http;
  readonly ids: FacadeIds;
  readonly practiceName: (ods: string) => string | undefined;
}): AskDemographics {
  const { source, http, ids, practiceName } = options;

  /** The Patient under a number; undefined where the service knows nobody under it. */
  const read = async (nhsNumber: string, asker: Asker, signal: AbortSignal): Promise<Resource | undefined> => {
    const answer = await http.request({
      address: source.baseUrl,
      method: 'GET',
      url: `${baseOf(source.baseUrl)}/Patient/${nhsNumber}`,
      headers: { 'x-request-id': asker.traceId },
      signal,
    });
    if (answer.status === 400 || answer.status === 404) return undefined;
    if (answer.status >= 300) throw undecided(`demographics: status ${answer.status}`);
    if (!isResource(answer.body) || answer.body.resourceType !== 'Patient') throw undecided('demographics: no Patient');
    return answer.body;
  };

  const decide = async (nhsNumber: string, asker: Asker, signal: AbortSignal): Promise<Demographics> => {
    const asked = await read(nhsNumber, asker, signal);
    if (asked === undefined) return { kind: 'unknown' };
    let patient = asked;
    const newer = replacedBy(asked) ?? numberOf(asked);
    if (newer === undefined) throw undecided('demographics: a Patient without one NHS number');
    if (newer !== nhsNumber) {
      // Superseded: the number now in use must itself be known, stand by itself, and be of the same gender and birth date.
      const current = await read(newer, asker, signal);
      if (current === undefined || numberOf(current) !== newer || replacedBy(current) !== undefined)
        return { kind: 'unknown' };
      if (confidentialityOf(current) === 'restricted' || confidentialityOf(asked) === 'restricted')
        return { kind: 'restricted' };
      if (!agree(asked, current)) return { kind: 'unknown' };
      patient = current;
    }
    const confidentiality = confidentialityOf(patient);
    if (confidentiality === 'restricted') return { kind: 'restricted' };
    // Not to say is not to say that it is open.
    if (confidentiality === 'silent') throw undecided('demographics: no confidentiality');
    const birthDate = text(patient['birthDate']);
    if (birthDate === undefined) throw undecided('demographics: no birth date');
    const practice = practiceOf(patient);
    return {
      kind: 'found',
      person: {
        nhsNumber: newer,
        birthDate,
        ...(practice === undefined ? {} : { practice }),
        patient: clean(patient, newer, source, ids, practiceName),
      },
    };
  };

  return async (nhsNumber, asker, signal) => {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(source.deadlineMs)]);
    try {
      return await decide(nhsNumber, asker, bounded);
    } catch (error) {
      if (error instanceof Error && error.name === 'Fault') throw error;
      throw undecided('demographics: could not be asked', error);
    }
  };
}
