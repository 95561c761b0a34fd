import { expect, it } from 'vitest';
import type { AuditEntry } from '../audit/entry.ts';
import { loadConfig } from '../config/config.ts';
import { auditSwitchedOff } from './switched-off.ts';

const config = await loadConfig('smart-config');
const switchedOff = { by: 'A Guardian, Caldicott Guardian', on: '2026-11-02', reason: 'Agreed by the board' };
const off = {
  categories: config.categories.map((one) => (one.id === 'hiv' ? { ...one, enabled: false, switchedOff } : one)),
};

it('writes who switched a category off, when and why, and nothing of those that are on', async () => {
  const rows: AuditEntry[] = [];
  const audit = { record: async (entry: AuditEntry) => void rows.push(entry) };
  await auditSwitchedOff(audit, config);
  expect(rows).toEqual([]);
  await auditSwitchedOff(audit, off);
  expect(rows).toEqual([
    {
      type: 'administration',
      action: 'E',
      outcome: 'success',
      reason: 'exclusion-switched-off',
      detail: { category: 'hiv', by: switchedOff.by, on: '2026-11-02', because: 'Agreed by the board' },
    },
  ]);
});

it('fails where that cannot be written', async () => {
  const audit = { record: () => Promise.reject(new Error('disk full')) };
  await expect(auditSwitchedOff(audit, off)).rejects.toThrow('disk full');
});
