import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { markersIn } from './decoding.ts';
import { caseOfMarker, markerOf } from './marker.ts';

const marker = markerOf(123_456, 7);
const utf16be = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1'), 'utf16le').swap16();
const escaped = (bytes: Buffer, write: (code: number) => string): Buffer =>
  Buffer.from([...bytes].map(write).join(''), 'latin1');
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');

/** Each form as a sender could write it. */
const forms: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  plain: (bytes) => bytes,
  capitals: (bytes) => Buffer.from(bytes.toString('latin1').replace(marker, marker.toUpperCase()), 'latin1'),
  base64: (bytes) => Buffer.from(bytes.toString('base64')),
  base64url: (bytes) => Buffer.from(bytes.toString('base64url')),
  'base64 in lines': (bytes) => Buffer.from(bytes.toString('base64').replaceAll(/.{20}/g, '$&\r\n')),
  'base64 in lines of JSON': (bytes) =>
    Buffer.from(JSON.stringify(bytes.toString('base64').replaceAll(/.{20}/g, '$&\n'))),
  hexadecimal: (bytes) => Buffer.from(bytes.toString('hex')),
  gzip: (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  'deflate without a head': (bytes) => deflateRawSync(bytes),
  brotli: (bytes) => brotliCompressSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
  percent: (bytes) => escaped(bytes, (code) => `%${hex(code, 2)}`),
  'JSON escapes': (bytes) => escaped(bytes, (code) => `\\u${hex(code, 4)}`),
  'HTML entities': (bytes) => escaped(bytes, (code) => `&#${code};`),
  'HTML entities, hexadecimal': (bytes) => escaped(bytes, (code) => `&#x${hex(code, 2)};`),
  'UTF-16LE': (bytes) => Buffer.from(bytes.toString('latin1'), 'utf16le'),
  'UTF-16BE': utf16be,
};
const said = (form: (bytes: Buffer) => Buffer, text = `About ${marker}, seen.`): Buffer => form(Buffer.from(text));

describe('the markers in bytes', () => {
  it.each(Object.entries(forms))('are found in %s', (_name, form) => {
    expect([...markersIn(said(form))]).toEqual([marker]);
    expect([...markersIn(said(form, 'About somebody else, seen in the same clinic.'))]).toEqual([]);
  });

  const pairs = Object.entries(forms).flatMap(([outer, wrap]) =>
    Object.entries(forms).map(([inner, form]) => [inner, outer, (bytes: Buffer) => wrap(form(bytes))] as const),
  );
  it.each(pairs)('are found in %s within %s', (_inner, _outer, form) => {
    expect([...markersIn(said(form))]).toEqual([marker]);
  });

  it('are found where what is encoded stands among other text', () => {
    const piece = Buffer.from(`x${marker}`).toString('base64');
    for (const before of ['a', 'ab', 'abc', 'data:text/plain;base64,', '{"data":"', 'Binary/'])
      expect([...markersIn(Buffer.from(`${before}${piece}","size":1}`))]).toEqual([marker]);
    const packed = gzipSync(Buffer.from(marker));
    expect([...markersIn(Buffer.concat([Buffer.from([0, 1, 2, 255]), packed, packed.subarray(0, 9)]))]).toEqual([
      marker,
    ]);
  });

  it('are found however many there are', () => {
    const all = [1, 2, 3].map((serial) => markerOf(9, serial));
    expect([...markersIn(Buffer.from(all.join(' ')))]).toEqual(all);
  });
});

it('a marker says of which case it is, and no two are alike', () => {
  const numbers = [0, 1, 25, 26, 999_999, 84_000_000_000];
  for (const index of numbers) for (const serial of [0, 63]) expect(caseOfMarker(markerOf(index, serial))).toBe(index);
  expect(new Set(numbers.flatMap((index) => [markerOf(index, 0), markerOf(index, 63)])).size).toBe(12);
});
