import type { AddressInfo } from 'node:net';
import express from 'express';
import { Events, OAuth2Server } from 'oauth2-mock-server';

/** A SMART sandbox that others wrote: `oauth2-mock-server` authorizes, and a small FHIR server stands in front of it. */
export type SandboxHost = {
  /** Its FHIR base, as it stands in a launch. */
  readonly iss: string;
  /** What its FHIR server was asked, with the `Authorization` that came. */
  readonly asked: readonly { readonly path: string; readonly authorization: string | undefined }[];
  /** The authorization requests that came, by their parameters. */
  readonly authorized: readonly URLSearchParams[];
  readonly stop: () => Promise<void>;
};

const patientId = 'synthetic-87';
const about = { subject: { reference: `Patient/${patientId}` } };
const words = (text: string) => ({ text });
const status = (system: string, code: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }],
});

/** A synthetic patient as sandboxes have them: no NHS number, codes of another country, a staff member. */
const resources = [
  {
    resourceType: 'Patient',
    id: patientId,
    identifier: [{ system: 'http://hospital.smarthealthit.org', value: 'smart-87' }],
    name: [{ use: 'official', family: 'Larch', given: ['Ada', 'M.'] }],
    gender: 'female',
    birthDate: '2007-03-20',
  },
  {
    resourceType: 'Practitioner',
    id: 'smart-doctor',
    name: [{ prefix: ['Dr.'], given: ['Albertine'], family: 'Orn' }],
  },
  {
    resourceType: 'Condition',
    id: 'c1',
    ...about,
    clinicalStatus: status('condition-clinical', 'active'),
    code: words('Otitis media'),
    onsetDateTime: '2026-02-11',
  },
  {
    resourceType: 'AllergyIntolerance',
    id: 'a1',
    patient: about.subject,
    clinicalStatus: status('allergyintolerance-clinical', 'active'),
    verificationStatus: status('allergyintolerance-verification', 'confirmed'),
    code: words('Sulfonamide antibacterial'),
    reaction: [{ manifestation: [words('Skin rash')] }],
  },
  {
    resourceType: 'Observation',
    id: 'o1',
    ...about,
    status: 'final',
    category: [status('observation-category', 'vital-signs')],
    code: { coding: [{ system: 'http://loinc.org', code: '8302-2', display: 'Body height' }], text: 'Height' },
    effectiveDateTime: '2026-05-02',
    valueQuantity: { value: 151.2, unit: 'cm', system: 'http://unitsofmeasure.org', code: 'cm' },
  },
] as const;

const capability = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  kind: 'instance',
  fhirVersion: '4.0.1',
  format: ['json'],
  rest: [
    {
      mode: 'server',
      resource: [...new Set(resources.map(({ resourceType }) => resourceType))].map((type) => ({
        type,
        interaction: [{ code: 'read' }, { code: 'search-type' }],
        searchParam: [{ name: 'patient', type: 'reference' }],
      })),
    },
  ],
};

/** Starts one on free ports of this machine. */
export async function openSandboxHost(): Promise<SandboxHost> {
  const authorization = new OAuth2Server();
  await authorization.issuer.keys.generate('RS256');
  await authorization.start(0, '127.0.0.1');
  const issuer = authorization.issuer.url ?? '';
  const asked: { readonly path: string; readonly authorization: string | undefined }[] = [];
  const authorized: URLSearchParams[] = [];
  const issued = new Set<unknown>();
  const { service } = authorization;
  service.on(Events.BeforeTokenSigning, (token: { payload: Record<string, unknown> }) => {
    // Relative, as the public launcher says it.
    token.payload['fhirUser'] = 'Practitioner/smart-doctor';
  });
  service.on(Events.BeforeAuthorizeRedirect, (_to: unknown, request: { url: string }) => {
    authorized.push(new URL(request.url, issuer).searchParams);
  });
  service.on(Events.BeforeResponse, (answer: { body: Record<string, unknown> }) => {
    issued.add(answer.body['access_token']);
    Object.assign(answer.body, { patient: patientId, need_patient_banner: true });
  });

  const app = express();
  const base = '/v/r4/fhir';
  app.get(`${base}/.well-known/smart-configuration`, (_request, response) => {
    response.json({
      issuer,
      jwks_uri: `${issuer}/jwks`,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      capabilities: ['launch-ehr', 'client-public', 'sso-openid-connect', 'context-ehr-patient', 'permission-v2'],
    });
  });
  app.get(`${base}/metadata`, (_request, response) => void response.json(capability));
  app.use(base, (request, response, next) => {
    const header = request.headers.authorization;
    asked.push({ path: request.url, authorization: header });
    if (issued.has(header?.replace(/^Bearer /, ''))) next();
    else response.status(401).json({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'login' }] });
  });
  app.get(`${base}/:type/:id`, (request, response) => {
    const { type, id } = request.params;
    const found = resources.find((one) => one.resourceType === type && one.id === id);
    response.status(found === undefined ? 404 : 200).json(found ?? { resourceType: 'OperationOutcome', issue: [] });
  });
  app.get(`${base}/:type`, (request, response) => {
    const found = resources.filter((one) => one.resourceType === request.params.type && one.id !== 'smart-doctor');
    const { patient } = request.query;
    const mine = typeof patient === 'string' && patient.endsWith(patientId) ? found : [];
    response.json({
      resourceType: 'Bundle',
      type: 'searchset',
      total: mine.length,
      entry: mine.map((resource) => ({ resource, search: { mode: 'match' } })),
    });
  });
  const server = await new Promise<ReturnType<typeof app.listen>>((done) => {
    const listening = app.listen(0, '127.0.0.1', () => done(listening));
  });
  // A server on a port has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return {
    iss: `http://127.0.0.1:${port}${base}`,
    asked,
    authorized,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await authorization.stop();
    },
  };
}
