import express, { Router, type ErrorRequestHandler, type NextFunction, type Request, type Response } from 'express';
import type { Resource } from '../../src/fhir/resource.ts';
import type { LastLooks } from '../audit/last-look.ts';
import type { Authorization } from '../auth/authorization.ts';
import type { House } from '../disclosure/house.ts';
import { Fault } from '../fault.ts';
import type { LaunchSession } from '../launch/context.ts';
import { routeOf } from '../request.ts';
import { createAsking } from './asking.ts';
import { answerBatch, type EntryAsked } from './batch.ts';
import { answerBinary } from './binary.ts';
import { capabilityStatement } from './capability-statement.ts';
import { answerEverything, readPatient } from './everything.ts';
import { formatOf, isLenient, parametersOfUrl } from './format.ts';
import { addGovernance, type Governed } from './governance/routes.ts';
import { checkGeneral } from './general-parameter.ts';
import { jsonBody } from './json-body.ts';
import { lastLooked, recordLooks } from './looked.ts';
import { methodsAt } from './method.ts';
import { correctOwnProfile, type OwnProfileDeps } from './own-profile.ts';
import { practitionerOf } from './practitioner.ts';
import { readResource, type ReadAsked } from './read.ts';
import { answerSearch, searchRecord } from './search.ts';
import { servedTypes } from './search/parameter.ts';
import { followStanding } from './standing.ts';
import { answerSummary } from './summary.ts';
import { sendFault, sendFhir } from './send.ts';

export type FacadeDependencies = {
  readonly house: House;
  readonly authorization: Pick<Authorization, 'verify' | 'smartConfiguration'>;
  /** Where users' corrections of their own profile are kept; absent: nothing can be corrected. */
  readonly ownProfile?: Pick<OwnProfileDeps, 'profiles' | 'correctUser'>;
  /** Where it is kept when each user last looked at each person; absent: no looks are taken. */
  readonly lastLooks?: LastLooks;
  readonly baseUrl: string;
  /** The facade's id of the person of a launch. */
  readonly patientIdOf: (context: LaunchSession['context']) => string | undefined;
  readonly userId: (host: string, user: string) => string;
  /** 32 bytes that seal the links to further pages of a search. */
  readonly pageKey: Buffer;
  /** The register and the trail; absent: neither is served. */
  readonly governed?: Governed;
  /** Aborted when the server stops: streams that would stay open end. Absent: never. */
  readonly closing?: AbortSignal;
  /** Origins of the registered apps: they may read answers, errors among them, from a browser. */
  readonly appOrigins: ReadonlySet<string>;
};

function notSupported(): Fault {
  return new Fault(
    'not-supported',
    'This server does not answer this. What it does answer stands in its CapabilityStatement, at metadata.',
  );
}

const practitionerBody = jsonBody('a Practitioner', '16kb');
// What a page that is being left may send at most.
const looksBody = jsonBody('looks', '64kb');

/** FHIR's REST surface: R4 4.0.1; the record is read-only. Mounted at `/fhir`. */
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
        'Access-Control-Expose-Headers':
          'Retry-After, X-Request-Id, Content-Disposition, Content-Length, Content-Range, Accept-Ranges',
      });
    response.vary('Origin').set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
    if (request.method !== 'OPTIONS') return next();
    const allowed = methodsAt(request.path);
    if (allowed.length > 0) response.set('Allow', allowed.join(', '));
    response.set({
      'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT',
      'Access-Control-Allow-Headers': 'authorization, accept, content-type, prefer, range',
      'Access-Control-Max-Age': '3600',
    });
    response.status(204).end();
  });

  router.get('/.well-known/smart-configuration', (_request, response) => {
    response.type('application/json').send(JSON.stringify(authorization.smartConfiguration));
  });
  router.get('/metadata', (request, response) => {
    formatOf(request, parametersOfUrl(request.originalUrl), ['json']);
    sendFhir(response, 200, capabilityStatement(baseUrl));
  });

  const asking = createAsking(deps);

  const { governed, pageKey } = deps;
  // Before the record's own routes: who governs has a Consent of the register.
  if (governed !== undefined) addGovernance(router, { governed, config: house.config, baseUrl, pageKey, asking });

  const served = new Set(servedTypes);
  const searching = { house, baseUrl, pageKey, asking };

  /** The session of a request for this very person; any other id answers as one that never was. */
  const forPatient = async (request: Request, id: string): Promise<LaunchSession> => {
    const session = await asking.session(request);
    if (id !== asking.personOf(session)) throw await asking.notOfThisLaunch(request, session);
    await asking.permit(request, session, 'Patient', 'read');
    return session;
  };

  /** Any read: of the one Patient, of the user (a Practitioner too, whom no source need know), of what the record holds. */
  const read = async (asked: ReadAsked, request: Request, response: Response): Promise<Resource> => {
    const { type, id } = asked;
    if (type === 'Patient') return readPatient(house, await forPatient(request, id), asked, request, response);
    if (type === 'Practitioner') {
      const session = await asking.session(request);
      if (id === asking.userOf(session)) {
        await asking.permit(request, session, 'Practitioner', 'read', 'user');
        checkGeneral(asked.given, asked.lenient);
        return practitionerOf(session.context, id);
      }
    }
    return readResource({ house, asking }, asked, request, response);
  };

  const sendRead = async (type: string, request: Request<{ id: string }>, response: Response): Promise<void> => {
    const given = parametersOfUrl(request.originalUrl);
    formatOf(request, given, ['json']);
    const asked = { type, id: request.params.id, given, lenient: isLenient(request) };
    sendFhir(response, 200, await read(asked, request, response));
  };
  router.get('/Patient/:id', (request, response) => sendRead('Patient', request, response));
  router.get('/Practitioner/:id', (request, response) => sendRead('Practitioner', request, response));
  router.get('/:type/:id', async (request, response, next) => {
    const { type, id } = request.params;
    if (!served.has(type) || id === '_search') return next();
    await sendRead(type, request, response);
  });

  const everything = async (request: Request<{ id: string }>, response: Response): Promise<void> =>
    answerEverything(searching, await forPatient(request, request.params.id), request, response);
  router.get('/Patient/:id/\\$everything', everything);
  router.post('/Patient/:id/\\$everything', everything);

  const summary = async (request: Request<{ id: string }>, response: Response): Promise<void> =>
    answerSummary(searching, await forPatient(request, request.params.id), request, response);
  router.get('/Patient/:id/\\$summary', summary);
  router.post('/Patient/:id/\\$summary', summary);

  const forLooks = async (request: Request<{ id: string }>) => {
    const session = await forPatient(request, request.params.id);
    if (deps.lastLooks === undefined) throw notSupported();
    return { session, deps: { house, lastLooks: deps.lastLooks } };
  };
  router.get('/Patient/:id/\\$looked', async (request, response) => {
    const { session, deps: looked } = await forLooks(request);
    response.json(await lastLooked(looked, session));
  });
  router.post('/Patient/:id/\\$looked', async (request, response) => {
    const { session, deps: looked } = await forLooks(request);
    await recordLooks(looked, session, request.id, await looksBody(request, response));
    response.status(204).end();
  });

  const following = { house, closing: deps.closing ?? new AbortController().signal };
  router.get('/Patient/:id/\\$standing', async (request, response) =>
    followStanding(following, await forPatient(request, request.params.id), response),
  );

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
      await practitionerBody(request, response),
    );
    sendFhir(response, 200, practitionerOf({ organisation, user: now }, id));
  });

  router.get('/Binary/:id', (request, response) =>
    answerBinary({ house, asking }, request.params.id, request, response),
  );

  const search = async (request: Request<{ type: string }>, response: Response, next: NextFunction): Promise<void> => {
    const { type } = request.params;
    if (!served.has(type)) return next();
    await answerSearch(searching, type, request, response);
  };
  router.get('/:type', search);
  router.post('/:type/_search', express.text({ type: 'application/x-www-form-urlencoded', limit: '64kb' }), search);

  router.post('/', async (request, response) => {
    await asking.session(request);
    formatOf(request, parametersOfUrl(request.originalUrl), ['json']);
    const answer = async ({ type, id, ...asked }: EntryAsked): Promise<Resource> => {
      if (!served.has(type)) throw notSupported();
      return id === undefined
        ? searchRecord(searching, { type, ...asked }, request, response)
        : read({ type, id, ...asked }, request, response);
    };
    await answerBatch({ base: `${baseUrl}/fhir`, log: house.log, answer }, request, response);
  });

  router.use(async (request) => {
    await asking.session(request);
    if (methodsAt(request.path).length === 0) throw notSupported();
    throw new Fault(
      'read-only',
      'This record is read here and changed where it was made: at the organisation that holds it.',
    );
  });

  const toOutcome: ErrorRequestHandler = (error: unknown, request: Request, response: Response, _next) =>
    sendFault(error, request, response, { log: house.log, allowed: methodsAt(request.path) });
  router.use(toOutcome);
  return router;
}
