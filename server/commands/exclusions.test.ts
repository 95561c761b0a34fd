import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSnomedId } from '../config/code-list.ts';
import { buildLists, readList } from '../config/code-list-build.ts';
import { loadConfig } from '../config/config.ts';
import { listsFolder, listsFrom } from './exclusions-build.ts';
import { importExclusions } from './exclusions-import.ts';

const reference = join('..', 'shared', 'reference', 'sensitive-codes.tsv');
const table = (...rows: readonly string[]): string =>
  ['category\tsystem\tcode\tterm\tprovenance', ...rows].map((row) => `${row}\n`).join('');

describe('building the lists', () => {
  it('sorts rows by category, each code once, with its mark and its source', () => {
    const { lists, faults } = buildLists([
      {
        file: 'a.tsv',
        content: table(
          'STI\tSNOMED CT\t15628003\tGonorrhea\tverified: A guide: its second part',
          'SERVICE-SH\tSNOMED CT\t788122004\tSexual health service\tverified: x',
          'HIV\tRead v2\tA788.\tAIDS\tmemory',
        ),
      },
      { file: 'b.tsv', content: table('SH-REFERRAL\tSNOMED CT\t15628003\tOther words\tmemory') },
    ]);
    expect(faults).toEqual([]);
    expect([...lists]).toEqual([
      [
        'sexual-health',
        'system\tcode\tterm\tmark\tsource\nSNOMED CT\t15628003\tGonorrhea\tverified\tA guide: its second part\n',
      ],
      ['hiv', 'system\tcode\tterm\tmark\tsource\nRead v2\tA788.\tAIDS\tmemory\t\n'],
    ]);
  });

  it('tells every fault: a wrong check digit, a system or category that nobody knows', () => {
    const content = table(
      'STI\tSNOMED CT\t15628004\tx\tmemory',
      'STI\tLOINC\t1\tx\tmemory',
      'OTHER\tSNOMED CT\t15628003\tx\tmemory',
    );
    expect(buildLists([{ file: 'a.tsv', content }]).faults).toEqual([
      'a.tsv line 2: found 15628004, expected a SNOMED CT id with a right check digit',
      expect.stringMatching(/^a\.tsv line 3: found "LOINC"/),
      expect.stringMatching(/^a\.tsv line 4: found category "OTHER"/),
    ]);
  });

  it('has made the shipped lists, whose every id has a right check digit and every row a mark', async () => {
    const { categories } = await loadConfig('smart-config');
    for (const file of categories.flatMap((one) => [...one.codes, ...(one.falseRemains?.codes ?? [])])) {
      const rows = readList(await readFile(join(listsFolder, file), 'utf8'));
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        expect(['verified', 'memory', 'imported']).toContain(row.mark);
        if (row.system === 'SNOMED CT') expect(isSnomedId(row.code)).toBe(true);
      }
    }
  });

  const isThere = existsSync(reference);
  if (!isThere) process.stdout.write('skipped: no ../shared/reference/sensitive-codes.tsv to build the lists from\n');
  it.skipIf(!isThere)('makes them anew as they are', async () => {
    const { lists, faults } = await listsFrom([reference]);
    expect(faults).toEqual([]);
    expect(lists.size).toBe(5);
    for (const [id, content] of lists) expect(await readFile(join(listsFolder, `${id}.tsv`), 'utf8')).toBe(content);
  });
});

describe('taking in a release', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'exclusions-'));
    await cp('smart-config', folder, { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const gender = (): Promise<string> => readFile(join(folder, 'exclusions', 'gender.tsv'), 'utf8');
  const known = async (): Promise<readonly string[]> =>
    readList(await gender())
      .filter((row) => row.system === 'SNOMED CT')
      .map((row) => row.code);
  const run = async (content: string, ...args: readonly string[]): Promise<string> => {
    const file = join(folder, 'import');
    await writeFile(file, content);
    return importExclusions(['--config', folder, '--category', 'gender', '--file', file, ...args]);
  };
  const refsetRow = (id: string, active = '1', refset = '999004351000000109'): string =>
    `x\t20260401\t${active}\t999000011000000103\t${refset}\t${id}\r\n`;
  const refset = (rows: readonly string[]): string =>
    `id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\r\n${rows.join('')}`;
  const valueSet = (contains: readonly object[], more: object = {}): string =>
    JSON.stringify({ resourceType: 'ValueSet', url: 'urn:v', expansion: { contains, ...more } });
  const sct = (code: string): object => ({ system: 'http://snomed.info/sct', code, display: `Term of ${code}` });

  it('from an RF2 reference set adds what is active, keeps the other systems and the terms, and writes only when told', async () => {
    const before = await gender();
    const ids = await known();
    const file = refset([...ids.map((id) => refsetRow(id)), refsetRow('15628003'), refsetRow('76272004', '0')]);
    expect(await run(file)).toMatch(/^\+ 15628003\ngender: 1 added, 0 lost, 11 codes in all\.\nNothing is written\./);
    expect(await gender()).toBe(before);
    await run(file, '--write');
    const after = readList(await gender());
    expect(after.map((row) => row.code)).toEqual([...ids, '15628003', 'F64', 'X15']);
    expect(after[0]).toMatchObject({ mark: 'imported', source: 'RF2 reference set 999004351000000109' });
    expect(after[0]?.term).not.toBe('');
    const { categories } = await loadConfig(folder);
    expect(categories.find((one) => one.id === 'gender')?.listedCodes).toHaveLength(11);
  });

  it('from a ValueSet takes what its expansion contains at any depth, but what only groups', async () => {
    const ids = await known();
    const contains = [{ ...sct('76272004'), abstract: true, contains: [...ids, '1087051000119109'].map(sct) }];
    expect(await run(valueSet(contains), '--write')).toContain('+ 1087051000119109 Term of 1087051000119109');
    expect(await known()).toEqual([...ids, '1087051000119109']);
  });

  it('refuses what loses more than a tenth of the category, unless told that it is meant', async () => {
    const before = await gender();
    const [lost = '', ...rest] = await known();
    const file = refset(rest.map((id) => refsetRow(id)));
    await expect(run(file, '--write')).rejects.toThrow(
      /^- \d+ .*\ngender: 0 added, 1 lost.*\nRefused: more than a tenth/s,
    );
    expect(await gender()).toBe(before);
    await run(file, '--write', '--accept-loss');
    expect(await known()).not.toContain(lost);
  });

  it('lets a tenth go and no more', async () => {
    const ten = ['15628003', '76272004'];
    const ids = await known();
    await run(refset([...ids, ...ten].map((id) => refsetRow(id))), '--write');
    expect(await known()).toHaveLength(10);
    await run(refset([...ids, '15628003'].map((id) => refsetRow(id))), '--write');
    expect(await known()).toHaveLength(9);
  });

  it.each<[string, () => string, readonly string[], RegExp]>([
    ['another kind of file', () => 'a\tb\n1\t2\n', [], /neither an RF2/],
    ['a ValueSet without an expansion', () => '{"resourceType":"ValueSet"}', [], /neither an RF2/],
    ['several reference sets', () => refset([refsetRow('15628003'), refsetRow('76272004', '1', '2')]), [], /holds 2/],
    ['a set that is not there', () => refset([refsetRow('15628003')]), ['--refset', '7'], /no reference set 7/],
    ['a zeroed last digit', () => refset([refsetRow('1087051000119100')]), [], /wrong check digit/],
    ['a page of an expansion', () => valueSet([sct('15628003')], { total: 90 }), [], /1 of its 90/],
    ['another code system', () => valueSet([{ system: 'http://loinc.org', code: '1-8' }]), [], /only SNOMED CT/],
    ['nothing', () => valueSet([]), [], /lists no concept/],
    ['a category that is none', () => refset([refsetRow('15628003')]), ['--category', 'other'], /No category other/],
  ])('refuses %s', async (_name, content, args, words) => {
    await expect(run(content(), ...args)).rejects.toThrow(words);
  });

  it('says how it is used, and what is missing', async () => {
    expect(await importExclusions(['--help'])).toContain('--accept-loss');
    await expect(importExclusions([])).rejects.toThrow('--category <id> --file <path>');
  });
});
