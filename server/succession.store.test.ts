import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { object, objects, text, type JsonObject } from '../src/fhir/json.ts';
import type { Config } from './config/config.ts';
import type { Edition } from './edition.ts';
import { openServer } from './edition.testing.ts';

let server: Awaited<ReturnType<typeof openServer>>;
beforeEach(async () => {
  server = await openServer();
});
afterEach(() => server.close());

const withSource = (config: Config, id: string, more: Partial<Config['sources'][number]>): Pick<Config, 'sources'> => ({
  sources: config.sources.map((one) => (one.id === id ? { ...one, ...more } : one)),
});

/** The lines of a stream, each of its type and id. */
async function linesOf(answer: Response): Promise<readonly JsonObject[]> {
  const lines = (await answer.text()).trim().split('\n');
  return objects(lines.map((line) => JSON.parse(line) as unknown));
}
const statusOf = (lines: readonly JsonObject[], id: string): string | undefined => {
  const [issue] = objects(lines.find((line) => line['id'] === `source-${id}`)?.['issue']);
  return objects(object(issue?.['details'])?.['coding'])
    .map((coding) => text(coding['code']))
    .at(0);
};
const everything = 'application/fhir+ndjson';

/** Asks for a record, of which one source does not come before it is let go. */
async function heldBack(): Promise<{
  readonly under: Promise<Response>;
  readonly again: () => Promise<Response>;
}> {
  // Before the launch, which begins to gather.
  server.b.state.held = true;
  const { fhir, patient } = await server.launch();
  const ask = (): Promise<Response> => fhir(`Patient/${patient}/$everything`, { accept: everything });
  const before = server.came();
  const under = ask();
  await expect.poll(() => server.came()).toBe(before + 1);
  return { under, again: ask };
}

describe('a request under way while the configuration changes', () => {
  it('ends with what it began with, and the next has the new: never a mix', async () => {
    const { under, again } = await heldBack();
    server.change({
      region: { ...server.config.region, name: 'Renamed' },
      roles: server.config.roles.map((role) =>
        role.code === 'R8000' ? { ...role, scopes: ['patient/Patient.rs'] } : role,
      ),
    });
    server.b.letGo();
    expect((await linesOf(await under)).filter((line) => line['resourceType'] === 'Condition')).toHaveLength(2);
    const next = await linesOf(await again());
    expect(next.map((line) => line['resourceType'])).not.toContain('Condition');
    expect(await (await fetch(`${server.base}/app/region.json`)).json()).toMatchObject({ name: 'Renamed' });
  });

  it.each([
    ['stops sharing', (config: Config) => withSource(config, 'b', { sharing: false })],
    ['is removed', (config: Config) => ({ sources: config.sources.filter((one) => one.id !== 'b') })],
  ])('releases nothing more of a source that %s, and the others whole', async (_what, changed) => {
    const { under } = await heldBack();
    server.change(changed(server.config));
    server.b.letGo();
    const lines = await linesOf(await under);
    expect(JSON.stringify(lines)).not.toContain('Asthma of b');
    expect(JSON.stringify(lines)).toContain('Asthma of a');
    expect([statusOf(lines, 'a'), statusOf(lines, 'b')]).toEqual(['complete', 'not-sharing']);
  });

  it('holds its edition until it has ended, and no longer', async () => {
    const { under } = await heldBack();
    const next = server.change({ region: { ...server.config.region, name: 'Renamed' } });
    expect(server.left()).toHaveLength(2);
    server.b.letGo();
    await (await under).text();
    await expect.poll(() => server.left()).toEqual([next]);
  });
});

describe('from the next request on', () => {
  it('nothing of what was gathered before is used: not of a source that stopped sharing', async () => {
    const { fhir } = await server.launch();
    expect(await (await fhir('Condition')).text()).toContain('Asthma of b');
    const asked = server.b.asked.length;
    server.change(withSource(server.config, 'b', { sharing: false }));
    const after = await (await fhir('Condition')).text();
    expect(after).toContain('Asthma of a');
    expect(after).not.toContain('Asthma of b');
    expect(server.b.asked).toHaveLength(asked);
  });

  it('nor what is excluded now', async () => {
    const { fhir } = await server.launch();
    expect(await (await fhir('Condition')).text()).toContain('Asthma of a');
    const [category] = server.config.categories;
    if (category === undefined) throw new Error('the shipped configuration has one');
    const listedCodes = [{ system: 'SNOMED CT' as const, code: '195967001', term: 'Asthma' }];
    server.change({ categories: [{ ...category, listedCodes }] });
    expect(await (await fhir('Condition')).text()).not.toContain('Asthma');
  });

  it('nor what a local code of a source may mean, where that is excluded', async () => {
    const { fhir } = await server.launch();
    const [excluded] = server.config.categories.flatMap((one) => one.listedCodes);
    if (excluded?.system !== 'SNOMED CT') throw new Error('the shipped configuration begins with one');
    const mappingOf = (equivalence: 'narrower' | 'disjoint'): Pick<Config, 'mappings'> => ({
      mappings: new Map([
        [
          'a',
          [
            {
              system: 'https://hospital.example/codes',
              code: 'ASTHMA',
              equivalence,
              target: { system: 'http://snomed.info/sct', code: excluded.code },
              map: 'https://hospital.example/map',
            },
          ],
        ],
      ]),
    });
    server.change(mappingOf('disjoint'));
    expect(await (await fhir('Condition')).text()).toContain('Asthma of a');
    server.change(mappingOf('narrower'));
    const after = await (await fhir('Condition')).text();
    expect(after).not.toContain('Asthma of a');
    expect(after).toContain('Asthma of b');
  });

  it('a host that is gone opens nothing, and what it had open has ended', async () => {
    const { fhir, patient } = await server.launch();
    const policy = async (): Promise<string> =>
      (await fetch(`${server.base}/app/region.json`)).headers.get('content-security-policy') ?? '';
    expect(await policy()).toContain("frame-ancestors 'self' https://epr.example");
    server.change({ hosts: [] });
    expect(await policy()).not.toContain('https://epr.example');
    expect((await fhir(`Patient/${patient}`)).status).toBe(401);
    expect((await server.client.launch({ origin: server.base })).status).toBe(403);
  });

  it('an app that was registered may ask for tokens, and one that was removed may not', async () => {
    const ask = async (clientId: string): Promise<unknown> => {
      const answer = await fetch(`${server.base}/auth/token`, {
        method: 'POST',
        headers: { origin: server.base },
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'none', client_id: clientId }),
      });
      return object(await answer.json())?.['error'];
    };
    const [viewer] = server.config.clients;
    if (viewer === undefined) throw new Error('the shipped configuration has one');
    const app = { ...viewer, clientId: 'growth-chart', launchUri: 'https://chart.example/launch' };
    expect(await ask('growth-chart')).toBe('invalid_client');
    server.change({ clients: [...server.config.clients, app] });
    expect(await ask('growth-chart')).toBe('invalid_grant');
    server.change({ clients: server.config.clients });
    expect(await ask('growth-chart')).toBe('invalid_client');
  });
});

describe('what is between the server and a source', () => {
  it('survives a change that is not about it, and is forgotten with it', async () => {
    const { fhir, patient } = await server.launch();
    const record = async (): Promise<readonly JsonObject[]> =>
      linesOf(await fhir(`Patient/${patient}/$everything`, { accept: everything }));
    await record();
    const metadata = (): number => server.a.asked.filter((line) => line.includes('/metadata')).length;
    expect(metadata()).toBe(1);
    server.b.state.dead = true;
    for (let turn = 0; turn < 6; turn += 1) await record();
    const asked = server.b.asked.length;
    server.change({ region: { ...server.config.region, name: 'Renamed' } });
    expect(statusOf(await record(), 'b')).toBe('unavailable');
    expect(server.b.asked).toHaveLength(asked);
    expect(metadata()).toBe(1);

    server.b.state.dead = false;
    server.change({ sources: server.config.sources.filter((one) => one.id !== 'b') });
    await expect.poll(() => server.left().length).toBe(1);
    server.change({ sources: server.config.sources });
    expect(statusOf(await record(), 'b')).toBe('complete');
  });
});

describe('two hundred changes', () => {
  it('leave no edition, timer or socket behind', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { fhir } = await server.launch();
    const busy = async (): Promise<void> => {
      await (await fhir('Condition')).text();
    };
    const resources = (): number => process.getActiveResourcesInfo().length;
    await busy();
    const before = resources();
    const editions: WeakRef<Edition>[] = [];
    for (let turn = 0; turn < 200; turn += 1) {
      editions.push(new WeakRef(server.change({ region: { ...server.config.region, name: `Region ${turn}` } })));
      if (turn % 20 === 0) await busy();
    }
    await busy();
    await expect.poll(() => server.left().length).toBe(1);
    const alive = (): number => {
      collect();
      return editions.filter((edition) => edition.deref() !== undefined).length;
    };
    await expect.poll(alive, { timeout: 20_000, interval: 200 }).toBeLessThanOrEqual(2);
    expect(resources()).toBeLessThanOrEqual(before + 2);
  });
});
