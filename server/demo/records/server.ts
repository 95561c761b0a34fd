import express, { Router, type Response } from 'express';
import { object, objects, text } from '../../../src/fhir/json.ts';
import { idOf, type Resource } from '../../../src/fhir/resource.ts';
import { system } from '../../../src/fhir/systems.ts';
import { searchset } from './as-source.ts';

/** A person whose record came from a file, ready to be served. */
export type ServedPerson = {
  readonly nhsNumber: string;
  /** What the demographics service answers. */
  readonly demographics: Resource;
  /** `fhir-r4`: the person's Patient and all else; `gp-connect`: the structured record. */
  readonly record:
    | { readonly kind: 'fhir-r4'; readonly patientId: string; readonly resources: readonly Resource[] }
    | { readonly kind: 'gp-connect'; readonly bundle: Resource };
};

/** Where the two sources of the records stand below the demo's origin. */
export const recordsPath = { r4: '/records/fhir', gpConnect: '/records/gp/fhir' } as const;

const capability: Resource = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: '2026-01-01',
  kind: 'instance',
  fhirVersion: '4.0.1',
  format: ['application/fhir+json'],
  rest: [
    {
      mode: 'server',
      resource: [
        {
          type: 'Patient',
          interaction: [{ code: 'read' }, { code: 'search-type' }],
          searchParam: [{ name: 'identifier', type: 'token' }],
          operation: [{ name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' }],
        },
      ],
    },
  ],
};

function send(response: Response, status: number, resource: Resource): void {
  response.status(status).type('application/fhir+json').send(JSON.stringify(resource));
}

function notFound(response: Response, code: string): void {
  send(response, 404, {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'not-found', details: { coding: [{ system: system.spineError, code }] } }],
  });
}

/** The NHS number in GP Connect's `Parameters`, or undefined. */
function askedFor(body: unknown): string | undefined {
  const parameter = objects(object(body)?.['parameter']).find((one) => one['name'] === 'patientNHSNumber');
  return text(object(parameter?.['valueIdentifier'])?.['value']);
}

/**
 * The sources of the people from files: an R4 server with `$everything`, a practice's GP Connect endpoint, and their
 * entries at the demographics service, which answers for everyone else as before (`next`).
 */
export function recordsServer(people: readonly ServedPerson[], demoUrl: string, pdsPath: string): Router {
  const router = Router();
  const byNumber = new Map(people.map((person) => [person.nhsNumber, person]));
  const r4 = people.flatMap((person) => (person.record.kind === 'fhir-r4' ? [{ ...person, ...person.record }] : []));
  const base = `${demoUrl}${recordsPath.r4}`;
  const byIdentifier = (token: unknown): Resource => {
    const value = typeof token === 'string' ? token.split('|').at(-1) : undefined;
    const found = r4.find((person) => person.nhsNumber === value);
    return searchset(found?.resources.filter((one) => one.resourceType === 'Patient') ?? [], base);
  };

  router.get(`${pdsPath}/Patient/:nhsNumber`, (request, response, next) => {
    const person = byNumber.get(request.params.nhsNumber);
    if (person === undefined) next();
    else send(response.set('ETag', 'W/"1"'), 200, person.demographics);
  });

  router.get(`${recordsPath.r4}/metadata`, (_request, response) => send(response, 200, capability));
  router.post(
    `${recordsPath.r4}/Patient/_search`,
    express.urlencoded({ extended: false, limit: '10kb' }),
    (request, response) => send(response, 200, byIdentifier(object(request.body)?.['identifier'])),
  );
  router.get(`${recordsPath.r4}/Patient`, (request, response) =>
    send(response, 200, byIdentifier(request.query['identifier'])),
  );
  router.get(`${recordsPath.r4}/Patient/:id/:operation`, (request, response) => {
    const person = r4.find((one) => one.patientId === request.params.id);
    if (person === undefined || request.params.operation !== '$everything') notFound(response, 'NO_RECORD_FOUND');
    else send(response, 200, searchset(person.resources, base));
  });
  router.get(`${recordsPath.r4}/Patient/:id`, (request, response) => {
    const person = r4.find((one) => one.patientId === request.params.id);
    const patient = person?.resources.find((one) => idOf(one) === request.params.id && one.resourceType === 'Patient');
    if (patient === undefined) notFound(response, 'NO_RECORD_FOUND');
    else send(response, 200, patient);
  });

  router.post(
    `${recordsPath.gpConnect}/Patient/:operation`,
    express.json({ type: () => true, limit: '100kb' }),
    (request, response) => {
      const person = byNumber.get(askedFor(request.body) ?? '');
      if (request.params.operation !== '$gpc.getstructuredrecord' || person?.record.kind !== 'gp-connect')
        notFound(response, 'PATIENT_NOT_FOUND');
      else send(response, 200, person.record.bundle);
    },
  );
  return router;
}
