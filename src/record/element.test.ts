import { expect, test } from 'vitest';
import { quantityPrecision } from '../fhir/quantity-precision.ts';
import { formatNumber, quantityText } from './element.ts';

const recorded = (value: number, places: number) => ({
  value,
  _value: { extension: [{ url: quantityPrecision, valueInteger: places }] },
  unit: 'mmol/L',
});

test.each([
  [recorded(4, 1), '4.0 mmol/L'],
  [recorded(5.4, 2), '5.40 mmol/L'],
  [recorded(-4, 1), '-4.0 mmol/L'],
  [recorded(12_000, 1), '12,000.0 mmol/L'],
  // Nothing is rounded, whatever the source says.
  [recorded(4.256, 1), '4.256 mmol/L'],
  [recorded(4, -3), '4 mmol/L'],
  [recorded(4, 1e9), '4 mmol/L'],
  [recorded(4, 1.5), '4 mmol/L'],
  [{ value: 4, unit: 'mmol/L' }, '4 mmol/L'],
])('a value is shown with the decimal places that it was recorded with: %j', (quantity, shown) => {
  expect(quantityText(quantity)).toBe(shown.replace(' ', ' '));
});

test('a number that is written with a power of ten stays as it is', () => {
  expect(formatNumber(1e21, 1)).toBe('1e+21');
});
