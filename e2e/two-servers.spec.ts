import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { chromium, expect, test, type Page } from '@playwright/test';
import pg from 'pg';
import { ohc, system } from '../src/fhir/systems.ts';
import { personHash } from '../server/keyed-hash.ts';
import { startPostgresql } from '../server/store/postgresql.ts';
import { clientOf, officers } from '../server/two-servers/client.ts';
import { nhsNumber, openPair, practice, type Pair } from '../server/two-servers/pair.ts';
import { chromiumArgs } from './browser.ts';

/** A load balancer that sends everything to one of the servers, as it may for one clinician's browser. */
async function balancer(base: string, to: string): Promise<() => Promise<void>> {
  const target = new URL(to);
  const server = createServer((from, response) => {
    const { method = 'GET', url = '/', headers } = from;
    const onward = request({ hostname: target.hostname, port: target.port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.once('error', () => response.destroy());
    response.once('close', () => onward.destroy());
    from.pipe(onward);
  });
  server.listen(Number(new URL(base).port));
  await once(server, 'listening');
  return async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
}

/** The practice said yes a short while ago, so that the record is shown. */
async function sayYes({ databaseUrl, secrets }: Pair): Promise<void> {
  const { idKey } = await secrets();
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  const row = [personHash(idKey, nhsNumber), practice, 'yes'];
  await database.query('insert into consent_answer values ($1, $2, $3, now())', row);
  await database.end();
}

/** Opens the person as a host's page does, and says who one is where that is asked. */
async function open(page: Page, pair: Pair): Promise<void> {
  await page.setContent(
    `<form method="post" action="${pair.base}/launch">
      <input name="context" value="${await pair.sign()}" /><button>Open</button>
    </form>`,
  );
  await page.getByRole('button', { name: 'Open' }).click();
  const form = page.getByRole('heading', { name: 'Tell us who you are' });
  const settled = page.getByRole('heading', { name: /^(Overview|This person’s information)/ });
  await form.or(settled).first().waitFor();
  if (!(await form.isVisible())) return;
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Save and open the record' }).click();
}

const parts = (url: string, ...extension: readonly object[]) => ({ url, extension });
const objection = {
  resourceType: 'Consent',
  status: 'proposed',
  extension: [
    parts(ohc.objectionRequest, { url: 'channel', valueCode: 'pals' }, { url: 'requester', valueCode: 'person' }),
  ],
  patient: {
    identifier: { system: system.nhsNumber, value: nhsNumber },
    extension: [
      parts(
        ohc.objectionIdentity,
        { url: 'birthDate', valueDate: '1961-04-17' },
        { url: 'name', valueString: 'Ada Ashby' },
      ),
    ],
  },
};

test('an objection at one server empties the viewer at the other, and a withdrawal counts from the next launch', async () => {
  const postgresql = await startPostgresql();
  const pair = await openPair(postgresql.url);
  const closeBalancer = await balancer(pair.base, pair.second.origin);
  const executablePath = process.env['CHROMIUM_PATH'];
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: chromiumArgs,
  });
  try {
    await sayYes(pair);
    const page = await browser.newPage({ locale: 'en-GB', timezoneId: 'Europe/London' });
    const refused = page.getByRole('heading', {
      level: 1,
      name: 'This person’s information is not available in One Health and Care',
    });
    await open(page, pair);
    await expect(page.getByText('Asthma').first()).toBeVisible();

    // At the first server, of which the browser knows nothing.
    const officer = clientOf(pair, officers);
    const session = await officer.session(pair.first, pair.first, pair.first);
    const received = await officer.fhir(pair.first, session, 'Consent', {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify(objection),
    });
    expect(received.status).toBe(201);
    const { id } = (await received.json()) as { readonly id: string };

    await expect(refused).toBeVisible();
    const shown = await page.content();
    for (const word of ['Asthma', 'ASHBY', 'Ashby', nhsNumber]) expect(shown, word).not.toContain(word);

    await open(page, pair);
    await expect(refused).toBeVisible();
    await pair.objections('withdraw', '--id', id, '--reason', 'Changed their mind', '--by', 'Officer');
    await open(page, pair);
    await expect(page.getByText('Asthma').first()).toBeVisible();
  } finally {
    await browser.close();
    await closeBalancer();
    await pair.close();
    await postgresql.stop();
  }
});
