/**
 * What an element of a resource means to the promise, as the promise tells it; this table is written from FHIR R4 and from
 * the promise, and not from the filter that it tries.
 * `concept` and `coding` say what the thing is, `service` whose it is, `words` what it is called or says; `remark` is said
 * about it; `document` is an Attachment. References: `hang` from part to whole, `made` who made or gave it and where, `down`
 * from whole to part, `point` anything else.
 */
export type ElementKind =
  'concept' | 'coding' | 'service' | 'words' | 'remark' | 'document' | 'hang' | 'made' | 'down' | 'point';

/** An element: its members from the resource down, `*` behind one that repeats, and what a reference in it may lead to. */
export type Element = { readonly path: string; readonly kind: ElementKind; readonly targets: readonly string[] };

/** A type: how it says whom it is about, what it must have, and its elements. */
export type ResourceType = {
  readonly type: string;
  /** The element that leads to the person; undefined: it is about nobody by nature. */
  readonly about: string | undefined;
  readonly base: Readonly<Record<string, unknown>>;
  readonly elements: readonly Element[];
};

const who = 'Practitioner|PractitionerRole|Organization';
const care = 'Encounter';

/** `kind: path path …; kind>Type|Type: path …`. */
function row(
  type: string,
  about: string | undefined,
  base: Readonly<Record<string, unknown>>,
  said: string,
): ResourceType {
  const elements = said.split(';').flatMap((part): readonly Element[] => {
    const [head = '', paths = ''] = part.split(':');
    const [kind = '', targets = ''] = head.trim().split('>');
    return paths
      .trim()
      .split(/\s+/)
      .filter((path) => path !== '')
      .map((path) => ({ path, kind: kind as ElementKind, targets: targets.split('|').filter((one) => one !== '') }));
  });
  return { type, about, base, elements };
}

const final = { status: 'final' } as const;
const active = { status: 'active' } as const;
const completed = { status: 'completed' } as const;

/** Every type that the facade serves but Patient, which is the demographics service's own, and Binary, which is opened. */
export const resourceTypes: readonly ResourceType[] = [
  row(
    'AllergyIntolerance',
    'patient',
    {},
    `concept: code; remark: note*.text reaction*.description; remark: reaction*.note*.text;
     point>${care}: encounter; point>${who}: recorder asserter`,
  ),
  row(
    'Appointment',
    'participant*.actor',
    { status: 'booked', start: '2026-12-01T10:00:00Z' },
    `concept: reasonCode* appointmentType cancelationReason; service: serviceType* specialty* serviceCategory*;
     words: description; remark: comment patientInstruction; hang>ServiceRequest: basedOn*;
     made>Location|HealthcareService: participant*.actor; point>Practitioner: participant*.actor;
     point>Condition|Procedure: reasonReference*; point>Observation|DocumentReference: supportingInformation*`,
  ),
  row(
    'CarePlan',
    'subject',
    { ...active, intent: 'plan' },
    `concept: category* activity*.outcomeCodeableConcept* activity*.detail.code activity*.detail.reasonCode*;
     words: title description activity*.detail.description; remark: note*.text activity*.progress*.text;
     hang>${care}: encounter; hang>CarePlan|ServiceRequest: basedOn*; hang>CarePlan: partOf*; made>Organization|CareTeam: author;
     point>CareTeam: careTeam*; point>Condition: addresses*; point>Observation|DocumentReference: supportingInfo*;
     point>Goal: goal*; point>MedicationRequest|ServiceRequest|Task: activity*.reference;
     point>Observation|Procedure: activity*.outcomeReference*; made>Location: activity*.detail.location`,
  ),
  row(
    'CareTeam',
    'subject',
    active,
    `concept: category* participant*.role* reasonCode*; words: name; remark: note*.text; hang>${care}: encounter;
     made>Organization: managingOrganization*; point>Condition: reasonReference*; point>Practitioner: participant*.member`,
  ),
  row(
    'ClinicalImpression',
    'subject',
    completed,
    `concept: code statusReason finding*.itemCodeableConcept prognosisCodeableConcept*; words: description summary finding*.basis;
     remark: note*.text; hang>${care}: encounter; point>ClinicalImpression: previous; point>Condition: problem* finding*.itemReference;
     point>Observation|DocumentReference: investigation*.item* supportingInfo*; point>RiskAssessment: prognosisReference*`,
  ),
  row(
    'Communication',
    'subject',
    completed,
    `concept: category* reasonCode* topic statusReason; words: payload*.contentString; remark: note*.text;
     document: payload*.contentAttachment; hang>${care}: encounter; hang>ServiceRequest|CarePlan: basedOn*; hang>Procedure|Communication: partOf*;
     made>Organization|PractitionerRole: sender; point>Condition: about* reasonReference*; point>DocumentReference: payload*.contentReference;
     point>Communication: inResponseTo*`,
  ),
  row(
    'Composition',
    'subject',
    { ...final, type: { text: 'Letter' }, date: '2026-10-02', title: 'Letter' },
    `concept: category* section*.code event*.code*; words: section*.title; hang>${care}: encounter;
     made>Organization|PractitionerRole: author* custodian; point>Condition|Procedure|Observation|MedicationStatement: section*.entry* event*.detail*;
     point>DocumentReference: section*.focus`,
  ),
  row(
    'Condition',
    'subject',
    {
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
    },
    `concept: code category* severity bodySite* stage*.summary evidence*.code*; words: onsetString abatementString; remark: note*.text;
     hang>${care}: encounter; made>PractitionerRole: recorder asserter; point>Observation|DiagnosticReport: evidence*.detail* stage*.assessment*`,
  ),
  row(
    'Consent',
    'patient',
    { ...active, scope: { text: 'Treatment' }, dateTime: '2026-08-01' },
    `concept: category* policyRule provision.code*; document: sourceAttachment; made>Organization: organization*; point>PractitionerRole: provision.actor*.reference;
     point>DocumentReference: sourceReference; point>Condition|Procedure: provision.data*.reference`,
  ),
  row(
    'DetectedIssue',
    'patient',
    final,
    `concept: code evidence*.code*; words: detail; remark: mitigation*.action.text;
     made>PractitionerRole: author; point>MedicationRequest|Condition|Procedure: implicated*; point>Observation: evidence*.detail*`,
  ),
  row(
    'Device',
    'patient',
    active,
    `concept: type statusReason* safety*; words: deviceName*.name property*.type.text; remark: note*.text; made>Organization: owner; made>Location: location;
     point>Device: parent`,
  ),
  row(
    'DeviceRequest',
    'subject',
    { ...active, intent: 'order' },
    `concept: codeCodeableConcept reasonCode* parameter*.code; remark: note*.text; hang>${care}: encounter; hang>ServiceRequest|CarePlan: basedOn*;
     made>PractitionerRole|Organization: requester performer; point>Condition: reasonReference*; point>Device: codeReference; point>Observation: supportingInfo*`,
  ),
  row(
    'DeviceUseStatement',
    'subject',
    active,
    `concept: reasonCode* bodySite; remark: note*.text; hang>ServiceRequest: basedOn*; point>Device: device; point>Condition: reasonReference*;
     point>Procedure|Observation: derivedFrom*`,
  ),
  row(
    'DiagnosticReport',
    'subject',
    final,
    `concept: code category* conclusionCode*; words: conclusion; document: presentedForm*; hang>${care}: encounter; hang>ServiceRequest|CarePlan: basedOn*;
     made>Organization|PractitionerRole|CareTeam: performer*; point>PractitionerRole: resultsInterpreter*; down>Observation: result*; down>Specimen: specimen*;
     point>ImagingStudy: imagingStudy*; point>Media: media*.link`,
  ),
  row(
    'DocumentReference',
    'subject',
    { status: 'current', date: '2026-10-02T09:00:00Z' },
    `concept: type category* context.event* context.facilityType; service: context.practiceSetting; words: description content*.attachment.title;
     document: content*.attachment; hang>${care}|EpisodeOfCare: context.encounter*; hang>ServiceRequest|Appointment: context.related*;
     made>Organization|PractitionerRole: author* custodian; point>PractitionerRole: authenticator; point>DocumentReference: relatesTo*.target`,
  ),
  row(
    'Encounter',
    'subject',
    { status: 'finished', class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' } },
    `concept: type* reasonCode* priority diagnosis*.use hospitalization.admitSource hospitalization.specialArrangement*; service: serviceType;
     hang>EpisodeOfCare: episodeOfCare*; hang>ServiceRequest: basedOn*; hang>Appointment: appointment*; hang>${care}: partOf;
     made>Organization: serviceProvider; made>Location: location*.location; made>PractitionerRole: participant*.individual;
     point>Condition|Procedure: diagnosis*.condition reasonReference*`,
  ),
  row(
    'EpisodeOfCare',
    'patient',
    active,
    `concept: type* diagnosis*.role; made>Organization: managingOrganization; made>PractitionerRole: careManager;
     point>Condition: diagnosis*.condition; point>ServiceRequest: referralRequest*; point>CareTeam: team*`,
  ),
  row(
    'FamilyMemberHistory',
    'patient',
    { ...completed, relationship: { text: 'Mother' } },
    `concept: reasonCode* condition*.code; words: name; remark: note*.text condition*.note*.text; remark: condition*.outcome.text;
     point>Condition|Observation: reasonReference*`,
  ),
  row(
    'Flag',
    'subject',
    active,
    `concept: code category*; hang>${care}: encounter; made>Organization|PractitionerRole: author`,
  ),
  row(
    'Goal',
    'subject',
    { lifecycleStatus: 'active' },
    `concept: description category* outcomeCode* target*.measure target*.detailCodeableConcept; words: statusReason target*.detailString; remark: note*.text;
     point>Condition|Observation: addresses* outcomeReference*; point>PractitionerRole: expressedBy`,
  ),
  row(
    'ImagingStudy',
    'subject',
    { status: 'available' },
    `concept: procedureCode* reasonCode*; coding: modality* series*.bodySite; words: description series*.description; remark: note*.text;
     hang>${care}: encounter; hang>ServiceRequest|CarePlan: basedOn*; made>Location: location; made>PractitionerRole: series*.performer*.actor;
     point>Condition: reasonReference*; point>Procedure: procedureReference; point>PractitionerRole: referrer`,
  ),
  row(
    'Immunization',
    'patient',
    { ...completed, occurrenceDateTime: '2026-10-01' },
    `concept: vaccineCode reasonCode* site route programEligibility* protocolApplied*.targetDisease*; words: lotNumber protocolApplied*.series; remark: note*.text;
     hang>${care}: encounter; made>Location: location; made>Organization|PractitionerRole: performer*.actor; point>Condition: reasonReference*;
     point>Observation: reaction*.detail; point>Organization: manufacturer`,
  ),
  row(
    'ImmunizationRecommendation',
    'patient',
    { date: '2026-10-01' },
    `concept: recommendation*.vaccineCode* recommendation*.targetDisease recommendation*.forecastReason*; words: recommendation*.description recommendation*.series;
     point>Organization: authority; point>Immunization: recommendation*.supportingImmunization*; point>Observation: recommendation*.supportingPatientInformation*`,
  ),
  row(
    'List',
    'subject',
    { status: 'current', mode: 'working' },
    `concept: code orderedBy entry*.flag; words: title; remark: note*.text; hang>${care}: encounter;
     point>Condition|Procedure|MedicationRequest|AllergyIntolerance|Observation|DocumentReference|Encounter|ServiceRequest: entry*.item; point>PractitionerRole: source`,
  ),
  row(
    'Media',
    'subject',
    completed,
    `concept: type modality view reasonCode* bodySite; words: deviceName; remark: note*.text; document: content; hang>${care}: encounter;
     hang>ServiceRequest|CarePlan: basedOn*; hang>Procedure|Observation: partOf*; point>PractitionerRole: operator; point>Device: device`,
  ),
  row(
    'MedicationAdministration',
    'subject',
    completed,
    `concept: medicationCodeableConcept reasonCode* category statusReason*; remark: note*.text dosage.text; hang>${care}: context; hang>Procedure: partOf*;
     hang>MedicationRequest: request; hang>Condition|Observation: reasonReference*; hang>Medication: medicationReference;
     made>PractitionerRole: performer*.actor; point>Observation: supportingInformation*; point>Device: device*`,
  ),
  row(
    'MedicationDispense',
    'subject',
    completed,
    `concept: medicationCodeableConcept type category statusReasonCodeableConcept; remark: note*.text dosageInstruction*.text dosageInstruction*.patientInstruction;
     hang>${care}: context; hang>MedicationRequest: authorizingPrescription*; hang>Procedure: partOf*; hang>Medication: medicationReference;
     made>Location: location; made>Organization|PractitionerRole: performer*.actor; point>Observation: supportingInformation*; point>DetectedIssue: detectedIssue*;
     point>Location: destination`,
  ),
  row(
    'MedicationRequest',
    'subject',
    { ...active, intent: 'order' },
    `concept: medicationCodeableConcept reasonCode* category* courseOfTherapyType statusReason; remark: note*.text dosageInstruction*.text dosageInstruction*.patientInstruction;
     hang>${care}: encounter; hang>ServiceRequest|CarePlan|MedicationRequest: basedOn*; hang>Condition|Observation: reasonReference*; hang>Medication: medicationReference;
     made>Organization|PractitionerRole: requester performer recorder; point>Observation: supportingInformation*; point>MedicationRequest: priorPrescription;
     point>DetectedIssue: detectedIssue*; point>Provenance: eventHistory*`,
  ),
  row(
    'MedicationStatement',
    'subject',
    active,
    `concept: medicationCodeableConcept reasonCode* category statusReason*; remark: note*.text dosage*.text dosage*.patientInstruction; hang>${care}|EpisodeOfCare: context;
     hang>MedicationRequest|CarePlan|ServiceRequest: basedOn*; hang>MedicationAdministration|MedicationDispense|Procedure: partOf*; hang>Condition|Observation: reasonReference*;
     hang>Medication: medicationReference; made>Organization|PractitionerRole: informationSource; point>MedicationRequest|Observation: derivedFrom*`,
  ),
  row(
    'Observation',
    'subject',
    final,
    `concept: code category* valueCodeableConcept interpretation* dataAbsentReason bodySite method component*.code component*.valueCodeableConcept;
     words: valueString component*.valueString referenceRange*.text; remark: note*.text; hang>${care}: encounter; hang>ServiceRequest|CarePlan|MedicationRequest: basedOn*;
     hang>Procedure|MedicationAdministration|ImagingStudy: partOf*; made>Organization|PractitionerRole|CareTeam: performer*; down>Observation: hasMember*; down>Specimen: specimen;
     point>Observation|DocumentReference|ImagingStudy: derivedFrom*; point>Condition|Procedure: focus*; point>Device: device`,
  ),
  row(
    'Procedure',
    'subject',
    completed,
    `concept: code category reasonCode* bodySite* complication* followUp* usedCode* statusReason; words: performedString; remark: note*.text; remark: outcome.text;
     hang>${care}: encounter; hang>ServiceRequest|CarePlan: basedOn*; hang>Procedure|Observation|MedicationAdministration: partOf*; hang>Condition|Observation|DiagnosticReport: reasonReference*;
     made>Location: location; made>Organization|PractitionerRole: performer*.actor recorder asserter; point>DiagnosticReport|DocumentReference: report*; point>Condition: complicationDetail*;
     point>Device: usedReference* focalDevice*.manipulated`,
  ),
  row(
    'Provenance',
    'target*',
    { recorded: '2026-10-02T09:00:00Z', agent: [{ who: { display: 'Records system' } }] },
    `concept: reason* activity; point>${who}: agent*.who; point>DocumentReference: entity*.what; made>Location: location`,
  ),
  row(
    'QuestionnaireResponse',
    'subject',
    completed,
    `concept: item*.answer*.valueCoding; words: item*.text item*.answer*.valueString item*.item*.text; hang>${care}: encounter; hang>ServiceRequest|CarePlan: basedOn*;
     hang>Procedure|Observation: partOf*; made>Organization|PractitionerRole: author; point>Condition|Observation: item*.answer*.valueReference; document: item*.answer*.valueAttachment`,
  ),
  row('RelatedPerson', 'patient', { active: true }, `concept: relationship*`),
  row(
    'RiskAssessment',
    'subject',
    final,
    `concept: code method reasonCode*; words: prediction*.rationale; remark: prediction*.outcome.text note*.text; remark: mitigation; hang>${care}: encounter;
     hang>ServiceRequest|CarePlan: basedOn; made>PractitionerRole: performer; point>Condition: condition reasonReference*; point>Observation|DocumentReference: basis*`,
  ),
  row(
    'ServiceRequest',
    'subject',
    { ...active, intent: 'order' },
    `concept: code category* reasonCode* orderDetail* bodySite* performerType locationCode* asNeededCodeableConcept; remark: note*.text patientInstruction; hang>${care}: encounter;
     hang>ServiceRequest|CarePlan|MedicationRequest: basedOn*; made>Organization|PractitionerRole|HealthcareService|CareTeam: requester performer*; made>Location: locationReference*;
     point>Condition|Observation|DiagnosticReport: reasonReference*; point>Observation|DocumentReference: supportingInfo*; point>ServiceRequest: replaces*; point>Specimen: specimen*; point>Provenance: relevantHistory*`,
  ),
  row(
    'Specimen',
    'subject',
    { status: 'available' },
    `concept: type condition* collection.method collection.bodySite collection.fastingStatusCodeableConcept container*.type; words: container*.description processing*.description; remark: note*.text;
     hang>ServiceRequest: request*; point>PractitionerRole: collection.collector; point>Specimen: parent*`,
  ),
  row(
    'Task',
    'for',
    { status: 'requested', intent: 'order' },
    `concept: code statusReason reasonCode businessStatus performerType* input*.type output*.type; words: description input*.valueString output*.valueString; remark: note*.text; hang>${care}: encounter;
     hang>ServiceRequest|CarePlan: basedOn*; hang>Task: partOf*; made>Organization|PractitionerRole|CareTeam|HealthcareService: owner requester; made>Location: location; point>ServiceRequest|MedicationRequest: focus;
     point>Condition|Observation: reasonReference input*.valueReference output*.valueReference; point>Provenance: relevantHistory*`,
  ),
  row('ResearchSubject', 'individual', { status: 'candidate' }, `words: assignedArm actualArm; point>Consent: consent`),
  row(
    'HealthcareService',
    undefined,
    { active: true },
    `concept: category* program* characteristic*; service: type* specialty*; words: name extraDetails; remark: comment; made>Organization: providedBy; made>Location: location*`,
  ),
  row(
    'Location',
    undefined,
    active,
    `concept: type* physicalType; words: name alias* description; made>Organization: managingOrganization; hang>Location: partOf`,
  ),
  row(
    'Medication',
    undefined,
    active,
    `concept: code form ingredient*.itemCodeableConcept; hang>Medication|Substance: ingredient*.itemReference; point>Organization: manufacturer`,
  ),
  row('Organization', undefined, { active: true }, `concept: type*; words: name alias*; hang>Organization: partOf`),
  row(
    'Practitioner',
    undefined,
    { active: true },
    `concept: qualification*.code; point>Organization: qualification*.issuer`,
  ),
  row(
    'PractitionerRole',
    undefined,
    { active: true },
    `concept: code*; service: specialty*; words: availabilityExceptions; point>Practitioner: practitioner; made>Organization: organization; made>Location: location*; made>HealthcareService: healthcareService*`,
  ),
  row('Substance', undefined, active, `concept: code category*; words: description`),
];

const byName = new Map(resourceTypes.map((one) => [one.type, one]));

/** A type by its name. @throws for one that is not served */
export function resourceType(type: string): ResourceType {
  const found = byName.get(type);
  if (found === undefined) throw new Error(`no type ${type} is known here`);
  return found;
}

/** Types that are a service, or a place, team or role of one: what was made there goes with them. */
export const serviceTypes: readonly string[] = [
  'HealthcareService',
  'Location',
  'Organization',
  'PractitionerRole',
  'CareTeam',
];

/** Every element of certain kinds in every type. */
export function elementsOf(
  ...kinds: readonly ElementKind[]
): readonly { readonly of: ResourceType; readonly element: Element }[] {
  return resourceTypes.flatMap((of) =>
    of.elements.filter((element) => kinds.includes(element.kind)).map((element) => ({ of, element })),
  );
}
