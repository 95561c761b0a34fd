import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unitKey } from './unit.ts';

it.each([
  ['umol/L', 'µmol/L', 'μmol/l', 'micromol/L'],
  ['10*9/L', '10^9/L', '×10⁹/L', 'x10^9/l', '10⁹/L', '10e9/L'],
  ['mL/min/1.73 m²', 'mL/min/{1.73_m2}', 'ml/min/1.73m2'],
  ['mmHg', 'mm[Hg]'],
  ['Cel', '°C'],
  ['kg/m2', 'kg/m²'],
  ['beats/min', '/min', 'bpm'],
])('%s has one key in every writing', (...writings) => {
  expect(new Set(writings.map(unitKey)).size).toBe(1);
});

it('keeps different units apart (H5)', () => {
  const units = ['mmol/L', 'mg/dL', 'g/L', 'g/dL', 'mg/L', 'µg/L', 'ng/L', 'mmol/mol', '%', 'U/L', 'IU/L', 'mL', 'L'];
  expect(new Set([...units, 'Mmol/L', '10*9/L', '10*12/L', ''].map(unitKey)).size).toBe(units.length + 4);
});

it('is the key of its own key', () => {
  const unit = fc.oneof(fc.constantFrom('umol/l', '10*9/L', 'mm[Hg]', '{score}'), fc.string({ maxLength: 12 }));
  fc.assert(fc.property(unit, (one) => unitKey(unitKey(one)) === unitKey(one)));
});
