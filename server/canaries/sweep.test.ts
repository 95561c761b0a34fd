import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGenerator } from './generator.ts';
import { openRegion, type Region } from './region.ts';
import { remains, sweep } from './sweep.ts';
import { markerOf } from './marker.ts';
import { vocabularyOf } from './vocabulary.ts';

const range = (from: number, count: number): readonly number[] => Array.from({ length: count }, (_, at) => from + at);

describe('canaries through the whole server', () => {
  let region: Region;
  beforeAll(async () => {
    region = await openRegion();
  });
  afterAll(() => region.close());

  const generators = () => {
    const vocabulary = vocabularyOf(region.config.categories);
    const of = (id: 'acute' | 'community') => createGenerator(vocabulary, { seed: 'sweep', base: region.baseOf(id) });
    return { acute: of('acute'), community: of('community') };
  };

  it('appear nowhere: in no answer to any role, and their twins come through', async () => {
    const { findings, asked } = await sweep(region, generators(), {
      indexes: range(0, 110),
      roles: ['R8000', 'R8014', 'R8009', 'R0001'],
      thorough: false,
    });
    expect(findings).toEqual([]);
    expect(asked).toBeGreaterThan(200);
  });

  it('are found where a category is switched off', async () => {
    const before = generators();
    await region.exclude(({ categories }) => {
      for (const one of categories)
        if (one['id'] === 'hiv')
          Object.assign(one, {
            enabled: false,
            switchedOff: { by: 'A. Tester', on: '2026-11-20', reason: 'To see it found' },
          });
    });
    const { findings } = await sweep(region, before, { indexes: range(1_000, 110), roles: ['R8000'], thorough: false });
    expect(findings.some((one) => one.kind === 'leak')).toBe(true);
    expect(new Set(findings.filter((one) => one.kind === 'leak').map((one) => one.category))).toEqual(new Set(['hiv']));
  });

  it('are in nothing that the server leaves behind, but where one is hidden there', async () => {
    await region.stop();
    const marker = markerOf(1, 1);
    await writeFile(join(region.dataDir, 'pglite', 'left-behind'), Buffer.from(marker, 'utf16le'));
    const found = await remains(region, () => undefined);
    expect(found.map(({ what }) => what)).toEqual([`${marker} in the file ${join('pglite', 'left-behind')}`]);
  });
});
