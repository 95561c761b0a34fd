import express, { Router, type Request, type Response } from 'express';
import { isObject, text } from '../../../src/fhir/json.ts';
import { hospitalNumber, userOf, type HostPerson, type HostSystem, type HostUser } from './host.ts';
import type { PageContext } from './parts.ts';

/** How a host draws its pages. */
export type Pages = {
  readonly patientList: (context: PageContext) => string;
  readonly patientPage: (context: PageContext, person: HostPerson) => string;
  /** The page that frames the record; a host that opens a tab has none. */
  readonly recordPage?: (context: PageContext, person: HostPerson) => string;
};

/** What the pages of a host are drawn from, and what opens the record from them. */
export type HostPagesOptions = {
  readonly people: readonly HostPerson[];
  readonly practiceName: (ods: string) => string;
  readonly now: () => number;
  /** Answers the click that opens the record of a person; `fields` is the form that was sent. */
  readonly open: (
    click: { readonly user: HostUser; readonly person: HostPerson; readonly fields: Readonly<Record<string, unknown>> },
    response: Response,
  ) => Promise<void> | void;
};

function cookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}

/** Sends a page as of now: it is never taken from a cache, for what opens the record from it works once. */
export function send(response: Response, markup: string): void {
  response.set('Cache-Control', 'no-store').type('html').send(markup);
}

/** The pages of one host: patient list, patient, record, and the menu by which one becomes another user. */
export function createHostPages(host: HostSystem, pages: Pages, options: HostPagesOptions): Router {
  const { people, practiceName, now, open } = options;
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '10kb' });
  const fieldsOf = (request: Request): Readonly<Record<string, unknown>> =>
    isObject(request.body) ? request.body : {};
  const context = (request: Request): PageContext => ({
    host,
    user: userOf(host, cookie(request, 'user')),
    people,
    practiceName,
    now: now(),
  });
  const personOf = (request: Request): HostPerson | undefined =>
    people.find((person) => hospitalNumber(person) === request.params['id']);

  router.post('/user', form, (request, response) => {
    const { id } = userOf(host, text(fieldsOf(request)['user']));
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
  // What opens the record is made here, at the click: however long the page stood open, it is fresh, and works once.
  router.post('/patients/:id/open', form, async (request, response, next) => {
    const person = personOf(request);
    const fields = fieldsOf(request);
    if (person === undefined) next();
    else await open({ user: userOf(host, text(fields['user'])), person, fields }, response);
  });
  router.get('/patients/:id/open', (request, response) => {
    response.redirect(303, `/${host.id}/patients/${request.params.id}`);
  });
  return router;
}
