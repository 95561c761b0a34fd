import { randomUUID } from 'node:crypto';
import express, { Router } from 'express';
import { text } from '../../../src/fhir/json.ts';
import { calendarOf } from '../calendar.ts';
import { ashgrove, hospitalNumber, type HostPerson } from '../hosts/host.ts';
import { createHostPages } from '../hosts/pages.ts';
import { createAshgroveAuthorization } from './authorization.ts';
import { ashgroveFhir, fhirUserOf } from './fhir.ts';
import { ashgroveLaunches } from './launches.ts';
import * as pages from './pages.ts';
import { ashgrovePatients, type AshgrovePatient } from './patients.ts';
import { ashgroveRecords } from './record.ts';
import { ashgrovePaths } from './system.ts';

export type AshgroveOptions = {
  readonly demoUrl: string;
  readonly baseUrl: string;
  readonly practiceName: (ods: string) => string;
  readonly now: () => number;
};

/** Look of what Ashgrove frames, as a SMART style document (SMART App Launch 2.2, "Styling"). */
const style = { color_highlight: '#5b2a6e', font_family_body: 'Verdana, sans-serif', dim_border_radius: '2px' };

/** Answers the app's `ui.done` and takes its user back to the chart (SMART Web Messaging). */
const messagingScript = `
const frame = document.querySelector('iframe[name="record"]');
const { appOrigin, handle, back } = frame.dataset;
addEventListener('message', (event) => {
  const message = event.data;
  if (event.origin !== appOrigin || event.source !== frame.contentWindow || message?.messagingHandle !== handle) return;
  if (message.messageType !== 'ui.done') return;
  const answer = { messageId: crypto.randomUUID(), responseToMessageId: message.messageId, payload: {} };
  frame.contentWindow.postMessage(answer, appOrigin);
  location.assign(back);
});
`;

/** Ashgrove Chart: a hospital's EPR that is a SMART server, with the pages that its staff see. */
export function createAshgrove({ demoUrl, baseUrl, practiceName, now }: AshgroveOptions): Router {
  const records = ashgroveRecords(calendarOf(new Date(now())));
  const launches = ashgroveLaunches(now);
  const authorization = createAshgroveAuthorization({ demoUrl, baseUrl, launches, fhirUserOf });
  const patientOf = (person: HostPerson): AshgrovePatient | undefined =>
    ashgrovePatients.find((one) => hospitalNumber(one) === hospitalNumber(person));

  const router = Router();
  router.use(
    ashgrovePaths.fhir.replace('/ashgrove', ''),
    express.urlencoded({ extended: false, limit: '100kb' }),
    ashgroveFhir({
      authorization,
      recordOf: (id) => ashgrovePatients.map(records.of).find(({ patientId }) => patientId === id),
      clock: now,
      demoUrl,
    }),
  );
  router.use(ashgrovePaths.authorization.replace('/ashgrove', ''), authorization.callback);
  router.get('/style.json', (_request, response) => {
    response.set('Access-Control-Allow-Origin', '*').json(style);
  });
  router.get('/messaging.js', (_request, response) => {
    response.type('js').send(messagingScript);
  });
  router.use(
    createHostPages(
      ashgrove,
      { ...pages, recordPage: (context, person) => pages.recordPage(context, person, new URL(baseUrl).origin) },
      {
        people: ashgrovePatients,
        practiceName,
        now,
        open: ({ user, person, fields }, response) => {
          const patient = patientOf(person);
          if (patient === undefined) throw new Error('no such patient');
          const record = records.of(patient);
          const encounterId = records.encounterOf(record);
          const launch = launches.begin({
            userId: user.id,
            patientId: record.patientId,
            ...(encounterId === undefined ? {} : { encounterId }),
            messagingHandle: text(fields['handle']) ?? randomUUID(),
          });
          const to = new URL(`${baseUrl}/launch`);
          to.searchParams.set('iss', `${demoUrl}${ashgrovePaths.fhir}`);
          to.searchParams.set('launch', launch);
          response.set('Referrer-Policy', 'no-referrer').redirect(303, to.href);
        },
      },
    ),
  );
  return router;
}
