import { isObject, objects, text } from '../../../src/fhir/json.ts';
import { idOf, type Resource } from '../../../src/fhir/resource.ts';
import { system } from '../../../src/fhir/systems.ts';
import type { FilePerson } from './record-file.ts';

const verification = {
  R4: {
    url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus',
    valueCodeableConcept: {
      coding: [
        {
          system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland',
          code: '01',
          display: 'Number present and verified',
        },
      ],
    },
  },
  STU3: {
    url: 'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1',
    valueCodeableConcept: {
      coding: [
        {
          system: 'https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1',
          code: '01',
          display: 'Number present and verified',
        },
      ],
    },
  },
} as const;

/** The NHS number as an identifier with its verification status. */
export function verifiedNumber(nhsNumber: string, version: 'R4' | 'STU3'): unknown {
  return { extension: [verification[version]], system: system.nhsNumber, value: nhsNumber };
}

/** Every NHS number within a value becomes this one: those in files are placeholders. */
function renumbered(value: unknown, nhsNumber: string): unknown {
  if (Array.isArray(value)) return value.map((one) => renumbered(one, nhsNumber));
  if (!isObject(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([member, one]) => [member, renumbered(one, nhsNumber)]));
  return text(value['system']) === system.nhsNumber ? { ...inner, value: nhsNumber } : inner;
}

/**
 * What the file holds about a person as a source that knows them under this NHS number would give it. The Patient has the
 * number as its only identifier.
 */
export function asSource(person: FilePerson, nhsNumber: string, version: 'R4' | 'STU3'): readonly Resource[] {
  return person.resources.map((resource) => {
    if (resource !== person.patient) return renumbered(resource, nhsNumber) as Resource;
    return { ...resource, identifier: [verifiedNumber(nhsNumber, version)] };
  });
}

/** What the demographics service says of the person: the file's own words, as the service writes them. */
export function demographicsOf(person: FilePerson, nhsNumber: string, practice: string): Resource {
  const address = objects(person.patient['address'])[0];
  const telecom = objects(person.patient['telecom']).filter((one) => text(one['value']) !== undefined);
  return {
    resourceType: 'Patient',
    id: nhsNumber,
    identifier: [verifiedNumber(nhsNumber, 'R4')],
    meta: { versionId: '1', security: [{ system: system.confidentiality, code: 'U', display: 'unrestricted' }] },
    name: [
      {
        id: 'N1',
        use: 'usual',
        period: { start: person.birthDate },
        family: person.family,
        given: person.given.split(' '),
        ...(person.title === undefined ? {} : { prefix: [person.title] }),
      },
    ],
    gender: person.gender,
    birthDate: person.birthDate,
    ...(person.died === undefined ? {} : { deceasedDateTime: person.died }),
    ...(address === undefined ? {} : { address: [{ ...plain(address), id: 'A1' }] }),
    ...(telecom.length === 0 ? {} : { telecom: telecom.map((one, index) => ({ ...plain(one), id: `T${index}` })) }),
    generalPractitioner: [
      { id: 'G1', type: 'Organization', identifier: { system: system.odsOrganisation, value: practice } },
    ],
  };
}

/** An element without the extensions of whoever wrote the file. */
function plain(element: { readonly [member: string]: unknown }): { readonly [member: string]: unknown } {
  return Object.fromEntries(Object.entries(element).filter(([name]) => name !== 'extension' && !name.startsWith('_')));
}

/** A Bundle of a search, as a server answers it. */
export function searchset(resources: readonly Resource[], base: string): Resource {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: resources.length,
    entry: resources.map((resource) => ({
      fullUrl: `${base}/${resource.resourceType}/${idOf(resource) ?? ''}`,
      resource,
      search: { mode: 'match' },
    })),
  };
}
