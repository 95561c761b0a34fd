import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';
import { markerPattern } from './marker.ts';

/** An id of the facade, of which an answer has thousands: a hash, and nothing packed. */
const idCharacters = 43;
/** How many forms may lie within one another. */
const deepest = 4;
/** The largest that one packed piece may become. */
const mostBytes = 32 * 1024 * 1024;

type Packed = { readonly magic: readonly number[]; readonly unpack: (bytes: Buffer) => Buffer };

const cutShort = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostBytes };

/** What says by its first bytes how it is packed. Also one that is cut short, or has something behind it. */
const packed: readonly Packed[] = [
  { magic: [0x1f, 0x8b, 0x08], unpack: (bytes) => gunzipSync(bytes, cutShort) },
  ...[0x01, 0x5e, 0x9c, 0xda].map((level) => ({
    magic: [0x78, level],
    unpack: (bytes: Buffer) => inflateSync(bytes, cutShort),
  })),
  {
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    unpack: (bytes) => zstdDecompressSync(bytes, { maxOutputLength: mostBytes }),
  },
];

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const isText = (bytes: Buffer): boolean => !/[^\t\n\r\x20-\x7e\x80-\xff]/.test(bytes.toString('latin1'));
const fromCode = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');

/** Every second character where the others are all empty: what is UTF-16 as a whole, packed bytes with zeros of their own too. */
function halved(text: string, from: 0 | 1): string {
  let half = '';
  for (let at = 0; at < text.length; at += 1)
    if (at % 2 === from) half += text.charAt(at);
    else if (text.charCodeAt(at) !== 0) return text;
  return half;
}

/** Other readings of a text that differ from it: what escapes stand for. One character is one byte, as in latin1. */
const readings: readonly ((text: string) => string)[] = [
  (text) =>
    text.includes('%')
      ? text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      : text,
  (text) =>
    text.includes('\\')
      ? text.replaceAll(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(.))/gi, (_, four?: string, two?: string, one?: string) =>
          one === undefined ? fromCode(Number.parseInt(four ?? two ?? '', 16)) : one,
        )
      : text,
  (text) =>
    text.includes('&')
      ? text.replaceAll(
          /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));?/gi,
          (all, ten?: string, hex?: string, name?: string) =>
            ten !== undefined
              ? fromCode(Number(ten))
              : hex !== undefined
                ? fromCode(Number.parseInt(hex, 16))
                : (entities[name?.toLowerCase() ?? ''] ?? all),
        )
      : text,
  (text) => halved(text, 0),
  (text) => halved(text, 1),
  // UTF-16 of either order, wherever it begins.
  (text) => (text.includes('\0') ? text.replaceAll('\0', '') : text),
];

/** Base64 of either alphabet, also in lines, whose ends a JSON text writes as `\n`. */
const base64 = /[A-Za-z0-9+/_-](?:[A-Za-z0-9+/_-]|\\r\\n|\\n|\r?\n(?=[A-Za-z0-9+/_-])){21,}/g;
const hexadecimal = /(?:[0-9a-f]{2}){15,}/gi;

const known = new Map<string, readonly string[]>();
const mostKnown = 200_000;

/** What a piece of base64 or hexadecimal holds, remembered, since the same ids come again and again. */
function within(piece: string, depth: number): readonly string[] {
  const key = `${depth}${piece}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = new Set<string>();
  const plain = piece.replaceAll(/\\r|\\n|\s/g, '');
  // What stands before it may be of the alphabet by chance: each of the four ways to cut it is tried.
  for (let skip = 0; skip < 4; skip += 1)
    look(Buffer.from(plain.slice(skip), 'base64'), depth, found, skip === 0 && plain.length !== idCharacters);
  const all = [...found];
  if (piece.length < 200 && known.size < mostKnown) known.set(key, all);
  return all;
}

function unpacked(unpack: (bytes: Buffer) => Buffer, bytes: Buffer): Buffer | undefined {
  // Mostly it is not packed at all: an error without its stack costs a tenth.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return unpack(bytes);
  } catch {
    return undefined;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** `isWhole`: it begins where something was made to begin. */
function look(bytes: Buffer, depth: number, found: Set<string>, isWhole = true): void {
  const text = bytes.toString('latin1');
  for (const [marker] of text.matchAll(markerPattern)) found.add(marker.toLowerCase());
  if (depth === 0) return;
  for (const reading of readings) {
    const read = reading(text);
    if (read !== text) look(Buffer.from(read, 'latin1'), depth - 1, found);
  }
  for (const [piece] of text.matchAll(base64)) for (const one of within(piece, depth - 1)) found.add(one);
  for (const [piece] of text.matchAll(hexadecimal)) look(Buffer.from(piece, 'hex'), depth - 1, found);
  if (isText(bytes)) return;
  for (const { magic, unpack } of packed) {
    const needle = Buffer.from(magic);
    for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) {
      const inside = unpacked(unpack, bytes.subarray(at));
      if (inside !== undefined && inside.byteLength > 0) look(inside, depth - 1, found);
    }
  }
  // These have no mark of their own: they are tried on the whole.
  if (!isWhole) return;
  for (const unpack of [
    (all: Buffer) => brotliDecompressSync(all, { maxOutputLength: mostBytes }),
    (all: Buffer) => inflateRawSync(all, { maxOutputLength: mostBytes }),
  ]) {
    const inside = unpacked(unpack, bytes);
    if (inside !== undefined && inside.byteLength > 0) look(inside, depth - 1, found);
  }
}

/**
 * Every marker in these bytes, in lower case: as it stands, or in base64 (either alphabet, in lines), hexadecimal, gzip,
 * deflate, brotli, zstd, percent, JSON and HTML escapes or UTF-16 of either order, and these within one another.
 * @param depth how many forms may lie within one another
 */
export function markersIn(bytes: Buffer, depth: number = deepest): ReadonlySet<string> {
  const found = new Set<string>();
  look(bytes, depth, found);
  return found;
}
