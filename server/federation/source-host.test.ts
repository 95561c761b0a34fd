import { describe, expect, test } from 'vitest';
import { sourceHost, withoutLinks } from './source-host.ts';

describe('where a source stands on the network', () => {
  const { hide, isIn } = sourceHost('https://fhir.trust.example:8443/fhir/R4/', 'https://public.example/source/a');

  test.each([
    ['https://fhir.trust.example:8443/fhir/R4', 'https://public.example/source/a'],
    ['https://fhir.trust.example:8443/fhir/R4/CodeSystem/x|2', 'https://public.example/source/a/CodeSystem/x|2'],
    ['http://fhir.trust.example/shhapt', 'https://public.example/source/a/shhapt'],
    ['//fhir.trust.example/x', 'https://public.example/source/a/x'],
    ['https://user:word@fhir.trust.example/x', 'https://public.example/source/a/x'],
    ['see https://fhir.trust.example:8443/fhir/R4, today', 'see https://public.example/source/a, today'],
    [
      'two: https://fhir.trust.example/a https://fhir.trust.example/b',
      'two: https://public.example/source/a/a https://public.example/source/a/b',
    ],
  ])('%s', (text, hidden) => {
    expect(hide(text)).toBe(hidden);
    expect(hide(text)).not.toContain('trust.example');
    expect(isIn({ a: [{ b: text }] })).toBe(true);
  });

  test.each([
    'https://fhir.trust.example.org/x',
    'https://my-fhir.trust.example-two/x',
    'clinic@fhir.trust.example',
    'https://other.example/x',
    'http://snomed.info/sct',
    '',
  ])('%s stays', (text) => {
    expect(hide(text)).toBe(text);
  });

  test('no base URL hides nothing', () => {
    expect(sourceHost('', 'x').hide('https://a.example')).toBe('https://a.example');
  });
});

test('a narrative keeps its words and its own anchors, and leads nowhere else', () => {
  expect(
    withoutLinks(
      `<div xmlns="http://www.w3.org/1999/xhtml"><a href="https://a.example/x?y='1'">Result</a><a href='#n1'>note</a><img alt="scan" src=//b.example/p.png /><p style="background: url(https://c.example/d)">5.6</p></div>`,
    ),
  ).toBe(
    `<div xmlns="http://www.w3.org/1999/xhtml"><a>Result</a><a href='#n1'>note</a><img alt="scan" /><p style="background: none">5.6</p></div>`,
  );
});
