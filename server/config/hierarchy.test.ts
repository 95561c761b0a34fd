import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { descendantsOf, readHierarchy } from './hierarchy.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hierarchy-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = async (lines: readonly (readonly string[])[]): Promise<string> => {
  const path = join(folder, 'hierarchy.txt');
  await writeFile(path, lines.map((cells) => cells.join('\t')).join('\r\n'));
  return path;
};

const head = [
  ...['id', 'effectiveTime', 'active', 'moduleId', 'sourceId', 'destinationId', 'relationshipGroup', 'typeId'],
  ...['characteristicTypeId', 'modifierId'],
];
const relationship = (child: string, parent: string, active = '1', type = '116680003'): readonly string[] => [
  ...[
    '1',
    '20260101',
    active,
    '900000000000207008',
    child,
    parent,
    '0',
    type,
    '900000000000011006',
    '900000000000451002',
  ],
];

it('reads the active "is a" rows of an RF2 relationship snapshot', async () => {
  const path = await file([
    head,
    relationship('2', '1'),
    relationship('3', '2'),
    relationship('4', '1', '0'),
    relationship('5', '1', '1', '363698007'),
  ]);
  expect(descendantsOf(['1'], [await readHierarchy(path)])).toEqual(['2', '3']);
});

it('reads a file of children and parents, whichever stands first', async () => {
  const path = await file([['parent', 'child'], ['1', '2'], ['2', '3'], ['3', '1'], ['']]);
  const hierarchy = await readHierarchy(path);
  expect(descendantsOf(['1'], [hierarchy])).toEqual(['2', '3']);
  expect(descendantsOf(['3'], [hierarchy])).toEqual(['1', '2']);
  expect(descendantsOf(['9'], [hierarchy])).toEqual([]);
});

it('follows several files as one', async () => {
  const first = await readHierarchy(
    await file([
      ['child', 'parent'],
      ['2', '1'],
    ]),
  );
  const second = await readHierarchy(
    await file([
      ['child', 'parent'],
      ['3', '2'],
    ]),
  );
  expect(descendantsOf(['1'], [first, second])).toEqual(['2', '3']);
});

it.each([[[['a', 'b']]], [[['child', 'parent']]], [[['']]]])(
  'refuses a file of another kind or without rows: %j',
  async (lines) => {
    await expect(readHierarchy(await file(lines))).rejects.toThrow(/columns|at least one row/);
  },
);
