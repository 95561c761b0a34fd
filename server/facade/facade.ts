import express, { Router, type ErrorRequestHandler, type NextFunction, type Request, type Response } from 'express';
import type { Authorization } from '../auth/authorization.ts';
import type { House } from '../disclosure/house.ts';
import { Fault } from '../fault.ts';
import type { LaunchSession } from '../launch/context.ts';
import { routeOf } from '../request.ts';
import { createAsking } from './asking.ts';
import { capabilityStatement } from './capability-statement.ts';
import { answerEverything, answerPatient } from './everything.ts';
import { correctOwnProfile, jsonOf, type OwnProfileDeps } from './own-profile.ts';
import { practitionerOf } from './practitioner.ts';
import { answerRead } from './read.ts';
import { answerSearch } from './search.ts';
import { servedTypes } from './search/parameter.ts';
import { sendFault, sendFhir } from './send.ts';

export type FacadeDependencies = {
  readonly house: House;
  readonly authorization: Pick<Authorization, 'verify' | 'smartConfiguration'>;
  /** Where users' corrections of their own profile are kept; absent: nothing can be corrected. */
  readonly ownProfile?: Pick<OwnProfileDeps, 'profiles' | 'correctUser'>;
  readonly baseUrl: string;
  /** The facade's id of the person of a launch. */
  readonly patientIdOf: (context: LaunchSession['context']) => string | undefined;
  readonly userId: (host: string, user: string) => string;
  /** 32 bytes that seal the links to further pages of a search. */
  readonly pageKey: Buffer;
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
      'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT',
      'Access-Control-Allow-Headers': 'authorization, accept, content-type, prefer',
      'Access-Control-Max-Age': '3600',
    });
    response.status(204).end();
  });

  router.get('/.well-known/smart-configuration', (_request, response) => {
    response.type('application/json').send(JSON.stringify(authorization.smartConfiguration));
  });
  router.get('/metadata', (_request, response) => sendFhir(response, 200, capabilityStatement(baseUrl)));

  const asking = createAsking(deps);

  /** The session of a request for this very person; any other id answers as one that never was. */
  const forPatient = async (request: Request): Promise<LaunchSession> => {
    const session = await asking.session(request);
    if (request.params['id'] !== asking.personOf(session)) throw await asking.notOfThisLaunch(request, session);
    await asking.permit(request, session, 'Patient', 'read');
    return session;
  };

  router.get('/Patient/:id', async (request, response) =>
    answerPatient(house, await forPatient(request), request, response),
  );
  router.get('/Patient/:id/\\$everything', async (request, response) =>
    answerEverything(house, baseUrl, await forPatient(request), request, response),
  );

  // The user of the launch is a Practitioner too, whom no source need know.
  router.get('/Practitioner/:id', async (request, response, next) => {
    const session = await asking.session(request);
    if (request.params.id !== asking.userOf(session)) return next();
    await asking.permit(request, session, 'Practitioner', 'read', 'user');
    sendFhir(response, 200, practitionerOf(session.context, asking.userOf(session)));
  });

  router.put('/Practitioner/:id', async (request, response) => {
    const session = await asking.session(request);
    if (deps.ownProfile === undefined) throw new Fault('not-supported', 'Nothing can be corrected here.');
    const { host, user, organisation, role } = session.context;
    const id = asking.userOf(session);
    if (request.params.id !== id) throw await asking.notOfThisLaunch(request, session);
    await asking.permit(request, session, 'Practitioner', 'update', 'user');
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

  const served = new Set(servedTypes);
  router.get('/:type/:id', async (request, response, next) => {
    const { type, id } = request.params;
    if (!served.has(type)) return next();
    await answerRead({ house, asking }, type, id, request, response);
  });
  const search = async (request: Request<{ type: string }>, response: Response, next: NextFunction): Promise<void> => {
    const { type } = request.params;
    if (!served.has(type)) return next();
    await answerSearch({ house, baseUrl, pageKey: deps.pageKey, asking }, type, request, response);
  };
  router.get('/:type', search);
  router.post('/:type/_search', express.text({ type: 'application/x-www-form-urlencoded', limit: '64kb' }), search);

  router.use(async (request) => {
    await asking.session(request);
    if (!['GET', 'HEAD'].includes(request.method) && !request.path.endsWith('/_search'))
      throw new Fault(
        'read-only',
        'This record is read here and changed where it was made: at the organisation that holds it.',
      );
    throw new Fault(
      'not-supported',
      'This server does not answer this. What it does answer stands in its CapabilityStatement, at metadata.',
    );
  });

  const toOutcome: ErrorRequestHandler = (error: unknown, request: Request, response: Response, _next) =>
    sendFault(error, request, response, house.log);
  router.use(toOutcome);
  return router;
}
