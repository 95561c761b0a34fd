/** One search parameter of a type: what kind of value it takes, and the elements of the resource that it reads. */
export type SearchParameter = {
  readonly name: string;
  readonly kind: 'token' | 'date' | 'reference' | 'id' | 'person';
  /** Paths from the resource down; a list on the way means any of its members. */
  readonly paths: readonly string[];
};

const parameter =
  (kind: SearchParameter['kind']) =>
  (name: string, ...paths: readonly string[]): SearchParameter => ({ name, kind, paths });
const token = parameter('token');
const date = parameter('date');
const reference = parameter('reference');

const status = token('status', 'status');
const type = token('type', 'type');
const category = token('category', 'category');
const code = token('code', 'code');
const intent = token('intent', 'intent');
const encounter = reference('encounter', 'encounter');
const medicine = [
  token('code', 'medicationCodeableConcept'),
  reference('medication', 'medicationReference'),
] as const satisfies readonly SearchParameter[];

/** Every type can be asked for by these. */
const ofAll: readonly SearchParameter[] = [
  { name: '_id', kind: 'id', paths: ['id'] },
  date('_lastUpdated', 'meta.lastUpdated'),
];
/** The person: the launch's own, or nobody. */
const ofPerson: readonly SearchParameter[] = [
  { name: 'patient', kind: 'person', paths: ['patient', 'subject', 'for', 'participant.actor'] },
];
const subject: SearchParameter = { name: 'subject', kind: 'person', paths: ['subject'] };

/** The types that are about the person, each with its own parameters: those of US Core and UK Core that apps use. */
const clinical: Readonly<Record<string, readonly SearchParameter[]>> = {
  AllergyIntolerance: [
    token('clinical-status', 'clinicalStatus'),
    token('verification-status', 'verificationStatus'),
    token('code', 'code', 'reaction.substance'),
    token('criticality', 'criticality'),
    type,
    category,
    date('date', 'recordedDate'),
  ],
  Appointment: [
    status,
    date('date', 'start'),
    token('service-type', 'serviceType'),
    token('specialty', 'specialty'),
    reference('actor', 'participant.actor'),
    reference('location', 'participant.actor'),
  ],
  CarePlan: [subject, status, category, intent, date('date', 'period'), encounter],
  CareTeam: [subject, status, category, date('date', 'period'), reference('participant', 'participant.member')],
  ClinicalImpression: [subject, status, date('date', 'effectiveDateTime', 'effectivePeriod'), encounter],
  Communication: [subject, status, category, date('sent', 'sent'), encounter],
  Composition: [subject, status, type, category, date('date', 'date'), encounter],
  Condition: [
    subject,
    token('clinical-status', 'clinicalStatus'),
    token('verification-status', 'verificationStatus'),
    category,
    code,
    date('onset-date', 'onsetDateTime', 'onsetPeriod'),
    date('abatement-date', 'abatementDateTime', 'abatementPeriod'),
    date('recorded-date', 'recordedDate'),
    encounter,
  ],
  Consent: [status, category, token('scope', 'scope'), date('date', 'dateTime'), date('period', 'provision.period')],
  DetectedIssue: [code, date('identified', 'identifiedDateTime', 'identifiedPeriod')],
  Device: [type, status],
  DeviceRequest: [subject, status, intent, token('code', 'codeCodeableConcept'), encounter],
  DeviceUseStatement: [subject, reference('device', 'device')],
  DiagnosticReport: [
    subject,
    status,
    category,
    code,
    date('date', 'effectiveDateTime', 'effectivePeriod'),
    date('issued', 'issued'),
    encounter,
    reference('result', 'result'),
    reference('performer', 'performer'),
    reference('specimen', 'specimen'),
  ],
  DocumentReference: [
    subject,
    status,
    type,
    category,
    date('date', 'date'),
    date('period', 'context.period'),
    reference('encounter', 'context.encounter'),
    reference('author', 'author'),
    reference('custodian', 'custodian'),
  ],
  Encounter: [
    subject,
    status,
    token('class', 'class'),
    type,
    date('date', 'period'),
    reference('participant', 'participant.individual'),
    reference('location', 'location.location'),
    reference('service-provider', 'serviceProvider'),
  ],
  EpisodeOfCare: [status, type, date('date', 'period'), reference('organization', 'managingOrganization')],
  FamilyMemberHistory: [status, token('code', 'condition.code'), date('date', 'date')],
  Flag: [subject, date('date', 'period'), encounter],
  Goal: [
    subject,
    token('lifecycle-status', 'lifecycleStatus'),
    category,
    date('start-date', 'startDate'),
    date('target-date', 'target.dueDate'),
  ],
  ImagingStudy: [subject, status, token('modality', 'modality'), date('started', 'started'), encounter],
  Immunization: [
    status,
    token('vaccine-code', 'vaccineCode'),
    date('date', 'occurrenceDateTime'),
    reference('location', 'location'),
    reference('performer', 'performer.actor'),
  ],
  ImmunizationRecommendation: [token('vaccine-type', 'recommendation.vaccineCode'), date('date', 'date')],
  List: [subject, status, code, date('date', 'date'), encounter, reference('item', 'entry.item')],
  Media: [subject, status, type, date('created', 'createdDateTime', 'createdPeriod'), encounter],
  MedicationAdministration: [
    subject,
    status,
    ...medicine,
    date('effective-time', 'effectiveDateTime', 'effectivePeriod'),
  ],
  MedicationDispense: [
    subject,
    status,
    type,
    ...medicine,
    date('whenhandedover', 'whenHandedOver'),
    date('whenprepared', 'whenPrepared'),
    reference('prescription', 'authorizingPrescription'),
  ],
  MedicationRequest: [
    subject,
    status,
    intent,
    category,
    ...medicine,
    date('authoredon', 'authoredOn'),
    encounter,
    reference('requester', 'requester'),
  ],
  MedicationStatement: [
    subject,
    status,
    category,
    ...medicine,
    date('effective', 'effectiveDateTime', 'effectivePeriod'),
    reference('source', 'informationSource'),
  ],
  Observation: [
    subject,
    status,
    category,
    code,
    token('combo-code', 'code', 'component.code'),
    token('component-code', 'component.code'),
    date('date', 'effectiveDateTime', 'effectivePeriod', 'effectiveInstant'),
    encounter,
    reference('has-member', 'hasMember'),
    reference('performer', 'performer'),
    reference('specimen', 'specimen'),
  ],
  Procedure: [
    subject,
    status,
    category,
    code,
    date('date', 'performedDateTime', 'performedPeriod'),
    encounter,
    reference('performer', 'performer.actor'),
  ],
  Provenance: [reference('target', 'target'), date('recorded', 'recorded'), reference('agent', 'agent.who')],
  QuestionnaireResponse: [subject, status, date('authored', 'authored'), encounter, reference('author', 'author')],
  RelatedPerson: [token('relationship', 'relationship')],
  RiskAssessment: [subject, date('date', 'occurrenceDateTime', 'occurrencePeriod'), encounter],
  ServiceRequest: [
    subject,
    status,
    intent,
    category,
    code,
    date('authored', 'authoredOn'),
    encounter,
    reference('requester', 'requester'),
    reference('performer', 'performer'),
  ],
  Specimen: [subject, status, type, date('collected', 'collection.collectedDateTime', 'collection.collectedPeriod')],
  Task: [subject, status, intent, code, date('authored-on', 'authoredOn'), reference('owner', 'owner'), encounter],
  ResearchSubject: [status],
};

/** The types that are about nobody: people, places and things that the record points at. */
const supporting: Readonly<Record<string, readonly SearchParameter[]>> = {
  HealthcareService: [reference('organization', 'providedBy')],
  Location: [status, type, reference('organization', 'managingOrganization')],
  Medication: [status, code],
  Organization: [type],
  Practitioner: [],
  PractitionerRole: [
    reference('practitioner', 'practitioner'),
    reference('organization', 'organization'),
    reference('location', 'location'),
    token('role', 'code'),
    token('specialty', 'specialty'),
  ],
  Substance: [code],
};

const table: ReadonlyMap<string, readonly SearchParameter[]> = new Map([
  ['Patient', ofAll],
  ...Object.entries(clinical).map(([type, own]) => [type, [...ofAll, ...ofPerson, ...own]] as const),
  ...Object.entries(supporting).map(([type, own]) => [type, [...ofAll, ...own]] as const),
]);

/** The resource types that this server can be asked for, in the order of the alphabet. */
export const servedTypes: readonly string[] = [...table.keys()].toSorted();

/** The types that are about nobody by nature. */
export const supportingTypes: ReadonlySet<string> = new Set(Object.keys(supporting));

/** The search parameters of a type, or undefined for a type that is not served. */
export function parametersOf(type: string): readonly SearchParameter[] | undefined {
  return table.get(type);
}

/** What `_include` may follow from a type: `Type:parameter`. */
export function includesOf(type: string): readonly SearchParameter[] {
  return (table.get(type) ?? []).filter((one) => one.kind === 'reference' || one.kind === 'person');
}

/** What `_sort` may order a type by. */
export function sortsOf(type: string): readonly SearchParameter[] {
  return (table.get(type) ?? []).filter((one) => one.kind === 'date' || one.kind === 'id');
}
