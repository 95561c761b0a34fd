import type { Resource } from '../../src/fhir/resource.ts';
import { ohc, system } from '../../src/fhir/systems.ts';
import type { AuditEntry } from './entry.ts';

const terminology = 'http://terminology.hl7.org/CodeSystem';
const dicom = 'http://dicom.nema.org/resources/ontology/DCM';
const restful = 'http://hl7.org/fhir/restful-interaction';
const balp = 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType';

const coding = (uri: string, code: string, display: string) => ({ system: uri, code, display });
const rest = coding(`${terminology}/audit-event-type`, 'rest', 'RESTful Operation');

const interactions = {
  C: coding(restful, 'create', 'create'),
  R: coding(restful, 'read', 'read'),
  U: coding(restful, 'update', 'update'),
  D: coding(restful, 'delete', 'delete'),
  E: coding(restful, 'operation', 'operation'),
} as const;

const types = {
  launch: coding(dicom, '110114', 'User Authentication'),
  authorization: coding(dicom, '110114', 'User Authentication'),
  registration: coding(dicom, '110113', 'Security Alert'),
  disclosure: rest,
  look: coding(dicom, '110110', 'Patient Record'),
  objection: rest,
  administration: coding(dicom, '110100', 'Application Activity'),
} as const;

/** A record was given, or looked at, for the person's care. */
const isForCare = ({ type }: AuditEntry): boolean => type === 'disclosure' || type === 'look';

const outcomes = { success: '0', refused: '4', failed: '8' } as const;

/** The clinician as they were called then: a later change of name or role changes nothing that was written. */
function userAgent(entry: AuditEntry) {
  const { user, role, organisation } = entry;
  if (user === undefined) return [];
  return [
    {
      type: { coding: [coding(`${terminology}/v3-ParticipationType`, 'IRCP', 'information recipient')] },
      ...(role === undefined ? {} : { role: [{ coding: [{ system: system.sdsJobRole, code: role }] }] }),
      who: { identifier: { value: user.id, assigner: { display: user.host } }, display: user.name },
      name: user.name,
      requestor: true,
      ...(organisation === undefined ? {} : { altId: organisation.ods }),
      ...(isForCare(entry) ? { purposeOfUse: purposes(entry) } : {}),
    },
  ];
}

const treatment = { coding: [coding(`${terminology}/v3-ActReason`, 'TREAT', 'treatment')] };

/** Why: for treatment, and in their own words where the user found the person by hand and said so. */
function purposes({ purpose }: AuditEntry) {
  return purpose === undefined
    ? [treatment]
    : [treatment, { coding: [{ system: ohc.accessReason, code: purpose.code }], text: purpose.text }];
}

function organisationAgent(entry: AuditEntry) {
  const { organisation } = entry;
  if (organisation === undefined) return [];
  return [
    {
      type: { coding: [coding(`${terminology}/v3-RoleClass`, 'PROV', 'healthcare provider')] },
      who: { identifier: { system: system.odsOrganisation, value: organisation.ods }, display: organisation.name },
      name: organisation.name,
      requestor: false,
    },
  ];
}

function clientAgent(entry: AuditEntry) {
  if (entry.clientId === undefined) return [];
  return [
    {
      type: { coding: [coding(dicom, '110150', 'Application')] },
      who: { identifier: { value: entry.clientId } },
      requestor: entry.user === undefined,
    },
  ];
}

const launchEntity = (launchId: string) => ({
  what: { identifier: { value: launchId } },
  type: coding(balp, 'XrequestId', 'Transaction identifier'),
});

/** What stands in every event of one launch, and in no other. */
export function ofLaunch(launchId: string) {
  return { entity: [launchEntity(launchId)] };
}

function entities(entry: AuditEntry) {
  const { nhsNumber, hostPatient, launchId, detail } = entry;
  const identifier =
    hostPatient === undefined
      ? { system: system.nhsNumber, value: nhsNumber }
      : { value: hostPatient.id, assigner: { display: hostPatient.host } };
  const patient = {
    what: { type: 'Patient', identifier },
    type: coding(`${terminology}/audit-entity-type`, '1', 'Person'),
    role: coding(`${terminology}/object-role`, '1', 'Patient'),
  };
  const given = {
    type: coding(`${terminology}/audit-entity-type`, '2', 'System Object'),
    role: coding(`${terminology}/object-role`, '24', 'Query'),
    detail: Object.entries(detail ?? {}).map(([type, value]) => ({
      type,
      valueString: Array.isArray(value) ? value.join(' ') : String(value),
    })),
  };
  return [
    ...(nhsNumber === undefined && hostPatient === undefined ? [] : [patient]),
    ...(launchId === undefined ? [] : [launchEntity(launchId)]),
    ...(given.detail.length === 0 ? [] : [given]),
  ];
}

/**
 * An entry as a FHIR R4 AuditEvent in the shape of IHE BALP: who (with name, role and organisation as at the time),
 * through which application, on whose record, with what outcome. `site` is the base URL of this server.
 */
export function auditEventOf(entry: AuditEntry, id: string, recorded: Date, site: string): Resource {
  const agents = [...userAgent(entry), ...organisationAgent(entry), ...clientAgent(entry)];
  const server = {
    type: { coding: [coding(dicom, '110150', 'Application')] },
    who: { identifier: { value: site } },
    requestor: !agents.some((agent) => agent.requestor),
  };
  const entity = entities(entry);
  return {
    resourceType: 'AuditEvent',
    id,
    type: types[entry.type],
    subtype: [
      ...(types[entry.type] === rest ? [interactions[entry.action]] : []),
      { system: ohc.auditType, code: entry.type },
    ],
    action: entry.action,
    recorded: recorded.toISOString(),
    outcome: outcomes[entry.outcome],
    ...(entry.reason === undefined ? {} : { outcomeDesc: entry.reason }),
    ...(isForCare(entry) ? { purposeOfEvent: purposes(entry) } : {}),
    agent: [...agents, server],
    source: {
      site,
      observer: { identifier: { value: site }, display: 'One Health and Care' },
      type: [coding(`${terminology}/security-source-type`, '4', 'Application Server')],
    },
    ...(entity.length === 0 ? {} : { entity }),
  };
}
