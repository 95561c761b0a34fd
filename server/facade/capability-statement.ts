import type { Resource } from '../../src/fhir/resource.ts';
import { ohc } from '../../src/fhir/systems.ts';
import { includesOf, parametersOf, servedTypes, type SearchParameter } from './search/parameter.ts';

const kinds: Readonly<Record<SearchParameter['kind'], string>> = {
  token: 'token',
  id: 'token',
  date: 'date',
  reference: 'reference',
  person: 'reference',
};

/** A type as the routes serve it, from the same table that they read. */
function resourceOf(type: string) {
  const includes = includesOf(type).map((one) => `${type}:${one.name}`);
  return {
    type,
    // A user may correct what they said of themselves: own-profile.ts.
    interaction: [{ code: 'read' }, { code: 'search-type' }, ...(type === 'Practitioner' ? [{ code: 'update' }] : [])],
    versioning: 'no-version',
    readHistory: false,
    updateCreate: false,
    conditionalCreate: false,
    conditionalRead: 'not-supported',
    ...(includes.length === 0 ? {} : { searchInclude: includes }),
    searchParam: (parametersOf(type) ?? []).map(({ name, kind }) => ({ name, type: kinds[kind] })),
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
    implementation: { description: 'Federated shared care record, read-only', url: `${baseUrl}/fhir` },
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
        resource: [...servedTypes.map(resourceOf), binary].toSorted((a, b) => (a.type < b.type ? -1 : 1)),
        interaction: [{ code: 'batch', documentation: 'Reads and searches by GET, each answered by itself.' }],
      },
    ],
  };
}
