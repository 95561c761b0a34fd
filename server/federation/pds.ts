import { codingsOf } from '../../src/fhir/coding.ts';
import { object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { parseNhsNumber } from '../../src/fhir/nhs-number.ts';
import { isResource, metaOf, type Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import type { Source } from '../config/schema.ts';
import { undecided } from '../fault.ts';
import { Allowance } from './allowance.ts';
import type { Asker, Demographics } from './answer.ts';
import type { SourceAuth } from './auth/reach.ts';
import type { Breakers } from './breaker.ts';
import { entryOf } from './entry.ts';
import type { FacadeIds } from './facade-id.ts';
import { within, type Http } from './http.ts';
import { nhsNumbersOf, sameBirthDate } from './identity.ts';
import { baseOf } from './resolver.ts';
import { nhsIdentifiers, releasedPatient } from './released-patient.ts';

export type AskDemographics = (nhsNumber: string, asker: Asker, signal: AbortSignal) => Promise<Demographics>;

/** The NHS number that an answer is under: its identifier, else its id. */
export function numberOf(patient: Resource): string | undefined {
  const [first, ...others] = nhsNumbersOf(patient);
  if (first !== undefined) return others.length === 0 ? first : undefined;
  return parseNhsNumber(text(patient['id']) ?? '');
}

/** Registrations that have ended are history: nobody is asked for them, and they are not shown as the practice. */
function registrations(patient: Resource, today: string): readonly JsonObject[] {
  const isOver = (period: unknown): boolean => {
    const end = text(object(period)?.['end']);
    return end !== undefined && end.slice(0, 10) < today.slice(0, Math.min(end.length, 10));
  };
  return objects(patient['generalPractitioner']).filter(
    (one) => !isOver(object(one['identifier'])?.['period']) && !isOver(one['period']),
  );
}

function practiceOf(registered: readonly JsonObject[]): string | undefined {
  return registered
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

/** What the service says in an error that is about the request or itself, and decides nothing about the person. */
const aboutTheRequest: ReadonlySet<string> = new Set([
  'ACCESS_DENIED',
  'INVALID_VALUE',
  'MISSING_VALUE',
  'TOO_MANY_REQUESTS',
  'UNSUPPORTED_SERVICE',
]);

function saysNothingOfThePerson(body: unknown): boolean {
  return (
    isResource(body) &&
    objects(body['issue'])
      .flatMap((issue) => codingsOf(issue['details']))
      .some((one) => one.code !== undefined && aboutTheRequest.has(one.code))
  );
}

/**
 * The demographics service (PDS FHIR R4). Its path wants the NHS number; the address is never logged.
 * What it cannot be asked, or answers in a way that decides nothing, is `undecided`.
 */
export function createDemographics(options: {
  readonly source: Source;
  readonly auth: SourceAuth;
  readonly breakers: Breakers;
  readonly ids: FacadeIds;
  readonly practiceName: (ods: string) => string | undefined;
}): AskDemographics {
  const { source, auth, breakers, ids, practiceName } = options;

  /** The Patient under a number; undefined where the service knows nobody under it. */
  const read = async (http: Http, nhsNumber: string, signal: AbortSignal): Promise<Resource | undefined> => {
    const answer = await http.request({
      address: source.baseUrl,
      method: 'GET',
      url: `${baseOf(source.baseUrl)}/Patient/${nhsNumber}`,
      signal,
    });
    // RESOURCE_NOT_FOUND and INVALIDATED_RESOURCE: nobody is under this number, or nobody is any more.
    if ((answer.status === 400 || answer.status === 404) && !saysNothingOfThePerson(answer.body)) return undefined;
    if (answer.status >= 300) throw undecided(`demographics: status ${answer.status}`);
    if (
      !isResource(answer.body) ||
      answer.body.resourceType !== 'Patient' ||
      entryOf(answer.body, [], '0') === undefined
    )
      throw undecided('demographics: no Patient');
    return answer.body;
  };

  const decide = async (http: Http, nhsNumber: string, signal: AbortSignal): Promise<Demographics> => {
    const asked = await read(http, nhsNumber, signal);
    if (asked === undefined) return { kind: 'unknown' };
    let patient = asked;
    const today = new Date().toISOString().slice(0, 10);
    const newer = replacedBy(asked) ?? numberOf(asked);
    if (newer === undefined) throw undecided('demographics: a Patient without one NHS number');
    if (newer !== nhsNumber) {
      // Superseded: the number now in use must itself be known, stand by itself, and be of the same gender and birth date.
      const current = await read(http, newer, signal);
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
    const registered = registrations(patient, today);
    const practice = practiceOf(registered);
    const { generalPractitioner: _, ...rest } = patient;
    const shown =
      registered.length === 0 ? { ...rest, resourceType: 'Patient' } : { ...patient, generalPractitioner: registered };
    return {
      kind: 'found',
      person: {
        nhsNumber: newer,
        birthDate,
        ...(practice === undefined ? {} : { practice }),
        patient: releasedPatient(shown, {
          id: ids.patient(newer),
          identifiers: nhsIdentifiers(patient, newer),
          source,
          practiceName,
        }),
      },
    };
  };

  return async (nhsNumber, asker, signal) => {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(source.deadlineMs)]);
    try {
      return await breakers.guard(source.baseUrl, async () => {
        const { http } = await auth.reach({ asker, signal: bounded });
        return decide(within(http, new Allowance(source.budget, source.deadlineMs)), nhsNumber, bounded);
      });
    } catch (error) {
      if (error instanceof Error && error.name === 'Fault') throw error;
      throw undecided('demographics: could not be asked', error);
    }
  };
}
