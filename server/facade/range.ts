/** The bytes of one range, both ends included. */
export type ByteRange = { readonly from: number; readonly to: number };

/**
 * Reads a `Range` header (RFC 9110, 14.2) against a size in bytes. Several ranges, other units and what cannot be read are
 * passed over: all is sent.
 * @returns `none` where all is to be sent, `unsatisfiable` where nothing of the range is there
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | 'none' | 'unsatisfiable' {
  const [, first, last] = /^\s*bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/i.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'none';
  if (first === '') {
    const length = Number(last);
    return length === 0 || size === 0 ? 'unsatisfiable' : { from: Math.max(0, size - length), to: size - 1 };
  }
  const from = Number(first);
  if (last !== '' && Number(last) < from) return 'none';
  if (from >= size) return 'unsatisfiable';
  return { from, to: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}
