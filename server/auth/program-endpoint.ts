import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import { text } from '../../src/fhir/json.ts';
import { bearerOf } from './bearer.ts';

/** What the endpoints for programs need besides the library. */
export type ProgramEndpointDeps = {
  /** True for an origin at which a registered app lives. */
  readonly isAppOrigin: (origin: string) => boolean;
  /** The public client that a refresh token was given to; undefined for any other token. */
  readonly publicClientOf: (refreshToken: string) => Promise<string | undefined>;
  /** The `Authorization` with which the library lets the holder of a token introspect; undefined where it may not. */
  readonly introspectAs: (bearer: string) => Promise<string | undefined>;
  /** Remembers what was refused here, before the library saw it. */
  readonly refused: (route: string, error: string, why: string) => void;
};

const programPaths = ['/token', '/token/introspection', '/token/revocation'] as const;
const formType = 'application/x-www-form-urlencoded';
const bodyLimit = '56kb';

/** The request with a body that has been read already, so that the library can read it once more. */
function withBody(request: Request, body: Buffer): Request {
  const headers = { ...request.headers, 'content-length': String(body.length) };
  delete headers['transfer-encoding'];
  // Only what the library and Koa look at differs; all else is the request's own.
  return Object.create(request, {
    headers: { value: headers },
    readable: { value: true },
    readableEncoding: { value: null },
    iterator: {
      value: async function* () {
        yield body;
      },
    },
  }) as Request;
}

/**
 * In front of the library, at the endpoints that programs ask: everything there is answered as JSON, kept by nobody, and
 * readable for the apps; and two things that SMART has and the library has not.
 * @param forward hands a request on to the library
 */
export function createProgramEndpoints(
  deps: ProgramEndpointDeps,
  forward: (request: Request, response: Response) => void,
): Router {
  const router = express.Router();

  function refuse(
    request: Request,
    response: Response,
    { status, error, description, why }: { status: number; error: string; description: string; why: string },
  ): void {
    const { origin } = request.headers;
    if (origin !== undefined && deps.isAppOrigin(origin)) response.set('Access-Control-Allow-Origin', origin);
    deps.refused(request.path.slice(1), error, why);
    response.vary('Origin').status(status).json({ error, error_description: description });
  }

  const prepare: RequestHandler = (request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
    // The library would answer an error in HTML to whoever would rather have that.
    request.headers.accept = 'application/json';
    if (request.method === 'POST') return next();
    // Express would answer it by itself, and tell a browser nothing.
    if (request.method === 'OPTIONS') return forward(request, response);
    response.set('Allow', 'POST, OPTIONS');
    refuse(request, response, {
      status: 405,
      error: 'invalid_request',
      description: 'POST is the only method here',
      why: 'method',
    });
  };

  /** Token introspection, "bearer token authorization": the token's holder stands in the place of a client. */
  const introspectByToken: RequestHandler = async (request, response, next) => {
    const header = request.headers.authorization;
    if (header === undefined || !/^bearer\b/i.test(header)) return next();
    const bearer = bearerOf(header);
    const as = bearer === undefined ? undefined : await deps.introspectAs(bearer);
    if (as !== undefined) {
      request.headers.authorization = as;
      return next();
    }
    response.set('WWW-Authenticate', 'Bearer error="invalid_token"');
    refuse(request, response, {
      status: 401,
      error: 'invalid_token',
      description: 'the access token is not valid, or not for introspection',
      why: 'bearer of introspection',
    });
  };

  /** A public client may leave its id out when it refreshes: SMART asks for none, and the token is bound to it. */
  const nameRefreshingClient: RequestHandler = async (request, response) => {
    const body: unknown = request.body;
    if (!Buffer.isBuffer(body)) return forward(request, response);
    const form = new URLSearchParams(body.toString());
    const token = form.get('refresh_token');
    const unnamed = ['client_id', 'client_assertion'].every((name) => !form.has(name));
    const known =
      form.get('grant_type') === 'refresh_token' && unnamed && token !== null
        ? await deps.publicClientOf(token)
        : undefined;
    if (known === undefined) return forward(withBody(request, body), response);
    form.set('client_id', known);
    forward(withBody(request, Buffer.from(form.toString())), response);
  };

  const unreadable: ErrorRequestHandler = (_error, request, response, _next) =>
    refuse(request, response, {
      status: 400,
      error: 'invalid_request',
      description: 'the body could not be read',
      why: 'body',
    });

  router.all([...programPaths], prepare);
  router.post('/token/introspection', introspectByToken);
  router.post(
    '/token',
    (request, response, next) => {
      // A client that proves itself is named by that already.
      if (text(request.headers.authorization) !== undefined) return forward(request, response);
      next();
    },
    express.raw({ type: formType, limit: bodyLimit }),
    nameRefreshingClient,
  );
  router.use([...programPaths], unreadable);
  return router;
}
