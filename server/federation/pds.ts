import { codingsOf } from '../../src/fhir/coding.ts';
import { object, objects, text } from '../../src/fhir/json.ts';
import { parseNhsNumber } from '../../src/fhir/nhs-number.ts';
import { isResource, metaOf, type Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import type { Source } from '../config/schema.ts';
import { undecided } from '../fault.ts';
import type { Asker, Demographics } from './answer.ts';
import type { SourceAuth } from './auth/reach.ts';
import type { FacadeIds } from './facade-id.ts';
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

/**
 * The demographics service (PDS FHIR R4). Its path wants the NHS number; the address is never logged.
 * What it cannot be asked, or answers in a way that decides nothing, is `undecided`.
 */
export function createDemographics(options: {
  readonly source: Source;
  readonly auth: SourceAuth;
  readonly ids: FacadeIds;
  readonly practiceName: (ods: string) => string | undefined;
}): AskDemographics {
  const { source, auth, ids, practiceName } = options;

  /** The Patient under a number; undefined where the service knows nobody under it. */
  const read = async (nhsNumber: string, asker: Asker, signal: AbortSignal): Promise<Resource | undefined> => {
    const { http } = await auth.reach({ asker, signal });
    const answer = await http.request({
      address: source.baseUrl,
      method: 'GET',
      url: `${baseOf(source.baseUrl)}/Patient/${nhsNumber}`,
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
        patient: releasedPatient(patient, {
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
      return await decide(nhsNumber, asker, bounded);
    } catch (error) {
      if (error instanceof Error && error.name === 'Fault') throw error;
      throw undecided('demographics: could not be asked', error);
    }
  };
}
