import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { chromium, expect, test } from '@playwright/test';
import pg from 'pg';
import { personHash } from '../server/keyed-hash.ts';
import { startPostgresql } from '../server/store/postgresql.ts';
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

test('an objection at one server empties the viewer at the other', async () => {
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
    const context = await pair.sign();
    await page.setContent(
      `<form method="post" action="${pair.base}/launch"><input name="context" value="${context}" /><button>Open</button></form>`,
    );
    await page.getByRole('button').click();
    const overview = page.getByRole('heading', { name: 'Overview', exact: true });
    const form = page.getByRole('heading', { name: 'Tell us who you are' });
    await form.or(overview).first().waitFor();
    if (await form.isVisible()) {
      await page.getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Save and open the record' }).click();
    }
    await expect(page.getByText('Asthma').first()).toBeVisible();

    // At the first server, of which the browser knows nothing.
    const identity = ['--nhs-number', nhsNumber, '--name', 'Ada Ashby', '--birth-date', '1961-04-17'];
    const raised = await pair.objections(
      'raise',
      ...identity,
      '--channel',
      'pals',
      '--requester',
      'person',
      '--by',
      'x',
    );

    const refused = 'This person’s information is not available in One Health and Care';
    await expect(page.getByRole('heading', { level: 1, name: refused })).toBeVisible();
    const shown = await page.content();
    for (const word of ['Asthma', 'ASHBY', 'Ashby', nhsNumber]) expect(shown, word).not.toContain(word);

    // Changed minds are honoured at the next launch, and not before.
    await pair.objections('withdraw', '--id', String(raised['id']), '--reason', 'Changed their mind', '--by', 'x');
    await page.reload();
    await expect(page.getByText('Asthma')).toHaveCount(0);
  } finally {
    await browser.close();
    await closeBalancer();
    await pair.close();
    await postgresql.stop();
  }
});
