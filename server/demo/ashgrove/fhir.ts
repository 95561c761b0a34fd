import type { Request, RequestHandler } from 'express';
import { setTimeout as wait } from 'node:timers/promises';
import type { Resource } from '../../../src/fhir/resource.ts';
import { system as fhirSystem } from '../../../src/fhir/systems.ts';
import { ashgrove, type HostUser } from '../hosts/host.ts';
import type { SystemRecord } from '../chart/chart.ts';
import { r4Server, type R4Records } from '../serve/fhir-r4.ts';
import { operationOutcome, written, type Reply } from '../serve/reply.ts';
import type { AshgroveAccess, AshgroveAuthorization } from './authorization.ts';
import { ashgroveSystem } from './system.ts';

const registers: Readonly<Record<string, string>> = { GMC: 'gmc', NMC: 'nmc', HCPC: 'hcpc' };

/** Whose role Ashgrove asserts: the ID token of these names a PractitionerRole, that of the doctors a Practitioner. */
function assertsRole(user: HostUser): boolean {
  return user.role !== 'R8000';
}

/** The path of a user's resource below the FHIR server, as `fhirUser` names it. */
export function fhirUserOf(userId: string): string {
  const user = ashgrove.users.find((one) => one.id === userId);
  return user !== undefined && assertsRole(user) ? `PractitionerRole/${userId}` : `Practitioner/${userId}`;
}

/** A member of Ashgrove's staff, as Practitioner or as the role that they hold there. */
function staffResource(type: string, userId: string): Resource | undefined {
  const user = ashgrove.users.find((one) => one.id === userId);
  if (user === undefined) return undefined;
  const [prefix = '', given = '', family = ''] = user.name.split(' ');
  const register = user.registration === undefined ? undefined : registers[user.registration.body];
  if (type === 'Practitioner')
    return {
      resourceType: 'Practitioner',
      id: user.id,
      active: true,
      ...(register === undefined
        ? {}
        : {
            identifier: [
              { system: `https://fhir.hl7.org.uk/Id/${register}-number`, value: user.registration?.number ?? '' },
            ],
          }),
      name: [{ use: 'official', prefix: [prefix], given: [given], family }],
    };
  if (type !== 'PractitionerRole') return undefined;
  return {
    resourceType: 'PractitionerRole',
    id: user.id,
    active: true,
    practitioner: { reference: `Practitioner/${user.id}`, display: user.name },
    organization: { identifier: { system: fhirSystem.odsOrganisation, value: ashgrove.organisation } },
    code: [{ coding: [{ system: fhirSystem.sdsJobRole, code: user.role, display: user.post }] }],
  };
}

function refused(status: number, issue: string, words: string): Reply {
  return {
    status,
    ...(status === 401 ? { headers: { 'www-authenticate': 'Bearer' } } : {}),
    body: operationOutcome('error', issue, { system: fhirSystem.spineError, code: 'ACCESS_DENIED' }, words),
  };
}

/** A user's own resources go with `fhirUser`; the others of the directory want a scope of their type. */
function mayReadStaff(access: AshgroveAccess, type: string, id: string): boolean {
  const own = id === access.userId && access.scopes.includes('fhirUser');
  return own || access.scopes.some((one) => one.startsWith('user/*.') || one.startsWith(`user/${type}.`));
}

export type AshgroveFhirOptions = {
  readonly authorization: AshgroveAuthorization;
  /** The record of that Patient id. */
  readonly recordOf: (patientId: string) => SystemRecord | undefined;
  readonly clock: () => number;
  readonly demoUrl: string;
};

/** Ashgrove's FHIR server: without a token it answers 401; with one it knows the one person that was open, and the staff. */
export function ashgroveFhir({ authorization, recordOf, clock, demoUrl }: AshgroveFhirOptions): RequestHandler {
  /** What a token lets one see: nobody else's record is there. */
  const recordsFor = (access: AshgroveAccess): R4Records => {
    const record = recordOf(access.patientId);
    const holds = (type: string, id: string): boolean =>
      record !== undefined &&
      (record.letters.has(id) || record.resources.some((one) => one.resourceType === type && one['id'] === id));
    return {
      byNhsNumber: (nhsNumber) => (nhsNumber !== '' && record?.person.nhsNumber === nhsNumber ? record : undefined),
      byPatientId: (id) => (id === access.patientId ? record : undefined),
      holding: (type, id) => (holds(type, id) ? record : undefined),
    };
  };

  const answer = async (request: Request, path: readonly string[], query: URLSearchParams): Promise<Reply> => {
    const [type = '', id] = path;
    if (path.join('/') === '.well-known/smart-configuration')
      return {
        status: 200,
        headers: { 'access-control-allow-origin': '*' },
        body: { type: 'application/json', bytes: Buffer.from(JSON.stringify(authorization.smartConfiguration)) },
      };
    const access = await authorization.access(request.headers.authorization);
    const open = type === 'metadata';
    if (access === undefined && !open) return refused(401, 'login', 'An access token is needed.');
    if (access !== undefined && id !== undefined && path.length === 2) {
      const staff = staffResource(type, id);
      if (staff !== undefined)
        return mayReadStaff(access, type, id)
          ? { status: 200, body: staff }
          : refused(403, 'forbidden', `No scope for ${type}.`);
    }
    if (access !== undefined && !access.scopes.some((one) => /^patient\/(\*|[A-Z]\w+)\./.test(one)))
      return refused(403, 'forbidden', 'No scope for patients.');
    const records = recordsFor(access ?? { userId: '', patientId: '', scopes: [] });
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    );
    return r4Server(
      ashgroveSystem,
      records,
      clock,
    )({
      method: request.method,
      path,
      query,
      headers,
      body: '',
      base: `${demoUrl}${ashgroveSystem.path}`,
      url: request.originalUrl,
    });
  };

  return async (request, response) => {
    const url = new URL(request.originalUrl, demoUrl);
    const path = url.pathname
      .slice(ashgroveSystem.path.length)
      .split('/')
      .filter((part) => part !== '');
    const query = new URLSearchParams(url.search);
    // A form's fields, where the route has read one.
    for (const [name, value] of Object.entries((request.body ?? {}) as Record<string, unknown>))
      if (typeof value === 'string') query.append(name, value);
    const reply = await answer(request, path.map(decodeURIComponent), query);
    await wait(ashgroveSystem.latencyMs);
    const { bytes, type } = written(reply);
    response
      .status(reply.status)
      .set({ 'Cache-Control': 'no-store', ...reply.headers })
      .type(type)
      .send(bytes);
  };
}
