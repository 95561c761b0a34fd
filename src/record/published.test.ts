// @vitest-environment node
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../fhir/resource.ts';
import { createRecord } from './builder.ts';
import { from, homes, localised, now, region, shuffled, type SourceId } from './testing.ts';

const folder = resolve(process.cwd(), '../shared/data');
const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((one) => one.endsWith('.json'))
      .toSorted()
  : [];
if (files.length === 0) process.stdout.write('skipped: the published records are not beside the project\n');

const read = (file: string): readonly Resource[] => localised(JSON.parse(readFileSync(resolve(folder, file), 'utf8')));

/** How often each resource of the input is found, by what it says. */
function found(lines: readonly Resource[]): { readonly wrong: readonly string[]; readonly groups: number } {
  const record = createRecord(region, now);
  record.add(lines);
  const groups = homes(record.snapshot());
  const ids = new Set<string>();
  const seen = new Set<string>();
  for (const group of groups)
    for (const member of record.detail(group.id)?.members ?? []) {
      expect(ids.has(member.id)).toBe(false);
      ids.add(member.id);
      seen.add(JSON.stringify(member.raw));
    }
  const wrong = lines.map((one) => JSON.stringify(one)).filter((one) => !seen.has(one));
  return { wrong, groups: groups.length };
}

const sources: readonly SourceId[] = ['gp', 'uhnm', 'wmshcr'];

describe.skipIf(files.length === 0)('every published record gives back each resource in exactly one group', () => {
  it.each(files)('%s', (file) => {
    const resources = read(file);
    const alone = resources.map((one) => from('gp', one));
    const once = found(alone);
    expect(once.wrong).toEqual([]);
    const twice = found([...alone, ...shuffled(alone, 3)]);
    expect(twice.wrong).toEqual([]);
    expect(twice.groups).toBe(once.groups);
    const tripled = sources.flatMap((source) => resources.map((one) => from(source, one)));
    expect(found(shuffled(tripled, 1)).wrong).toEqual([]);
    const dealt = shuffled(resources, 2).map((one, index) => from(sources[index % 3] ?? 'gp', one));
    expect(found(dealt).wrong).toEqual([]);
  });

  it.each(files)('%s: in the same groups whatever comes first', (file) => {
    const tripled = sources.flatMap((source) => read(file).map((one) => from(source, one)));
    const [a, b] = [1, 2].map((seed) => {
      const record = createRecord(region, now);
      const lines = shuffled(tripled, seed);
      const half = Math.floor(lines.length / seed);
      record.add(lines.slice(0, half));
      record.snapshot();
      record.add(lines.slice(half));
      return record.snapshot();
    });
    expect(a).toEqual(b);
  });
});
