import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { objects, object, type JsonObject } from '../../src/fhir/json.ts';
import { ConfigError, loadConfig, neverShownSentence, switchedOffIn } from './config.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smart-config-'));
  await cp('smart-config', folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function change(file: string, edit: (json: JsonObject) => JsonObject): Promise<void> {
  const json: unknown = JSON.parse(await readFile(join(folder, file), 'utf8'));
  await writeFile(join(folder, file), JSON.stringify(edit(object(json) ?? {})));
}

/** The rows of a list with the given one changed. */
function row(json: JsonObject, list: string, index: number, edit: JsonObject): JsonObject {
  return { ...json, [list]: objects(json[list]).map((one, at) => (at === index ? { ...one, ...edit } : one)) };
}

async function faults(): Promise<readonly string[]> {
  try {
    await loadConfig(folder);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n');
  }
}

test('the shipped configuration is fine', async () => {
  const config = await loadConfig('smart-config');
  expect(config.hosts.map((host) => host.id)).toEqual([
    'demo-millbrook',
    'demo-trentside',
    'demo-ashgrove',
    'demo-peakside',
    'demo-peakside-cbc',
    'demo-on-call',
  ]);
  expect(config.categories.every((category) => category.listedCodes.length > 0)).toBe(true);
  expect(neverShownSentence(config)).toBe(
    'Some things are never shown here, for anyone: sexual health, HIV, termination of pregnancy, fertility treatment, gender reassignment.',
  );
});

test('ten faults in six files are told at once, each with its file, its path, what was found and expected', async () => {
  await change('region.json', (json) => ({ ...json, consentAnswerDays: 'seven', colour: 'blue' }));
  await change('hosts.json', (json) =>
    row(row(json, 'hosts', 0, { roles: ['R8000', 'R9999'] }), 'hosts', 1, { id: 'demo-millbrook', door: 'window' }),
  );
  await change('clients.json', (json) => row(json, 'clients', 0, { launchUri: '/elsewhere' }));
  await change('sources.json', (json) =>
    row(row(json, 'sources', 0, { kind: 'fhir-r4' }), 'sources', 2, { baseUrl: 'ftp://127.0.0.1', label: 'GP' }),
  );
  await change('roles.json', (json) => row(json, 'roles', 1, { scopes: ['patient/*.everything'] }));
  await change('exclusions.json', (json) => row(json, 'categories', 0, { enabled: false, codes: ['none.tsv'] }));

  expect((await faults()).toSorted()).toEqual([
    'clients.json clients: found no viewer, expected one client whose launchUri ends in /app/launch',
    'exclusions.json categories[0].switchedOff: found nothing, expected switchedOff { by, on, reason }, since the category is not enabled',
    'hosts.json hosts[0].roles: found "R9999", expected a code of roles.json',
    'hosts.json hosts[1].door: found "window", expected one of signed-context, smart, encrypted-link, sign-in',
    'hosts.json id: found "demo-millbrook" more than once, expected each id once',
    'region.json colour: found "blue", expected no field of this name',
    'region.json consentAnswerDays: found "seven", expected a number',
    'roles.json roles[1].scopes[0]: found "patient/*.everything", expected a SMART v2 scope such as patient/Observation.rs',
    'sources.json label: found "GP" more than once, expected each label once',
    'sources.json sources: found 0 of kind pds, expected exactly one source of kind pds',
    'sources.json sources[0].setting: found nothing, expected a setting (gp, acute, …) that says what kind of organisation it is',
    'sources.json sources[2].baseUrl: found "ftp://127.0.0.1", expected a URL that begins http:// or https://',
  ]);
});

test('a notice is about a section that there is, and does not end before it begins', async () => {
  const notices = (first: JsonObject) =>
    change('region.json', (json) => ({
      ...json,
      notices: [{ text: 'A feed is late.', from: '2026-11-19', ...first }],
    }));
  await notices({ section: 'results', until: '2026-11-19' });
  expect(await faults()).toEqual([]);
  await notices({ section: 'blood' });
  expect(await faults()).toEqual([expect.stringContaining('region.json notices[0].section: found "blood"')]);
  await notices({ until: '2026-11-18' });
  expect(await faults()).toEqual([
    'region.json notices[0].until: found "2026-11-18", expected a day that is not before "from"',
  ]);
});

test('a rule over two fields is checked also where one of the row has a fault of its own', async () => {
  await change('hosts.json', (json) => row(json, 'hosts', 0, { jwks: { keys: [] }, name: '' }));
  const told = await faults();
  expect(told).toContain(
    'hosts.json hosts[0].jwks: found {"keys":[]}, expected either jwks or jwksUri, one of the two',
  );
  expect(told.some((line) => line.startsWith('hosts.json hosts[0].name: found "", expected'))).toBe(true);
});

test('a client has what it proves itself by', async () => {
  const told = async (fields: Record<string, unknown>): Promise<readonly string[]> => {
    await change('clients.json', (json) => row(json, 'clients', 0, fields));
    return faults();
  };
  expect(await told({ clientAuth: 'client_secret_basic' })).toEqual([expect.stringContaining('clients[0].secretHash')]);
  expect(await told({ clientAuth: 'private_key_jwt' })).toEqual([expect.stringContaining('clients[0].jwks')]);
  expect(await told({ clientAuth: 'none', redirectUris: [] })).toEqual([
    expect.stringContaining('clients[0].redirectUris'),
  ]);
});

test('missing files, broken JSON and broken code lists are faults like any other', async () => {
  await rm(join(folder, 'roles.json'));
  await writeFile(join(folder, 'clients.json'), '{ "clients": [ }');
  await writeFile(
    join(folder, 'exclusions', 'hiv.tsv'),
    'system\tcode\tterm\nSNOMED CT\t86406009\tone digit is wrong\n',
  );
  await change('exclusions.json', (json) => row(json, 'categories', 0, { codes: ['none.tsv'] }));
  const told = await faults();
  expect(told).toHaveLength(4);
  expect(told[0]).toContain('roles.json: found no such file');
  expect(told[1]).toContain('clients.json: found');
  expect(told.slice(2).toSorted()).toEqual([
    'exclusions.json categories sexual-health codes: found "none.tsv", expected a file exclusions/none.tsv',
    'exclusions/hiv.tsv line 2: found 86406009, expected a SNOMED CT id with a right check digit',
  ]);
});

test('a category that is enabled has code lists: without them the server does not start', async () => {
  await change('exclusions.json', (json) => row(json, 'categories', 1, { codes: [] }));
  expect(await faults()).toEqual([
    expect.stringMatching(/^exclusions\.json categories\[1\]\.codes: .*at least one TSV file/),
  ]);
});

test('a supervised role says so in its title, whatever it is called', async () => {
  await change('roles.json', (json) => row(json, 'roles', 0, { title: 'Apprentice', supervised: true }));
  const { roles } = await loadConfig(folder);
  expect(roles[0]?.title).toBe('Apprentice (supervised)');
  expect(roles.filter(({ supervised }) => supervised).map(({ title }) => title)).toEqual([
    'Apprentice (supervised)',
    'Healthcare student (supervised)',
  ]);
});

test('the whole filter is switched off by one entry with a name, a date and a reason, and by nothing less', async () => {
  await change('exclusions.json', (json) => ({ ...json, switchedOff: { by: 'A Guardian', on: 'yesterday' } }));
  expect((await faults()).filter((one) => one.startsWith('exclusions.json switchedOff'))).toHaveLength(2);
  const switchedOff = { by: 'A Guardian', on: '2026-11-02', reason: 'A drill' };
  await change('exclusions.json', (json) => ({ ...json, switchedOff }));
  const config = await loadConfig(folder);
  expect(config.categories.every((one) => !one.enabled)).toBe(true);
  expect(switchedOffIn(config)).toHaveLength(config.categories.length);
  expect(switchedOffIn(config)).toContainEqual({ id: 'hiv', title: 'HIV', ...switchedOff });
  expect(neverShownSentence(config)).toBe('Nothing is left out of this record on purpose.');
  expect(switchedOffIn(await loadConfig('smart-config'))).toEqual([]);
});

test('what brand and generic are compared by is read where region.json names it, and a fault where it is none', async () => {
  expect((await loadConfig(folder)).medicines).toBeUndefined();
  await change('region.json', (json) => ({ ...json, medicines: 'dmd.tsv' }));
  expect(await faults()).toEqual([
    'region.json medicines: found "dmd.tsv", expected a file of this name that can be read',
  ]);
  await writeFile(join(folder, 'dmd.tsv'), 'child\tparent\n101\t100\n102\t100\n');
  expect((await loadConfig(folder)).medicines).toEqual(new Map([['100', ['101', '102']]]));
});

test('what lies below a listed concept is listed too, where a hierarchy is given', async () => {
  const below = '99990000018';
  const codes = async (id: string): Promise<readonly string[]> =>
    (await loadConfig(folder)).categories.find((one) => one.id === id)?.listedCodes.map((one) => one.code) ?? [];
  expect(await codes('sexual-health')).not.toContain(below);
  await writeFile(join(folder, 'hierarchy.tsv'), `child\tparent\n${below}\t15628003\n`);
  await change('exclusions.json', (json) => ({ ...json, hierarchy: ['hierarchy.tsv'] }));
  expect(await codes('sexual-health')).toContain(below);
  expect(await codes('hiv')).not.toContain(below);
  await change('exclusions.json', (json) => ({ ...json, hierarchy: ['none.tsv'] }));
  expect(await faults()).toEqual([
    'exclusions.json hierarchy: found "none.tsv", expected a file of this name that can be read',
  ]);
  await writeFile(join(folder, 'none.tsv'), 'a\tb\n');
  expect(await faults()).toEqual([
    'exclusions.json hierarchy: found "none.tsv", expected columns child and parent, or those of an RF2 relationship snapshot',
  ]);
});
