import { remembering } from './memory.ts';

/** Other writings of one unit; what is not listed is another unit, whatever it looks like (H5). */
const spellings: readonly (readonly [written: RegExp, unit: string])[] = [
  [/^[x×]?10(?:\*|\^|e\+?0?)?(?:9|⁹)\//i, '10^9/'],
  [/^[x×]?10(?:\*|\^|e\+?)?(?:12|¹²)\//i, '10^12/'],
  [/^[x×]?10(?:\*|\^|e\+?0?)?(?:6|⁶)\//i, '10^6/'],
  [/^(?:umol|micromol)(?=\/|$)/, 'µmol'],
  [/^(?:ug|mcg|microg)(?=\/|$)/, 'µg'],
  [/^mm\[Hg\]$/, 'mmHg'],
  [/^(?:Cel|degC|℃)$/, '°C'],
  [/^kg\/m(?:\^2|²)$/, 'kg/m2'],
  [/^ml\/min\/(?:\{1\.73_m2\}|\[1\.73_m2\]|1\.73(?:m2|m²|m\^2|sqm|_m2)|\{1\.73m2\})$/i, 'mL/min/1.73m2'],
  [/^(?:bpm|\{?(?:beats|breaths)\}?\/min(?:ute)?)$/i, '/min'],
  [/^\{[^}]*\}$/, ''],
  [/^1$/, ''],
];

const read = remembering((unit: string): string => {
  let key = unit.replaceAll(/\s+/g, '').replaceAll('\u03bc', 'µ');
  for (const [written, meant] of spellings) key = key.replace(written, meant);
  // A litre is written with either letter, alone or with its prefix; no other unit differs by that case alone.
  return key.replaceAll(/(^|\/)([mdcnµ]?)l(?=\/|$)/g, '$1$2L');
});

/**
 * What a unit is compared by: two writings of one unit (`umol/L`, `μmol/l`) have one key, different units never do.
 * Nothing is converted by it, and it is never shown.
 */
export function unitKey(unit: string | undefined): string {
  return unit === undefined ? '' : read(unit);
}
