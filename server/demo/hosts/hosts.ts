import { readFile } from 'node:fs/promises';
import express, { Router, type Request, type Response } from 'express';
import { isObject, text } from '../../../src/fhir/json.ts';
import { hospitalNumber, millbrook, trentside, userOf, type HostId, type HostPerson, type HostSystem } from './host.ts';
import { html } from '../../launch/page/html.ts';
import * as millbrookPages from './millbrook.ts';
import { handOver, page, type PageContext } from './parts.ts';
import { contextClaims, type HostKeys } from './signing.ts';
import * as trentsidePages from './trentside.ts';

/** What the two hosts need to know of the rest of the demo. */
export type HostsOptions = {
  readonly people: readonly HostPerson[];
  readonly practiceName: (ods: string) => string;
  readonly keys: Readonly<Record<HostId, HostKeys>>;
  /** The origin of this demo, `http://127.0.0.1:3001`: the hosts' issuers stand under it. */
  readonly demoUrl: string;
  /** The base URL of the server whose viewer is opened. */
  readonly baseUrl: string;
  readonly now?: () => number;
};

/** Opens the record as soon as the page stands; without script its form shows a button. */
const openScript = "document.getElementById('open')?.submit();\n";

type Pages = {
  readonly patientList: (context: PageContext) => string;
  readonly patientPage: (context: PageContext, person: HostPerson) => string;
  readonly recordPage?: (context: PageContext, person: HostPerson) => string;
};

function cookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

function send(response: Response, page: string): void {
  // Never from a cache: each page is as of now, and a context is signed for one use.
  response.set('Cache-Control', 'no-store').type('html').send(page);
}

function createHost(host: HostSystem, pages: Pages, options: HostsOptions): Router {
  const router = Router();
  const people = options.people.filter((person) => person.hosts.includes(host.id));
  const { practiceName } = options;
  const now = options.now ?? Date.now;
  const context = (request: Request): PageContext => ({
    host,
    user: userOf(host, cookie(request, 'user')),
    people,
    practiceName,
    now: now(),
  });
  const personOf = (request: Request): HostPerson | undefined =>
    people.find((person) => hospitalNumber(person) === request.params['id']);

  router.get('/jwks.json', (_request, response) => {
    response.json(options.keys[host.id].jwks);
  });
  router.post('/user', express.urlencoded({ extended: false, limit: '10kb' }), (request, response) => {
    const { id } = userOf(host, isObject(request.body) ? text(request.body['user']) : undefined);
    response.cookie('user', id, { path: `/${host.id}`, httpOnly: true, sameSite: 'lax' });
    response.redirect(303, `/${host.id}/`);
  });
  router.get('/', (request, response) => send(response, pages.patientList(context(request))));
  router.get('/patients/:id', (request, response, next) => {
    const person = personOf(request);
    if (person === undefined) next();
    else send(response, pages.patientPage(context(request), person));
  });
  router.get('/patients/:id/one-health-and-care', (request, response, next) => {
    const person = personOf(request);
    if (person === undefined || pages.recordPage === undefined) next();
    else send(response, pages.recordPage(context(request), person));
  });
  // Signed here, at the click: however long the page stood open, the context is fresh, and each one is another.
  router.post(
    '/patients/:id/open',
    express.urlencoded({ extended: false, limit: '10kb' }),
    async (request, response, next) => {
      const person = personOf(request);
      if (person === undefined) {
        next();
        return;
      }
      const user = userOf(host, isObject(request.body) ? text(request.body['user']) : undefined);
      const urls = { issuer: `${options.demoUrl}/${host.id}`, audience: options.baseUrl };
      const claims = contextClaims(host, user, person, urls);
      const signed = await options.keys[host.id].sign(claims, Math.floor(now() / 1000));
      send(response, handOver(`${options.baseUrl}/launch`, signed));
    },
  );
  router.get('/patients/:id/open', (request, response) => {
    response.redirect(303, `/${host.id}/patients/${request.params.id}`);
  });
  return router;
}

/** The two host EPRs, their style sheets, and the page that links to all there is in the demo. */
export function createHosts(options: HostsOptions): Router {
  const router = Router();
  router.use('/millbrook', createHost(millbrook, millbrookPages, options));
  router.use('/trentside', createHost(trentside, trentsidePages, options));
  for (const file of ['millbrook.css', 'trentside.css', 'hand-over.css'])
    router.get(`/hosts/${file}`, async (_request, response) => {
      response.type('css').send(await readFile(new URL(file, import.meta.url), 'utf8'));
    });
  router.get('/hosts/open.js', (_request, response) => {
    response.type('js').send(openScript);
  });
  router.get('/', (_request, response) =>
    send(
      response,
      page(
        'The demo region',
        'trentside',
        html`<main>
          <h1>The demo region</h1>
          <p>Everyone and everything here is invented.</p>
          <ul>
            <li><a href="/millbrook/">Millbrook Clinical Desktop</a>: a hospital’s EPR, with the record inside it</li>
            <li><a href="/trentside/">Trentside Practice System</a>: a practice’s, with the record in a tab</li>
            <li><a href="/switches">Switches</a>: make an organisation slow, broken or wrong</li>
            <li><a href="/log.json">Log</a>: what each organisation was asked</li>
          </ul>
        </main>`,
      ),
    ),
  );
  return router;
}
