import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { createWithholding } from './withhold.ts';

const withhold = createWithholding((await loadConfig('smart-config')).categories);
const at = (reference: string) => ({ reference });
const sensitive = { coding: [{ system: 'http://snomed.info/sct', code: '15628003' }] };
const role: Resource = { resourceType: 'PractitionerRole', id: 'r', practitioner: at('Practitioner/p') };
const doctor: Resource = { resourceType: 'Practitioner', id: 'p' };
/** A withheld visit that needed the role and the doctor, and somebody whom the answer does not hold. */
const visit: Resource = {
  resourceType: 'Encounter',
  id: 'w',
  type: [sensitive],
  participant: [
    { individual: at('Practitioner/p') },
    { individual: at('PractitionerRole/r') },
    { individual: at('Practitioner/elsewhere') },
  ],
};

/** The ids of what is left, in every order of what came. */
function leftOf(...resources: readonly Resource[]): readonly string[] {
  const orders = (all: readonly Resource[]): readonly (readonly Resource[])[] =>
    all.length < 2
      ? [all]
      : all.flatMap((one) => orders(all.filter((other) => other !== one)).map((rest) => [one, ...rest]));
  const lefts = orders(resources).map((order) =>
    withhold(order)
      .map(({ id }) => String(id))
      .toSorted(),
  );
  expect(new Set(lefts.map((left) => left.join(' '))).size).toBe(1);
  return lefts[0] ?? [];
}

describe('what only withheld things needed', () => {
  it('goes, and with it what only that needed, whether they needed it too or not', () => {
    expect(leftOf(visit, role, doctor)).toEqual([]);
    expect(leftOf({ ...visit, participant: [{ individual: at('PractitionerRole/r') }] }, role, doctor)).toEqual([]);
  });

  it('stays where something else needs it, though others that needed it go', () => {
    const needs: Resource = { resourceType: 'Observation', id: 'o', performer: [at('Practitioner/p')] };
    expect(leftOf(visit, role, doctor, needs)).toEqual(['o', 'p']);
    expect(leftOf({ ...visit, participant: [{ individual: at('PractitionerRole/r') }] }, role, doctor, needs)).toEqual([
      'o',
      'p',
    ]);
  });

  it('stays where something else calls it by another of its names', () => {
    const identifier = { system: 'urn:staff', value: '7' };
    const needs: Resource = { resourceType: 'Observation', id: 'o', performer: [{ identifier }] };
    expect(leftOf(visit, { ...doctor, identifier: [identifier] }, needs)).toEqual(['o', 'p']);
  });

  it('stays where a withheld place needed it, and something else does', () => {
    const clinic: Resource = {
      resourceType: 'Location',
      id: 'l',
      name: 'GUM clinic',
      managingOrganization: at('Organization/t'),
    };
    const there: Resource = { resourceType: 'Encounter', id: 'e', location: [{ location: at('Location/l') }] };
    const trust: Resource = { resourceType: 'Organization', id: 't' };
    const needs: Resource = { resourceType: 'Encounter', id: 'o', serviceProvider: at('Organization/t') };
    expect(leftOf(clinic, there, trust, needs)).toEqual(['o', 't']);
    expect(leftOf(clinic, there, trust)).toEqual([]);
  });
});
