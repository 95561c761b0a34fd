import { parseNhsNumber } from '../../../src/fhir/nhs-number.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { system as fhirSystem } from '../../../src/fhir/systems.ts';
import type { Calendar } from '../calendar.ts';
import { addressOf, familyName, nhsNumberIdentifier } from '../chart/patient.ts';
import type { DemoPerson } from '../people.ts';
import { operationOutcome, type Asked, type Reply } from './reply.ts';

/** What the demographics service alone knows of a person. */
export type Demographic = {
  readonly relatives?: readonly {
    readonly given: string;
    readonly family: string;
    readonly relationship: readonly [code: string, display: string];
    readonly phone?: string;
  }[];
  /** BCP 47 language of an interpreter that is needed. */
  readonly interpreter?: readonly [code: string, display: string];
  readonly emails?: readonly string[];
  /** A former given name, as the service keeps it. */
  readonly formerGiven?: string;
};

const errorSystem = 'https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode';
const refused = (status: number, issue: string, code: string, display: string, nhsNumber?: string): Reply => ({
  status,
  ...(nhsNumber === undefined ? {} : { nhsNumber }),
  body: operationOutcome('error', issue, { system: errorSystem, code, display }),
});

const security = {
  known: { code: 'U', display: 'unrestricted' },
  restricted: { code: 'R', display: 'restricted' },
} as const;

/** A person as the NHS Personal Demographics Service's FHIR API answers: for R without address and telecom. */
export function demographicPatient(person: DemoPerson, more: Demographic, calendar: Calendar): Resource {
  const restricted = person.demographics === 'restricted';
  const telecom = [
    ...(person.phone === undefined
      ? []
      : [{ id: 'T1', system: 'phone', value: person.phone, use: 'home', period: { start: '2015-01-01' } }]),
    ...(more.emails ?? []).map((value, index) => ({
      id: `E${index}`,
      system: 'email',
      value,
      use: 'home',
      period: { start: '2019-01-01' },
    })),
  ];
  const name = (id: string, use: string, given: string): unknown => ({
    id,
    use,
    period: use === 'old' ? { start: person.birthDate, end: '2019-01-31' } : { start: '2019-02-01' },
    given: [given],
    family: familyName(person),
    prefix: [person.title],
  });
  return {
    resourceType: 'Patient',
    id: person.nhsNumber,
    identifier: [nhsNumberIdentifier(person.nhsNumber)],
    meta: {
      versionId: '2',
      security: [
        {
          system: fhirSystem.confidentiality,
          ...(restricted ? security.restricted : security.known),
        },
      ],
    },
    name: [
      name('N1', 'usual', person.given),
      ...(more.formerGiven === undefined ? [] : [name('N2', 'old', more.formerGiven)]),
    ],
    gender: person.gender,
    birthDate: person.birthDate,
    ...(person.diedDaysAgo === undefined
      ? {}
      : {
          deceasedDateTime: `${calendar.day(-person.diedDaysAgo)}T00:00:00+00:00`,
          extension: [
            {
              url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeathNotificationStatus',
              extension: [
                {
                  url: 'deathNotificationStatus',
                  valueCodeableConcept: {
                    coding: [
                      {
                        system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-DeathNotificationStatus',
                        code: '2',
                        display: 'Formal - death notice received from Registrar of Deaths',
                      },
                    ],
                  },
                },
                {
                  url: 'systemEffectiveDate',
                  valueDateTime: `${calendar.day(-person.diedDaysAgo + 4)}T00:00:00+00:00`,
                },
              ],
            },
          ],
        }),
    ...(restricted
      ? {}
      : {
          address: [{ id: 'A1', period: { start: '2015-01-01' }, ...(addressOf(person) as object) }],
          ...(telecom.length === 0 ? {} : { telecom }),
        }),
    ...(more.interpreter === undefined
      ? {}
      : {
          communication: [
            {
              language: {
                coding: [
                  {
                    system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-HumanLanguage',
                    code: more.interpreter[0],
                    display: more.interpreter[1],
                  },
                ],
              },
            },
          ],
        }),
    generalPractitioner: [
      {
        id: 'G1',
        type: 'Organization',
        identifier: { system: fhirSystem.odsOrganisation, value: person.practice, period: { start: '2015-01-01' } },
      },
    ],
  };
}

function relatedPersons(person: DemoPerson, more: Demographic): readonly Resource[] {
  return (more.relatives ?? []).map((one, index) => ({
    resourceType: 'RelatedPerson',
    id: `R${person.nhsNumber.slice(-4)}${index}`,
    active: true,
    patient: { type: 'Patient', identifier: { system: fhirSystem.nhsNumber, value: person.nhsNumber } },
    relationship: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode',
            code: one.relationship[0],
            display: one.relationship[1],
          },
        ],
      },
    ],
    name: [{ use: 'usual', family: one.family, given: [one.given] }],
    ...(one.phone === undefined ? {} : { telecom: [{ system: 'phone', value: one.phone, use: 'home' }] }),
  }));
}

const searchset = (resources: readonly Resource[], base: string): Resource => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: resources.length,
  entry: resources.map((resource) => ({
    fullUrl: `${base}/${resource.resourceType}/${String(resource['id'])}`,
    search: { score: 1 },
    resource,
  })),
});

/** The demographics service. `other`: whose data stands in for theirs while it answers about another person. */
export function pdsServer(
  people: readonly DemoPerson[],
  demographics: ReadonlyMap<string, Demographic>,
  calendar: Calendar,
): (asked: Asked, other?: DemoPerson) => Reply {
  const more = (person: DemoPerson): Demographic => demographics.get(person.key) ?? {};
  const known = (nhsNumber: string): DemoPerson | undefined =>
    people.find(
      (one) => (one.nhsNumber === nhsNumber || one.formerNumber === nhsNumber) && one.demographics !== 'unknown',
    );

  /** A search for a person whose number is not known: exact, as the service's own is by default but for capitals. */
  const trace = (asked: Asked): Reply => {
    const family = asked.query.get('family')?.toLowerCase();
    const birthDate = asked.query.get('birthdate')?.replace(/^eq/, '');
    if (family === undefined || birthDate === undefined)
      return refused(400, 'required', 'MISSING_VALUE', 'Required value is missing');
    const given = asked.query.get('given')?.toLowerCase();
    const gender = asked.query.get('gender');
    const postcode = asked.query.get('address-postalcode')?.replaceAll(' ', '').toUpperCase();
    const found = people.filter(
      (one) =>
        one.demographics === 'known' &&
        one.family.toLowerCase() === family &&
        one.birthDate === birthDate &&
        (given === undefined || one.given.toLowerCase() === given) &&
        (gender === null || one.gender === gender) &&
        (postcode === undefined || one.address.postcode.replaceAll(' ', '') === postcode),
    );
    if (found.length > 1)
      return {
        status: 200,
        body: operationOutcome('information', 'multiple-matches', {
          system: errorSystem,
          code: 'TOO_MANY_MATCHES',
          display: 'Too Many Matches',
        }),
      };
    return {
      status: 200,
      body: searchset(
        found.map((one) => demographicPatient(one, more(one), calendar)),
        asked.base,
      ),
    };
  };

  return (asked, other) => {
    const [type, nhsNumber, inner] = asked.path;
    if (asked.method !== 'GET' || type !== 'Patient')
      return refused(404, 'not-supported', 'UNSUPPORTED_SERVICE', 'Unsupported Service');
    if (nhsNumber === undefined) return trace(asked);
    if (parseNhsNumber(nhsNumber) === undefined || nhsNumber.length !== 10)
      return refused(400, 'value', 'INVALID_RESOURCE_ID', 'Resource Id is invalid');
    const person = known(nhsNumber);
    if (person === undefined) return refused(404, 'not_found', 'RESOURCE_NOT_FOUND', 'Resource not found', nhsNumber);
    if (inner === 'RelatedPerson')
      return { status: 200, nhsNumber, body: searchset(relatedPersons(person, more(person)), asked.base) };
    if (inner !== undefined)
      return refused(404, 'not-supported', 'UNSUPPORTED_SERVICE', 'Unsupported Service', nhsNumber);
    const shown = other ?? person;
    return {
      status: 200,
      nhsNumber,
      headers: { etag: 'W/"2"' },
      body: demographicPatient(shown, more(shown), calendar),
    };
  };
}
