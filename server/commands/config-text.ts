import { isObject } from '../../src/fhir/json.ts';

const width = 120;

/**
 * A value as a file of `smart-config` has it, so that a change by a command is no other change: an object a line for
 * each member, a list of plain values on one line where it fits.
 */
export function configText(value: unknown): string {
  return `${written(value, 0, 0)}\n`;
}

function written(value: unknown, depth: number, column: number): string {
  const inner = '  '.repeat(depth + 1);
  const close = '  '.repeat(depth);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    const flat = `[${value.map((one) => JSON.stringify(one)).join(', ')}]`;
    // The comma behind it counts.
    const isFlat = value.every((one) => typeof one !== 'object' || one === null);
    if (isFlat && column + flat.length + 1 <= width) return flat;
    const rows = value.map((one) => `${inner}${written(one, depth + 1, inner.length)}`);
    return `[\n${rows.join(',\n')}\n${close}]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value);
  if (members.length === 0) return '{}';
  const rows = members.map(([name, one]) => {
    const key = `${inner}${JSON.stringify(name)}: `;
    return `${key}${written(one, depth + 1, key.length)}`;
  });
  return `{\n${rows.join(',\n')}\n${close}}`;
}
