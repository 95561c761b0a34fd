import { codingsOf, codeOf, nameOf } from '../fhir/coding.ts';
import { object, objects, text, texts, type JsonObject } from '../fhir/json.ts';
import { isMasked } from '../fhir/masked.ts';
import { displayOf } from '../fhir/reference.ts';
import type { Resource } from '../fhir/resource.ts';
import { ohc, system } from '../fhir/systems.ts';
import { anyValue, dateOf, extensionsOf, personName, statusOf } from './element.ts';
import type { Address, Demographics, Telecom } from './record.ts';
import { wordOf, words } from './words.ts';

function fromOf(element: JsonObject): string | undefined {
  const own = objects(element['extension']).find((one) => text(one['url']) === ohc.elementSource);
  return text(own?.['valueString']);
}

function addressOf(element: JsonObject): Address {
  const parts = [...texts(element['line']), ...['city', 'district', 'postalCode'].map((one) => text(element[one]))];
  const lines = parts.filter((one) => one !== undefined);
  const whole = text(element['text']);
  return {
    lines: lines.length > 0 ? lines : whole === undefined ? [] : [whole],
    use: text(element['use']),
    from: fromOf(element),
  };
}

function telecomOf(element: JsonObject): readonly Telecom[] {
  const value = text(element['value']);
  if (value === undefined) return [];
  const kind = text(element['system']);
  return [
    {
      kind: kind === 'phone' || kind === 'sms' ? 'phone' : kind === 'email' ? 'email' : 'other',
      value,
      use: text(element['use']),
      from: fromOf(element),
    },
  ];
}

const genders: Readonly<Record<string, string>> = { male: 'Male', female: 'Female', other: 'Other' };

/** The one Patient for the banner. A number that is there without a verified status is taken as verified: only a status that says otherwise warns. */
export function demographicsOf(patient: Resource, follow: (reference: unknown) => Resource | undefined): Demographics {
  const identifiers = objects(patient['identifier']);
  const number = identifiers.find((one) => text(one['system']) === system.nhsNumber);
  const verification = (number === undefined ? [] : extensionsOf(number, 'NHSNumberVerificationStatus'))
    .flatMap((one) => codingsOf(anyValue(one)))
    .map((one) => one.code)
    .find((one) => one !== undefined);
  const names = objects(patient['name']);
  const name =
    names.find((one) => statusOf(one['use']) === 'official') ??
    names.find((one) => statusOf(one['use']) === 'usual') ??
    names[0];
  const deceasedDate = dateOf(patient['deceasedDateTime']);
  const general = [...objects(patient['generalPractitioner']), ...objects(patient['managingOrganization'])];
  const practice = general
    .map((one) => ({ reference: one, target: follow(one) }))
    .find((one) => one.target?.resourceType === 'Organization' || one.target === undefined);
  const practiceIdentifier = [
    ...objects(practice?.target?.['identifier']),
    ...objects(practice?.reference['identifier']),
  ].find((one) => text(one['system']) === system.odsOrganisation);
  const communications = objects(patient['communication']);
  const ods = text(practiceIdentifier?.['value']);
  return {
    family: text(name?.['family']),
    given: texts(name?.['given']),
    title: text(texts(name?.['prefix']).join(' ')),
    name: personName(patient['name']) ?? words.notKnown,
    birthDate: dateOf(patient['birthDate']),
    gender: genders[text(patient['gender'])?.toLowerCase() ?? ''] ?? words.notKnown,
    nhsNumber: text(number?.['value']),
    nhsNumberVerified:
      verification === undefined || verification === '01' || verification === 'number-present-and-verified',
    deceased: patient['deceasedBoolean'] === true || text(patient['deceasedDateTime']) !== undefined,
    deceasedDate,
    addresses: objects(patient['address'])
      .map(addressOf)
      .filter((one) => one.lines.length > 0),
    telecom: objects(patient['telecom']).flatMap(telecomOf),
    restrictedAt: [
      ...new Set([...objects(patient['address']), ...objects(patient['telecom'])].filter(isMasked).map(fromOf)),
    ],
    languages: communications
      .map((one) => nameOf(one['language']) ?? codeOf(one['language']))
      .filter((one) => one !== undefined),
    interpreter: [...extensionsOf(patient, 'NHSCommunication'), ...communications].some((one) =>
      [...objects(one['extension'])].some(
        (inner) => /interpreterRequired/i.test(text(inner['url']) ?? '') && inner['valueBoolean'] === true,
      ),
    ),
    practice:
      practice === undefined
        ? undefined
        : {
            name: text(practice.target?.['name']) ?? displayOf(practice.reference) ?? ods ?? words.notKnown,
            ods,
            phone: objects(practice.target?.['telecom'])
              .map((one) => (text(one['system']) === 'phone' ? text(one['value']) : undefined))
              .find((one) => one !== undefined),
          },
    resource: patient,
  };
}

/** Whether an outcome says which fields of the person differ at its source: `date of birth`, `NHS number`. */
export function mismatchesOf(outcome: Resource): readonly string[] {
  return objects(outcome['extension'])
    .filter((one) => text(one['url']) === ohc.differsOn)
    .map((one) => text(one['valueCode']))
    .filter((one) => one !== undefined)
    .map((code) =>
      code === 'birthDate' || code === 'birth-date'
        ? words.dateOfBirth
        : code === 'nhsNumber'
          ? 'NHS number'
          : wordOf(code).toLowerCase(),
    );
}

/** Whether an outcome says that its source was not asked. */
export function wasNotAsked(outcome: Resource): boolean {
  return objects(outcome['extension']).some((one) => text(one['url']) === ohc.notAsked && one['valueBoolean'] === true);
}

/** How fresh a source says its data is. */
export function dataAsOf(outcome: Resource): ReturnType<typeof dateOf> {
  const own = objects(outcome['extension']).find((one) => text(one['url']) === ohc.dataAsOf);
  return dateOf(own?.['valueDateTime'] ?? object(own)?.['valueInstant']);
}
