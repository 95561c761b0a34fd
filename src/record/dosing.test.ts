import { describe, expect, it } from 'vitest';
import { lastFiltration, lastWeight } from './dosing.ts';
import { concept, from, recordOf } from './testing.ts';

const observation = (category: string, name: string, value: unknown, date: string | undefined, more: object = {}) =>
  from('gp', {
    resourceType: 'Observation',
    id: `${name} ${String(value)} ${date ?? ''}`,
    status: 'final',
    category: [{ coding: [{ code: category }] }],
    code: concept(name, name),
    effectiveDateTime: date,
    valueQuantity: { value, unit: category === 'laboratory' ? 'mL/min/1.73 m²' : 'kg' },
    ...more,
  });
const vital = (...[name, value, date, more]: readonly [string, number, string | undefined, object?]) =>
  observation('vital-signs', name, value, date, more ?? {});
const laboratory = (...[name, value, date, more]: readonly [string, number, string | undefined, object?]) =>
  observation('laboratory', name, value, date, more ?? {});

describe('what a dose hangs on', () => {
  it.each<[string, readonly unknown[], string | undefined]>([
    ['the newest weight', [vital('Body weight', 80, '2024-01-01'), vital('Weight', 71, '2026-01-01')], '71'],
    ['no birth weight', [vital('Birth weight', 3.2, '2026-01-01'), vital('Body weight', 12, '2025-01-01')], '12'],
    ['no target', [vital('Target weight', 60, '2026-01-01')], undefined],
    ['none without a date', [vital('Body weight', 70, undefined)], undefined],
    [
      'none that was entered in error',
      [vital('Body weight', 7, '2026-01-01', { status: 'entered-in-error' }), vital('Body weight', 70, '2025-01-01')],
      '70',
    ],
  ])('weight: %s', (_, lines, expected) =>
    expect(lastWeight(recordOf(...lines).sections['vital-signs'])?.row.value?.text).toBe(expected),
  );

  it.each<[string, readonly unknown[], string | undefined]>([
    ['the newest', [laboratory('eGFR', 34, '2026-11-19'), laboratory('eGFR', 46, '2025-10-04')], '34'],
    ['by its long name', [laboratory('Glomerular filtration rate', 50, '2026-01-01')], '50'],
    ['not creatinine', [laboratory('Creatinine', 168, '2026-11-19')], undefined],
  ])('filtration: %s', (_, lines, expected) =>
    expect(lastFiltration(recordOf(...lines).sections.results)?.row.value?.text).toBe(expected),
  );
});
