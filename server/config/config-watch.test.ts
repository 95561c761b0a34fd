import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { object } from '../../src/fhir/json.ts';
import { loadConfig, type Config } from './config.ts';
import { watchConfig, type ConfigWatch } from './config-watch.ts';

/** What the log holds of one line. */
type Line = { readonly msg: string; readonly faults?: readonly string[] };

describe('a configuration that changes while the server runs', () => {
  let folder: string;
  let watching: ConfigWatch;
  const taken: Config[] = [];
  const lines: Line[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Line) });
  let reads = 0;
  /** What happens between the reading of a file and its use. */
  let meanwhile = async (): Promise<void> => undefined;

  const watch = async (take: (config: Config) => void = (config) => void taken.push(config)): Promise<void> => {
    watching = watchConfig(folder, {
      config: await loadConfig(folder),
      read: async () => {
        reads += 1;
        const config = await loadConfig(folder);
        await meanwhile();
        return config;
      },
      take,
      log,
      // Looked at when the test says so.
      everyMs: 2 ** 30,
    });
  };
  const regionNamed = async (name: unknown): Promise<string> =>
    JSON.stringify({ ...object(JSON.parse(await readFile('smart-config/region.json', 'utf8'))), name });
  const write = async (name: unknown): Promise<void> => writeFile(join(folder, 'region.json'), await regionNamed(name));
  const look = (): Promise<void> => watching.look();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'config-watch-'));
    await cp('smart-config', folder, { recursive: true });
    taken.length = 0;
    lines.length = 0;
    reads = 0;
    meanwhile = async () => undefined;
  });
  afterEach(async () => {
    watching.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is taken whole, once, and what says the same is not taken', async () => {
    await watch();
    await write('Westshire');
    await watching.check();
    await watching.check();
    expect(taken.map((config) => config.region.name)).toEqual(['Westshire']);
    expect(lines.map((line) => line.msg)).toEqual(['took a changed configuration into use']);
  });

  it('with a fault is not taken: one line names file, path and what was expected, and nothing of what was found', async () => {
    await watch();
    await write({ secret: 'hunter2' });
    await watching.check();
    expect(taken).toEqual([]);
    expect(watching.isFaulty()).toBe(true);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      msg: 'the configuration has faults: the one before stays in use',
      faults: ['region.json name: expected a text'],
    });
    expect(JSON.stringify(lines)).not.toContain('hunter2');

    await write('Mended');
    await watching.check();
    expect(watching.isFaulty()).toBe(false);
    expect(taken.map((config) => config.region.name)).toEqual(['Mended']);
  });

  it('that cannot be put to use is a fault too, until it can', async () => {
    let usable = false;
    await watch((config) => {
      if (!usable)
        throw new Error('hosts.json: epr wants a client secret in EPR_SECRET, and the environment has none.');
      taken.push(config);
    });
    await write('Westshire');
    await watching.check();
    expect(watching.isFaulty()).toBe(true);
    expect(lines[0]?.faults).toEqual([expect.stringContaining('EPR_SECRET')]);
    usable = true;
    await watching.check();
    expect(watching.isFaulty()).toBe(false);
    expect(taken).toHaveLength(1);
  });

  it('is not taken where it changes again while it is read', async () => {
    await watch();
    await write('First');
    meanwhile = () => write('Second');
    await watching.check();
    expect(taken).toEqual([]);
    expect(watching.isFaulty()).toBe(false);
    meanwhile = async () => undefined;
    await watching.check();
    expect(taken.map((config) => config.region.name)).toEqual(['Second']);
  });

  describe('is found without being told', () => {
    it('once it stands still for a look, and read no more after that', async () => {
      await watch();
      await look();
      await look();
      const before = reads;
      await write('Westshire');
      await look();
      await write('Eastshire');
      await look();
      expect(reads).toBe(before);
      await look();
      expect(taken.map((config) => config.region.name)).toEqual(['Eastshire']);
      await look();
      await look();
      expect(reads).toBe(before + 1);
    });

    it('where an editor puts a new file in the place of the old', async () => {
      await watch();
      await look();
      await writeFile(join(folder, '.region.json.swp'), await regionNamed('Swapped'));
      await rename(join(folder, '.region.json.swp'), join(folder, 'region.json'));
      for (let turn = 0; turn < 3; turn += 1) await look();
      expect(taken.map((config) => config.region.name)).toEqual(['Swapped']);
    });

    it('where a mounted volume turns a link to another folder, as Kubernetes does', async () => {
      const volume = await mkdtemp(join(tmpdir(), 'volume-'));
      for (const version of ['..1', '..2']) await cp('smart-config', join(volume, version), { recursive: true });
      await writeFile(join(volume, '..2', 'region.json'), await regionNamed('Mounted'));
      await symlink('..1', join(volume, '..data'));
      for (const file of ['region', 'hosts', 'clients', 'sources', 'roles', 'exclusions'])
        await symlink(join('..data', `${file}.json`), join(volume, `${file}.json`));
      await symlink(join('..data', 'exclusions'), join(volume, 'exclusions'));
      await rm(folder, { recursive: true });
      folder = volume;
      await watch();
      await look();
      await symlink('..2', join(volume, '..data_tmp'));
      await rename(join(volume, '..data_tmp'), join(volume, '..data'));
      for (let turn = 0; turn < 3; turn += 1) await look();
      expect(taken.map((config) => config.region.name)).toEqual(['Mounted']);
    });

    it('where a code list changes, in a folder that is a link', async () => {
      const lists = await mkdtemp(join(tmpdir(), 'lists-'));
      await cp('smart-config/exclusions', lists, { recursive: true });
      await rm(join(folder, 'exclusions'), { recursive: true });
      await symlink(lists, join(folder, 'exclusions'));
      await watch();
      await look();
      const list = join(lists, 'hiv.tsv');
      await writeFile(list, `${await readFile(list, 'utf8')}SNOMED CT\t195967001\tAsthma\n`);
      for (let turn = 0; turn < 3; turn += 1) await look();
      expect(taken[0]?.categories.flatMap((one) => one.listedCodes).map((one) => one.code)).toContain('195967001');
      await rm(lists, { recursive: true });
    });
  });
});
