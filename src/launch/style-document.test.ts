import { afterEach, expect, it, vi } from 'vitest';
import { fetchStyle } from './style-document.ts';

const own = 'https://record.example';
const url = `${own}/app/style/epr-abc.json`;
afterEach(() => vi.unstubAllGlobals());

it('fetches a host’s style from our own server, without a cookie', async () => {
  const sent = vi.fn<typeof fetch>(async () => Response.json({ dim_font_size: '16px' }));
  vi.stubGlobal('fetch', sent);
  expect(await fetchStyle(url, own)).toEqual({ dim_font_size: '16px' });
  expect(sent.mock.calls[0]?.[1]).toMatchObject({ credentials: 'omit', redirect: 'error' });
});

it.each([
  undefined,
  '',
  'https://evil.example/app/style/epr.json',
  'https://record.example.evil.example/app/style/epr.json',
  '//evil.example/app/style/epr.json',
  'http://record.example/app/style/epr.json',
  'data:application/json,{}',
  `${own}/fhir/Patient`,
  `${own}/app/style/../../fhir/metadata`,
])('asks for nothing at %s', async (address) => {
  const sent = vi.fn<typeof fetch>();
  vi.stubGlobal('fetch', sent);
  expect(await fetchStyle(address, own)).toBeUndefined();
  expect(sent).not.toHaveBeenCalled();
});

it.each([
  ['an error', () => new Response('{}', { status: 500 })],
  ['no JSON', () => new Response('<html>')],
  ['far too much', () => new Response(JSON.stringify('x'.repeat(20_000)))],
])('takes nothing from %s', async (_name, answer) => {
  vi.stubGlobal('fetch', async () => answer());
  expect(await fetchStyle(url, own)).toBeUndefined();
});

it('takes nothing from a server that cannot be reached', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
  expect(await fetchStyle(url, own)).toBeUndefined();
});
