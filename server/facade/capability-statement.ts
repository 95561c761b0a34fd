import type { Resource } from '../../src/fhir/resource.ts';
import { ohc } from '../../src/fhir/systems.ts';
import { auditParameters } from './governance/audit-events.ts';
import { consentParameters } from './governance/consent-register.ts';
import { includesOf, parametersOf, servedTypes, type SearchParameter } from './search/parameter.ts';

const kinds: Readonly<Record<SearchParameter['kind'], string>> = {
  token: 'token',
  id: 'token',
  date: 'date',
  reference: 'reference',
  person: 'reference',
};

/** What besides reading can be done: correct oneself (own-profile.ts), object and decide (governance/routes.ts). */
const more: Readonly<Record<string, readonly string[]>> = { Practitioner: ['update'], Consent: ['create', 'update'] };

const registerWords =
  'With patient/Consent: consents of the record. With user/Consent: the objections register; patient:identifier by POST alone.';

/** The parameters by which the register and the trail are searched, but those that are there already. */
function governing(names: readonly string[], besides: readonly SearchParameter[] = []) {
  return names
    .filter((name) => !besides.some((one) => one.name === name))
    .map((name) => ({ name, type: name === 'date' ? 'date' : 'token' }));
}

const auditEvent = {
  type: 'AuditEvent',
  interaction: [{ code: 'read' }, { code: 'search-type' }],
  versioning: 'no-version',
  readHistory: false,
  updateCreate: false,
  conditionalCreate: false,
  conditionalRead: 'not-supported',
  searchParam: governing(auditParameters),
  documentation: 'With user/AuditEvent: the audit trail, latest first; who is meant by POST alone.',
};

/** A type as the routes serve it, from the same table that they read. */
function resourceOf(type: string) {
  const includes = includesOf(type).map((one) => `${type}:${one.name}`);
  return {
    type,
    interaction: [{ code: 'read' }, { code: 'search-type' }, ...(more[type] ?? []).map((code) => ({ code }))],
    versioning: 'no-version',
    readHistory: false,
    updateCreate: false,
    conditionalCreate: false,
    conditionalRead: 'not-supported',
    ...(includes.length === 0 ? {} : { searchInclude: includes }),
    searchParam: [
      ...(parametersOf(type) ?? []).map(({ name, kind }) => ({ name, type: kinds[kind] })),
      ...(type === 'Consent' ? governing(consentParameters, parametersOf(type)) : []),
    ],
    ...(type === 'Consent' ? { documentation: registerWords } : {}),
    ...(type === 'Patient'
      ? {
          operation: [
            { name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' },
            { name: 'summary', definition: 'http://hl7.org/fhir/uv/ips/OperationDefinition/summary' },
            { name: 'standing', definition: ohc.standing },
          ],
        }
      : {}),
  };
}

/** Documents: opened one by one by the links that lead to them, and never searched. */
const binary = {
  type: 'Binary',
  interaction: [{ code: 'read' }],
  versioning: 'no-version',
  readHistory: false,
  documentation:
    'The document itself, with Range; with Accept: application/fhir+json a Binary resource. Ids stand in the attachments of what was released.',
};

/** What this server does, no more: it is made of the tables that the routes are made of. */
export function capabilityStatement(baseUrl: string): Resource {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-21',
    kind: 'instance',
    software: { name: 'One Health and Care' },
    implementation: {
      description: 'Federated shared care record, read-only, with its objections register and audit trail',
      url: `${baseUrl}/fhir`,
    },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'application/fhir+ndjson'],
    rest: [
      {
        mode: 'server',
        security: {
          service: [
            {
              coding: [
                { system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' },
              ],
            },
          ],
          extension: [
            {
              url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
              extension: [
                { url: 'authorize', valueUri: `${baseUrl}/auth/auth` },
                { url: 'token', valueUri: `${baseUrl}/auth/token` },
              ],
            },
          ],
        },
        resource: [...servedTypes.map(resourceOf), auditEvent, binary].toSorted((a, b) => (a.type < b.type ? -1 : 1)),
        interaction: [{ code: 'batch', documentation: 'Reads and searches by GET, each answered by itself.' }],
      },
    ],
  };
}
