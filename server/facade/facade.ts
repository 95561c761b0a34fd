import { Router, type ErrorRequestHandler, type Request, type Response } from 'express';
import type { Authorization } from '../auth/authorization.ts';
import { permits } from '../auth/scope.ts';
import type { House } from '../disclosure/house.ts';
import { Fault } from '../fault.ts';
import type { LaunchSession } from '../launch/context.ts';
import { routeOf } from '../request.ts';
import { capabilityStatement } from './capability-statement.ts';
import { answerEverything, answerPatient } from './everything.ts';
import { correctOwnProfile, jsonOf, type OwnProfileDeps } from './own-profile.ts';
import { practitionerOf } from './practitioner.ts';
import { sendFault, sendFhir } from './send.ts';

export type FacadeDependencies = {
  readonly house: House;
  readonly authorization: Pick<Authorization, 'verify' | 'smartConfiguration'>;
  /** Where users' corrections of their own profile are kept; absent: nothing can be corrected. */
  readonly ownProfile?: Pick<OwnProfileDeps, 'profiles' | 'correctUser'>;
  readonly baseUrl: string;
  readonly patientId: (nhsNumber: string) => string;
  readonly userId: (host: string, user: string) => string;
  /** Origins of the registered apps: they may read answers, errors among them, from a browser. */
  readonly appOrigins: ReadonlySet<string>;
};

/** FHIR's REST surface: R4 4.0.1, read-only. Mounted at `/fhir`. */
export function createFacade(deps: FacadeDependencies): Router {
  const { house, authorization, baseUrl } = deps;
  const router = Router();

  router.use((request, response, next) => {
    const { origin } = request.headers;
    const open = request.path === '/metadata' || request.path.startsWith('/.well-known/');
    if (open) response.set('Access-Control-Allow-Origin', '*');
    else if (origin !== undefined && deps.appOrigins.has(origin))
      response.set({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Expose-Headers': 'Retry-After, X-Request-Id',
      });
    response.vary('Origin').set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
    if (request.method !== 'OPTIONS') return next();
    response.set({
      'Access-Control-Allow-Methods': 'GET, POST, PUT',
      'Access-Control-Allow-Headers': 'authorization, accept, content-type, prefer',
      'Access-Control-Max-Age': '3600',
    });
    response.status(204).end();
  });

  router.get('/.well-known/smart-configuration', (_request, response) => {
    response.type('application/json').send(JSON.stringify(authorization.smartConfiguration));
  });
  router.get('/metadata', (_request, response) => sendFhir(response, 200, capabilityStatement(baseUrl)));

  const launched = async (request: Request): Promise<LaunchSession> =>
    authorization.verify(request.headers.authorization);

  /** The session of a request for this very person; any other id answers as one that never was. */
  const forPatient = async (request: Request): Promise<LaunchSession> => {
    const session = await launched(request);
    const { patient } = session.context;
    if (patient === undefined || request.params['id'] !== deps.patientId(patient.nhsNumber))
      throw await notFound(request, session);
    if (!permits(session.scopes, 'Patient', 'read'))
      throw new Fault('not-permitted', 'Your role does not include this.');
    return session;
  };

  const notFound = async (request: Request, session: LaunchSession): Promise<Fault> => {
    const { context, clientId, launchId } = session;
    await house.audit.record({
      type: 'disclosure',
      action: 'R',
      outcome: 'refused',
      reason: 'not-of-this-launch',
      user: { host: context.host, id: context.user.id, name: context.user.name },
      organisation: context.organisation,
      role: context.role,
      clientId,
      launchId,
      detail: { request: routeOf(request) },
    });
    return new Fault('not-found', 'There is nothing here that this launch may open.');
  };

  router.get('/Patient/:id', async (request, response) =>
    answerPatient(house, await forPatient(request), request, response),
  );
  router.get('/Patient/:id/\\$everything', async (request, response) =>
    answerEverything(house, baseUrl, await forPatient(request), request, response),
  );

  router.get('/Practitioner/:id', async (request, response) => {
    const session = await launched(request);
    const { host, user } = session.context;
    if (request.params['id'] !== deps.userId(host, user.id)) throw await notFound(request, session);
    if (!permits(session.scopes, 'Practitioner', 'read', 'user'))
      throw new Fault('not-permitted', 'Your role does not include this.');
    sendFhir(response, 200, practitionerOf(session.context, deps.userId(host, user.id)));
  });

  router.put('/Practitioner/:id', async (request, response) => {
    const session = await launched(request);
    if (deps.ownProfile === undefined) throw new Fault('not-supported', 'Nothing can be corrected here.');
    const { host, user, organisation, role } = session.context;
    const id = deps.userId(host, user.id);
    if (request.params['id'] !== id) throw await notFound(request, session);
    if (!permits(session.scopes, 'Practitioner', 'update', 'user'))
      throw new Fault('not-permitted', 'Your role does not include this.');
    const now = await correctOwnProfile(
      {
        config: house.config,
        ...deps.ownProfile,
        record: ({ outcome, reason }) =>
          house.audit.record({
            type: 'registration',
            action: 'U',
            outcome,
            ...(reason === undefined ? {} : { reason }),
            user: { host, id: user.id, name: user.name },
            organisation,
            role,
            clientId: session.clientId,
            launchId: session.launchId,
            detail: { request: routeOf(request) },
          }),
      },
      session,
      id,
      await jsonOf(request, response),
    );
    sendFhir(response, 200, practitionerOf({ organisation, user: now }, id));
  });

  router.use(async (request) => {
    await launched(request);
    throw new Fault(
      'not-supported',
      'This server answers metadata, Patient (read) and Patient/[id]/$everything. Ask one of those.',
    );
  });

  const toOutcome: ErrorRequestHandler = (error: unknown, request: Request, response: Response, _next) =>
    sendFault(error, request, response, house.log);
  router.use(toOutcome);
  return router;
}
