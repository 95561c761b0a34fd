import { lookup, object, objects, text, type JsonObject } from '../../../src/fhir/json.ts';
import { ohc } from '../../../src/fhir/systems.ts';
import { categoryOf, systemUri, ukCoreSystem } from './code-system.ts';

const ukCoreExtension = 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-';

/** CareConnect extensions that UK Core R4 has under the same name. */
const ukCore: ReadonlySet<string> = new Set([
  'EthnicCategory',
  'BirthSex',
  'DeathNotificationStatus',
  'NHSNumberVerificationStatus',
  'ListWarningCode',
  'MedicationRepeatInformation',
  'MedicationStatementLastIssueDate',
  'MedicationPrescribingOrganization',
  'AllergyIntoleranceEnd',
  'VaccinationProcedure',
  'AdmissionMethod',
  'DischargeMethod',
  'OutcomeOfAttendance',
  'LegalStatus',
  'DeliveryChannel',
  'MainLocation',
  'ParentPresent',
]);

/** And those that it has under another. */
const ukCoreRenamed: Readonly<Record<string, string>> = { PrescribingAgency: 'MedicationPrescribingOrganization' };

const careConnect =
  /^https:\/\/fhir\.(?:hl7\.org|nhs)\.uk\/STU3\/StructureDefinition\/Extension-CareConnect-(?:GPC-)?([A-Za-z]+)-\d+$/;

/** The URL of an extension in R4: UK Core's where it has one, else our own under its STU3 name, else as it is. */
export function extensionUrl(url: string): string {
  const name = careConnect.exec(url)?.[1];
  if (name === undefined) return url;
  if (ukCore.has(name)) return `${ukCoreExtension}${name}`;
  const renamedTo = lookup(ukCoreRenamed, name);
  return renamedTo === undefined ? `${ohc.gpConnect}${name}` : `${ukCoreExtension}${renamedTo}`;
}

const descriptionOf = 'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-coding-sctdescid';

/** The parts of an extension by their names, where it has no two of one name and none beside these. */
function partsOf(extension: JsonObject, ...names: readonly string[]): ReadonlyMap<string, JsonObject> | undefined {
  const parts = objects(extension['extension']);
  const byName = new Map(parts.map((part) => [text(part['url']) ?? '', part]));
  const known = byName.size === parts.length && [...byName.keys()].every((name) => names.includes(name));
  return known && Object.keys(extension).length === 2 ? byName : undefined;
}

/** The SNOMED CT description that was chosen: HL7's own extension in R4, with UK Core's for its words. */
function description(extension: JsonObject): JsonObject {
  const parts = partsOf(extension, 'descriptionId', 'descriptionDisplay');
  const id = parts?.get('descriptionId')?.['valueId'];
  const display = parts?.get('descriptionDisplay')?.['valueString'];
  if (parts === undefined || typeof id !== 'string' || (parts.size === 2 && typeof display !== 'string'))
    return extension;
  return {
    url: 'http://hl7.org/fhir/StructureDefinition/coding-sctdescid',
    valueId: id,
    ...(display === undefined
      ? {}
      : { _valueId: { extension: [{ url: `${ukCoreExtension}CodingSCTDescDisplay`, valueString: display }] } }),
  };
}

/** Extensions whose content is another in R4; where theirs is not as GP Connect has it, they stay as they are. */
function valueOf(extension: JsonObject): JsonObject {
  const { url, valueCode, ...rest } = extension;
  if (url === descriptionOf) return description(extension);
  if (url === `${ukCoreExtension}ListWarningCode` && typeof valueCode === 'string')
    return {
      url,
      ...rest,
      valueCodeableConcept: { coding: [{ system: `${ukCoreSystem}ListWarningCode`, code: valueCode }] },
    };
  if (url === `${ukCoreExtension}MedicationRepeatInformation` && Array.isArray(extension['extension']))
    return {
      ...extension,
      extension: extension['extension'].map((part: unknown) =>
        object(part)?.['url'] === 'numberOfRepeatPrescriptionsIssued'
          ? { ...object(part), url: 'numberOfPrescriptionsIssued' }
          : part,
      ),
    };
  return extension;
}

/** The value with every extension and code system as R4 has them, at any depth. What needs no change is not copied. */
export function renameUris(value: unknown, member: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    const made = list.map((one) => renameUris(one, member));
    return made.some((one, index) => one !== list[index]) ? made : value;
  }
  let into: Record<string, unknown> | undefined;
  const known = value as JsonObject;
  for (const name of Object.keys(known)) {
    if (name === '__proto__') {
      into ??= { ...known };
      delete into[name];
      continue;
    }
    const before = known[name];
    const after =
      typeof before !== 'string'
        ? renameUris(before, name)
        : name === 'url' && (member === 'extension' || member === 'modifierExtension')
          ? extensionUrl(before)
          : name === 'system'
            ? systemUri(before)
            : before;
    if (after === before) continue;
    into ??= { ...known };
    into[name] = after;
  }
  const made = into ?? known;
  if (member === 'extension') return valueOf(made);
  return made['system'] === undefined ? made : categoryOf(made);
}
