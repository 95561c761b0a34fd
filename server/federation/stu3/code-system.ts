import { lookup, type JsonObject } from '../../../src/fhir/json.ts';

/** UK Core's code systems begin so. */
export const ukCoreSystem = 'https://fhir.hl7.org.uk/CodeSystem/UKCore-';

const moved = /^http:\/\/hl7\.org\/fhir\/(v2|v3)\/(.+)$/;
const renamed: ReadonlySet<string> = new Set([
  'admit-source',
  'allergy-intolerance-substance-exposure-risk',
  'condition-category',
  'data-absent-reason',
  'diagnosis-role',
  'discharge-disposition',
  'encounter-type',
  'list-empty-reason',
  'list-example-use-codes',
  'list-order',
  'location-physical-type',
  'medication-statement-category',
  'observation-category',
  'organization-type',
  'referencerange-meaning',
  'service-category',
  'service-type',
]);

const careConnectSystem =
  /^https:\/\/fhir\.(?:hl7\.org|nhs)\.uk\/STU3\/CodeSystem\/CareConnect-(?:GPC-)?([A-Za-z]+)-\d+$/;
/** CareConnect's code systems that UK Core R4 has with the same codes. Any other stays: a code means what its system says. */
const ukCoreSystems: Readonly<Record<string, string>> = {
  EthnicCategory: `${ukCoreSystem}EthnicCategory`,
  HumanLanguage: `${ukCoreSystem}HumanLanguage`,
  ListEmptyReasonCode: `${ukCoreSystem}ListEmptyReasonCode`,
  ListWarningCode: `${ukCoreSystem}ListWarningCode`,
  NHSNumberVerificationStatus: `${ukCoreSystem}NHSNumberVerificationStatusEngland`,
  SDSJobRoleName: `${ukCoreSystem}SDSJobRoleName`,
};

/** The URI of a code system that HL7 or HL7 UK moved between STU3 and R4; any other as it is. */
export function systemUri(uri: string): string {
  const name = careConnectSystem.exec(uri)?.[1];
  return name === undefined ? hl7Uri(uri) : (lookup(ukCoreSystems, name) ?? uri);
}

function hl7Uri(uri: string): string {
  if (!uri.startsWith('http://hl7.org/fhir/')) return uri;
  const version = moved.exec(uri);
  if (version !== null) return `http://terminology.hl7.org/CodeSystem/${version[1]}-${version[2]}`;
  const name = uri.slice('http://hl7.org/fhir/'.length);
  return renamed.has(name) ? `http://terminology.hl7.org/CodeSystem/${name}` : uri;
}

/** CareConnect's two categories of a condition are HL7's own, which R4 apps search for. */
export function categoryOf(coding: JsonObject): JsonObject {
  const { system, code } = coding;
  const hl7s = code === 'problem-list-item' || code === 'encounter-diagnosis';
  return hl7s && typeof system === 'string' && careConnectSystem.exec(system)?.[1] === 'ConditionCategory'
    ? { ...coding, system: 'http://terminology.hl7.org/CodeSystem/condition-category' }
    : coding;
}
