import { parseNhsNumber } from '../src/fhir/nhs-number.ts';
import type { Resource } from '../src/fhir/resource.ts';
import { system } from '../src/fhir/systems.ts';

/** The shape that is measured: so many sources, each giving so many bytes after so long. */
export const shape = { sources: 10, bytes: 96 * 1024, latencyMs: 20, people: 20 } as const;

/** What a clinician's eye waits for: the name of a fact that each hospital source gives. */
export const firstRowText = 'Asthma';

/** Stands in everything that must be withheld: a run in which it comes through has measured nothing. */
export const withheldText = 'WITHHELD-MARK';

export type BenchPerson = { readonly nhsNumber: string; readonly family: string; readonly birthDate: string };

/** Invented people with numbers of the 999 test range. */
export const people: readonly BenchPerson[] = Array.from({ length: 2000 }, (_, i) => String(9_990_500_000 + i))
  .filter((digits) => parseNhsNumber(digits) !== undefined)
  .slice(0, shape.people)
  .map((nhsNumber, i) => ({ nhsNumber, family: `Meadow${i}`, birthDate: '1961-04-17' }));

export const practiceCode = 'M83001';

const coded = (code: string, display: string): object => ({
  coding: [{ system: system.snomed, code, display }],
  text: display,
});
const day = (source: number, i: number): string =>
  new Date(Date.UTC(2026, 0, 28) - (i * 9 + source) * 86_400_000).toISOString();

/** A source's Patient: identifier, name and birth date as asked; an address, as sources hold one. */
export function patientOf(person: BenchPerson, id: string): Resource {
  return {
    resourceType: 'Patient',
    id,
    identifier: [{ system: system.nhsNumber, value: person.nhsNumber }],
    name: [{ use: 'official', family: person.family, given: ['Alex'] }],
    gender: 'female',
    birthDate: person.birthDate,
    address: [{ use: 'home', line: ['1 Mill Lane'], city: 'Stoke-on-Trent', postalCode: 'ST1 1AA' }],
  };
}

/** The kinds of resource that a hospital sends, in the mix that one finds: mostly results and contacts. */
function resourceOf(source: number, i: number, patientId: string): Resource {
  const subject = { reference: `Patient/${patientId}` };
  const encounter = { reference: `Encounter/enc-${i - (i % 10)}` };
  const at = day(source, i);
  const base = { meta: { versionId: '1', lastUpdated: at } };
  const laboratory = [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
  ];
  switch (i % 10) {
    case 0:
      return {
        resourceType: 'Encounter',
        id: `enc-${i}`,
        ...base,
        status: 'finished',
        class: { system: system.actCode, code: 'AMB', display: 'ambulatory' },
        type: [coded('185349003', 'Encounter for check up')],
        serviceType: { coding: [{ system: system.treatmentFunction, code: '320', display: 'Cardiology' }] },
        subject,
        period: { start: at, end: at },
        reasonCode: [coded('84114007', 'Heart failure')],
      };
    case 1:
      return {
        resourceType: 'Condition',
        id: `con-${i}`,
        ...base,
        clinicalStatus: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
        },
        code: i === 1 ? coded('195967001', firstRowText) : coded('44054006', `Type 2 diabetes, review ${i}`),
        subject,
        encounter,
        recordedDate: at,
        note: [{ text: `Reviewed in clinic ${source}, plan agreed with the person and their carer; see letter ${i}.` }],
      };
    case 2:
      return {
        resourceType: 'MedicationRequest',
        id: `med-${i}`,
        ...base,
        status: 'active',
        intent: 'order',
        medicationCodeableConcept: coded('319775004', `Aspirin 75mg tablets, supply ${i}`),
        subject,
        encounter,
        authoredOn: at,
        dosageInstruction: [
          { text: 'One tablet in the morning, with or just after food', timing: { code: { text: 'od' } } },
        ],
      };
    case 3:
      return {
        resourceType: 'DiagnosticReport',
        id: `rep-${i}`,
        ...base,
        status: 'final',
        category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
        code: coded('26604007', 'Complete blood count'),
        subject,
        encounter,
        effectiveDateTime: at,
        issued: at,
        result: [4, 5, 6, 7, 8, 9].map((k) => ({ reference: `Observation/obs-${i - 3 + k}` })),
        conclusion: 'No action needed. Repeat in three months or sooner if symptoms return.',
      };
    default:
      return {
        resourceType: 'Observation',
        id: `obs-${i}`,
        ...base,
        status: 'final',
        category: laboratory,
        code: coded('1022431000000105', 'Haemoglobin estimation'),
        subject,
        encounter,
        effectiveDateTime: at,
        issued: at,
        valueQuantity: { value: 110 + ((source * 7 + i) % 50), unit: 'g/L', system: system.ucum, code: 'g/L' },
        referenceRange: [
          { low: { value: 115, unit: 'g/L' }, high: { value: 165, unit: 'g/L' }, text: '115 to 165 g/L, adults' },
        ],
      };
  }
}

/** A visit that must never be shown, with what hangs on it: the filter works for its figures. */
function neverShown(patientId: string): readonly Resource[] {
  const subject = { reference: `Patient/${patientId}` };
  return [
    {
      resourceType: 'Encounter',
      id: 'never',
      status: 'finished',
      class: { system: system.actCode, code: 'AMB' },
      serviceType: { coding: [{ system: system.practiceSetting, code: '360', display: withheldText }] },
      subject,
      period: { start: day(0, 3) },
    },
    {
      resourceType: 'Observation',
      id: 'never-result',
      status: 'final',
      code: coded('75367002', 'Blood pressure'),
      subject,
      encounter: { reference: 'Encounter/never' },
      note: [{ text: withheldText }],
    },
  ];
}

/** The resources of one source: so many, or as many as make the bytes; the first is the Patient. */
export function resourcesOf(
  person: BenchPerson,
  source: number,
  patientId: string,
  size: { readonly bytes: number } | { readonly count: number },
): readonly Resource[] {
  const resources: Resource[] = [patientOf(person, patientId), ...neverShown(patientId)];
  let bytes = 0;
  for (let i = 0; 'bytes' in size ? bytes < size.bytes - 2000 : resources.length < size.count; i += 1) {
    const resource = resourceOf(source, i, patientId);
    if ('bytes' in size) bytes += Buffer.byteLength(JSON.stringify(wrapped(resource))) + 1;
    resources.push(resource);
  }
  return resources;
}

const wrapped = (resource: Resource): object => ({ resource, search: { mode: 'match' } });

/** A searchset; with `next` where there is a further page. */
export function searchsetOf(resources: readonly Resource[], total: number, next?: string): string {
  return JSON.stringify({
    resourceType: 'Bundle',
    type: 'searchset',
    total,
    ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
    entry: resources.map(wrapped),
  });
}

/** The answer of one source to `$everything`: about 96 KB of it. */
export function everythingOf(
  person: BenchPerson,
  source: number,
  patientId: string,
  bytes: number = shape.bytes,
): string {
  const resources = resourcesOf(person, source, patientId, { bytes });
  return searchsetOf(resources, resources.length);
}

/** The id under which a source knows a person: says nothing of the number. */
export const localId = (person: BenchPerson): string => `local-${people.indexOf(person)}`;
