import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import type { Authorization } from './auth/authorization.ts';
import { isSecretOf, secretHashOf } from './auth/client-metadata.ts';
import { styleNamed } from './auth/style.ts';
import { builtAssets } from './built-assets.ts';
import type { Config } from './config/config.ts';
import { createFacade, type FacadeDependencies } from './facade/facade.ts';
import { Fault } from './fault.ts';
import { noticePaths } from './governance/notice/notice.ts';
import { privacyNotice } from './governance/notice/privacy-notice.ts';
import { sayNoPage } from './governance/notice/say-no.ts';
import { html } from './launch/page/html.ts';
import { faultPage, faultStatus, page } from './launch/page/page.ts';
import type { Logger } from './log.ts';
import { medicinesOf } from './medicines.ts';
import { countRequest, metrics } from './metrics.ts';
import { regionView } from './region-view.ts';
import { routeOf } from './request.ts';

export type AppDependencies = {
  readonly config: Config;
  readonly baseUrl: string;
  readonly log: Logger;
  readonly launch: express.Router;
  readonly authorization: Authorization;
  readonly facade: Omit<FacadeDependencies, 'authorization' | 'baseUrl' | 'appOrigins'>;
  /** Resolves where the server can do its work, else rejects; asked by `/health/ready`. */
  readonly ready: () => Promise<void>;
  /** What will soon be a fault, or is one of a single source: said by `/health/ready`, which stays ready. */
  readonly warnings: () => readonly string[];
  /** Who shows it may read the metrics; undefined where nobody may. */
  readonly metricsToken: string | undefined;
};

const root = join(import.meta.dirname, '..');
/** What the build has made. A file of it is sent from here: the folder's own path may have a name that begins with a dot. */
const built = join(root, 'dist');

/** Every route of the server, on one page. */
export function createApp(deps: AppDependencies): Express {
  const { config, baseUrl, log } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');

  app.use((request, response, next) => {
    request.id = randomUUID();
    response.set('X-Request-Id', request.id);
    const started = performance.now();
    response.once('close', () => {
      const { id: requestId, method } = request;
      const { statusCode: status } = response;
      const [route, ms] = [routeOf(request), Math.round(performance.now() - started)];
      log.info({ requestId, method, route, status, ms }, 'request');
      countRequest(method, route, status, ms);
    });
    next();
  });
  app.use(securityHeaders(config));

  app.get('/health/live', (_request, response) => void response.json({ status: 'live' }));
  app.get('/health/ready', async (_request, response) => {
    const fault = await deps.ready().then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (fault !== undefined) log.error({ err: fault.error }, 'not ready');
    if (fault === undefined) response.json({ status: 'ready', warnings: deps.warnings() });
    else response.status(503).json({ status: 'not ready' });
  });
  app.get('/health/metrics', async (request, response, next) => {
    if (deps.metricsToken === undefined) return next();
    if (!isSecretOf(secretHashOf(`Bearer ${deps.metricsToken}`), request.get('authorization') ?? ''))
      return response.status(401).set('WWW-Authenticate', 'Bearer').type('text').send('METRICS_TOKEN is needed.\n');
    return response.type(metrics.contentType).send(await metrics.metrics());
  });

  app.use(deps.launch);
  app.use('/auth', deps.authorization.router);
  app.use(
    '/fhir',
    createFacade({
      ...deps.facade,
      authorization: deps.authorization,
      baseUrl,
      appOrigins: appOrigins(config, baseUrl),
    }),
  );

  app.get(
    '/app/region.json',
    (_request, response) => void response.set('Cache-Control', 'no-cache').json(regionView(config)),
  );
  app.get('/app/medicines.json', (request, response, next) => {
    const medicines = medicinesOf(config);
    if (medicines === undefined) return next();
    response.set({ 'Cache-Control': 'no-cache', ETag: medicines.etag });
    return request.fresh ? response.status(304).end() : response.type('json').send(medicines.body);
  });
  app.get('/app/style/:name', (request, response, next) => {
    const style = styleNamed(config.hosts, request.params.name);
    if (style === undefined) return next();
    return response
      .set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'public, max-age=31536000, immutable' })
      .json(style);
  });
  app.get('/app/launch', (_request, response) =>
    response.set('Cache-Control', 'no-store').sendFile('viewer.html', { root: built }),
  );
  app.get('/app/callback', (_request, response) =>
    response.set('Cache-Control', 'no-store').sendFile('callback.html', { root: built }),
  );
  app.use('/app/assets', builtAssets(join(built, 'assets')));
  app.use(express.static(join(root, 'public'), { maxAge: '1h' }));

  app.get(noticePaths.privacy, (_request, response) => response.type('html').send(privacyNotice(config)));
  app.get(noticePaths.sayNo, (_request, response) => response.type('html').send(sayNoPage(config)));
  app.get('/', (_request, response) => {
    if (config.region.home !== undefined) return response.redirect(302, config.region.home);
    return response.send(
      page({
        title: config.region.name,
        body: html`<h1>${config.region.name}</h1>
          <p>This record is opened from your own system: its menu, or its toolbar. There is nothing to open here.</p>
          <p><a href="${noticePaths.privacy}">Your record and your privacy</a></p>
          <p><a href="${noticePaths.sayNo}">How to say no</a></p>`,
      }),
    );
  });

  app.use((_request, _response, next) =>
    next(new Fault('not-found', 'There is no page here. Open the record from your own system.')),
  );
  const toPage: ErrorRequestHandler = (error: unknown, request, response, _next) => {
    const fault =
      error instanceof Fault
        ? error
        : new Fault('exception', 'Something went wrong here. Open the record again from your own system.');
    if (!(error instanceof Fault)) log.error({ requestId: request.id, err: error }, 'a request failed');
    if (response.headersSent) return void response.destroy();
    response.status(faultStatus(fault)).type('html').send(faultPage(fault, config.region));
  };
  app.use(toPage);
  return app;
}

/** Headers of every answer. Only registered hosts may frame a page; nothing runs or loads that is not ours. */
function securityHeaders(config: Config): express.RequestHandler {
  const hosts = [...new Set(config.hosts.flatMap((host) => host.origins))];
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        workerSrc: ["'self'"],
        // Emotion writes the theme's styles into <style> elements.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'self'", ...hosts],
      },
    },
    frameguard: false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    // A framed page of another site has no opener to protect, and the host must be able to frame it.
    crossOriginOpenerPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** Origins of all registered redirect URIs. */
function appOrigins(config: Config, baseUrl: string): ReadonlySet<string> {
  return new Set(
    config.clients.flatMap((client) => client.redirectUris.map((uri) => new URL(uri, `${baseUrl}/`).origin)),
  );
}
