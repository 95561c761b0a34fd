import { describe, expect, it } from 'vitest';
import { loadConfig, type LoadedCategory } from '../config/config.ts';
import { system as uri } from '../../src/fhir/systems.ts';
import { createSigns } from './signs.ts';

const { categories } = await loadConfig('smart-config');
const sct = 'http://snomed.info/sct';
const dmd = 'https://dmd.nhs.uk';

/** The signs of one invented category that lists these. */
function signsOf(listed: Partial<LoadedCategory>) {
  const nothing = { specialties: [], services: [], organisations: [], securityLabels: [], listedCodes: [] };
  return createSigns(categories.slice(0, 1).map((one) => ({ ...one, ...nothing, ...listed })));
}
const listing = (system: LoadedCategory['listedCodes'][number]['system'], code: string) =>
  signsOf({ listedCodes: [{ system, code, term: 'Invented' }] });

describe('a listed code', () => {
  it.each([sct, dmd, undefined])(
    'that is a SNOMED CT or dm+d id counts in either, and without a system: %s',
    (system) => {
      expect(listing('dm+d', '39113611000001102').coding(system, '39113611000001102', false)).toBe(true);
      expect(listing('SNOMED CT', '15628003').coding(system, '15628003', false)).toBe(true);
      expect(listing('SNOMED CT', '15628003').coding(system, '15628004', false)).toBe(false);
    },
  );

  it.each([sct, dmd, undefined])('may be any that a number too long to be exact was: %s', (system) => {
    const rounded: unknown = JSON.parse('999004381000000103');
    expect(listing('SNOMED CT', '15628003').coding(system, rounded, false)).toBe(true);
    expect(signsOf({}).coding(system, rounded, false)).toBe(false);
  });

  it('is found at the end of an expression, where no term stands behind it', () => {
    expect(listing('SNOMED CT', '15628003').coding(sct, '64572001 : 246075003 = 15628003', false)).toBe(true);
  });

  it('of Read v2 counts in CTV3 too, which took over the codes that it did not replace; not the other way round', () => {
    const [v2, ctv3] = [listing('Read v2', '8HTa.00'), listing('CTV3', 'XaJwU')];
    expect(v2.coding('http://read.info/ctv3', '8HTa.', false)).toBe(true);
    expect(ctv3.coding('http://read.info/ctv3', 'XaJwU', false)).toBe(true);
    expect(ctv3.coding('http://read.info/readv2', 'XaJwU', false)).toBe(false);
  });

  it.each<[string, boolean]>([
    ['43C3.', true],
    ['43C3.00', true],
    ['43C3.0', false],
    ['43C3.-and-more', false],
    ['x-43C3.', false],
  ])('of Read without a system is five characters, or seven: %s', (code, counts) => {
    expect(listing('Read v2', '43C3.').coding(undefined, code, false)).toBe(counts);
  });
});

describe('a listed organisation', () => {
  const signs = signsOf({ organisations: ['RNK', 'A81001'] });
  it.each<[string, boolean]>([
    ['RNK', true],
    [' rnk ', true],
    ['RNK01', true],
    ['RNK0', false],
    ['RNK012', false],
    ['A81001', true],
    ['A81002', false],
  ])('is known by its code, and a trust’s sites by theirs: %s', (ods, counts) => {
    expect(signs.organisation(ods)).toBe(counts);
    expect(signs.identifier(uri.odsOrganisation, ods)).toBe(counts);
    expect(signs.identifier(uri.odsSite, ods)).toBe(counts);
    expect(signs.identifier('https://fhir.nhs.uk/Id/local-ward', ods)).toBe(false);
  });

  it.each([undefined, 7, null, { value: 'RNK' }])('is not named by a value that is no text: %j', (value) => {
    expect(signs.identifier(uri.odsOrganisation, value)).toBe(false);
  });
});

describe('a listed label', () => {
  it.each<[unknown, boolean]>([
    ['STD', true],
    [' STD ', true],
    ['std', false],
    [7, false],
    [undefined, false],
  ])('counts as it is written, with spaces around it or not: %j', (code, counts) => {
    expect(signsOf({ securityLabels: ['STD'] }).label(code)).toBe(counts);
  });
});
