/** The identifier and code systems that both halves speak of. Names as in the UK Core implementation guides. */
export const system = {
  nhsNumber: 'https://fhir.nhs.uk/Id/nhs-number',
  localPatient: 'https://fhir.nhs.uk/Id/local-patient-identifier',
  odsOrganisation: 'https://fhir.nhs.uk/Id/ods-organization-code',
  odsSite: 'https://fhir.nhs.uk/Id/ods-site-code',
  sdsUser: 'https://fhir.nhs.uk/Id/sds-user-id',
  sdsRoleProfile: 'https://fhir.nhs.uk/Id/sds-role-profile-id',
  sdsJobRole: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName',
  ubrn: 'https://fhir.nhs.uk/Id/UBRN',
  snomed: 'http://snomed.info/sct',
  dmd: 'https://dmd.nhs.uk',
  readV2: 'http://read.info/readv2',
  ctv3: 'http://read.info/ctv3',
  icd10: 'http://hl7.org/fhir/sid/icd-10',
  opcs4: 'https://fhir.hl7.org.uk/Id/opcs-4',
  loinc: 'http://loinc.org',
  ucum: 'http://unitsofmeasure.org',
  confidentiality: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality',
  actCode: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  practiceSetting: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-PracticeSettingCode',
  mainSpecialty: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-MainSpecialtyCode',
  treatmentFunction: 'https://fhir.nhs.uk/Id/treatment-function-code',
  spineError: 'https://fhir.nhs.uk/STU3/ValueSet/Spine-ErrorOrWarningCode-1',
} as const;

const own = 'https://one-health-and-care.nhs.uk';

/** The systems and extensions that are this project's own. */
export const ohc = {
  /** `meta.tag`: the label of the source that gave a resource; the code is what stands on the chip (`UHNM`). */
  sourceLabel: `${own}/CodeSystem/source-label`,
  /** `details.coding` of an outcome: how a source, or the record, ended ({@link SourceStatus}). */
  sourceStatus: `${own}/CodeSystem/source-status`,
  /** `details.coding` of an error. */
  errorCode: `${own}/CodeSystem/error`,
  /** `meta.security` of what stands for a service or place that its source could not be asked for ({@link unreadCode}). */
  unread: `${own}/CodeSystem/unread`,
  /** It is withheld with everything that was done there, whatever the categories are. */
  unreadCode: 'ohc-unread',
  /** Registration numbers of Social Work England, for which no identifier system is published. */
  socialWorkEnglandNumber: `${own}/Id/social-work-england-number`,
  /** `subtype` of an AuditEvent: what kind of act it was. */
  auditType: `${own}/CodeSystem/audit-type`,
  /** `purposeOfEvent` of an AuditEvent: why a user looked for the person by hand. */
  accessReason: `${own}/CodeSystem/access-reason`,
  /** On an element of the one Patient: the source that gave it. `valueString` = label. */
  elementSource: `${own}/StructureDefinition/element-source`,
  /** On a source's outcome: how fresh its data is. `valueDateTime`. */
  dataAsOf: `${own}/StructureDefinition/data-as-of`,
  /** On a source's outcome: it was not asked, since nobody knows the person's NHS number. `valueBoolean`. */
  notAsked: `${own}/StructureDefinition/not-asked`,
  /** On a source's outcome: each field of the person that differs there, never its value. `valueCode`. */
  differsOn: `${own}/StructureDefinition/differs-on`,
  /** On a coding that the source did not give: the ConceptMap that says that its own code means this. `valueUri`. */
  mappedBy: `${own}/StructureDefinition/mapped-by`,
  /** On Consent.patient: parts `birthDate` and `name`, by which the demographics service knows the person. */
  objectionIdentity: `${own}/StructureDefinition/objection-identity`,
  /** On a Consent of the register: parts `channel` and `requester`, how it came and who asks. */
  objectionRequest: `${own}/StructureDefinition/objection-request`,
  /** On a Consent that is sent back with another status: why, `valueString`. */
  objectionReason: `${own}/StructureDefinition/objection-reason`,
  /** On a Consent of the register: who decides, `valueCode` `practice` or `records-team`. */
  objectionRoute: `${own}/StructureDefinition/objection-route`,
  /** On a Consent that is sent back as decided, where somebody asks for the person: what was weighed, `valueString`. */
  objectionWeighed: `${own}/StructureDefinition/objection-weighed`,
  /** On a Consent that is sent back as ended since the practice does not share: parts `birthDate` and `name`, as the person gave them. */
  objectionReversal: `${own}/StructureDefinition/objection-reversal`,
  /** On a Consent of the register, once for each thing that was done to it: parts `action`, `by`, `reason`, `weighed`, `at`. */
  objectionHistory: `${own}/StructureDefinition/objection-history`,
  /** On a Consent of the register: the day by which it is to be decided, `valueDate`. */
  objectionDue: `${own}/StructureDefinition/objection-due`,
  /** On a parent's: parts `birthday`, `age` and `due`, when it is to be looked at again. */
  objectionReview: `${own}/StructureDefinition/objection-review`,
  /** The operation that tells when a record may not be shown any more. */
  standing: `${own}/OperationDefinition/standing`,
  /** A GP Connect value that UK Core R4 has no place for is kept under this prefix and its STU3 name. */
  gpConnect: `${own}/StructureDefinition/gp-connect-`,
} as const;

/** `meta.source` of everything that a source gave. */
export function sourceUri(sourceId: string): string {
  return `${own}/source/${sourceId}`;
}

/** The source id in a `meta.source`, or undefined where it is not one of ours. */
export function sourceIdOf(uri: string | undefined): string | undefined {
  const prefix = `${own}/source/`;
  return uri?.startsWith(prefix) ? uri.slice(prefix.length) : undefined;
}
