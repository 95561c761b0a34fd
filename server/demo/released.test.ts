import { expect, it } from 'vitest';
import { binariesOf } from '../disclosure/released-documents.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { releaseRecords } from './released.ts';

it(
  'gives with a record each document that it leads to, as the facade would send it',
  { timeout: 120_000 },
  async () => {
    const { records } = await releaseRecords([{ person: 'smith', role: 'R8000' }], new Date('2026-11-20T09:41:00Z'));
    const record = records['smith R8000'];
    if (record?.kind !== 'released') throw new Error('smith is released');
    const lines = record.batches.flat().map((line) => JSON.parse(line) as Resource);
    const named = new Set(lines.flatMap((one) => [...binariesOf(one)]));
    expect(named.size).toBeGreaterThan(3);
    expect(new Set(Object.keys(record.documents))).toEqual(named);
    const kinds = new Set(Object.values(record.documents).map(({ contentType }) => contentType));
    expect(kinds).toContain('application/pdf');
    for (const { data } of Object.values(record.documents)) expect(data.length).toBeGreaterThan(40);
  },
);
