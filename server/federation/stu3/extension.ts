import type { JsonObject } from '../../../src/fhir/json.ts';
import { ohc } from '../../../src/fhir/systems.ts';

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
]);

const careConnect =
  /^https:\/\/fhir\.(?:hl7\.org|nhs)\.uk\/STU3\/StructureDefinition\/Extension-CareConnect-(?:GPC-)?([A-Za-z]+)-\d+$/;

/** The URL of an extension in R4: UK Core's where it has one, else our own under its STU3 name, else as it is. */
export function extensionUrl(url: string): string {
  const name = careConnect.exec(url)?.[1];
  if (name === undefined) return url;
  return ukCore.has(name)
    ? `https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-${name}`
    : `${ohc.gpConnect}${name}`;
}

const moved = /^http:\/\/hl7\.org\/fhir\/(v2|v3)\/(.+)$/;
const renamed: ReadonlySet<string> = new Set([
  'allergy-intolerance-substance-exposure-risk',
  'condition-category',
  'diagnosis-role',
  'encounter-type',
  'list-empty-reason',
  'list-example-use-codes',
  'list-order',
  'medication-statement-category',
  'observation-category',
  'organization-type',
  'referencerange-meaning',
  'service-category',
  'service-type',
]);

/** The URI of a code system that HL7 moved between STU3 and R4; any other as it is. */
export function systemUri(uri: string): string {
  if (!uri.startsWith('http://hl7.org/fhir/')) return uri;
  const version = moved.exec(uri);
  if (version !== null) return `http://terminology.hl7.org/CodeSystem/${version[1]}-${version[2]}`;
  const name = uri.slice('http://hl7.org/fhir/'.length);
  return renamed.has(name) ? `http://terminology.hl7.org/CodeSystem/${name}` : uri;
}

/** The value with every extension URL and code system as R4 has them, at any depth. What needs no change is not copied. */
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
    if (name === '__proto__') continue;
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
  return into ?? known;
}
