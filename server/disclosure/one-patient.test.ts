import { describe, expect, it } from 'vitest';
import { masked } from '../../src/fhir/masked.ts';
import { ohc } from '../../src/fhir/systems.ts';
import type { SourceAnswer } from '../federation/answer.ts';
import { answer } from './house.testing.ts';
import { OnePatient } from './one-patient.ts';

type Contact = SourceAnswer['contacts'][number];
const phone = (value: string, more: object = {}): Contact => ({
  element: 'telecom',
  value: { system: 'phone', value, ...more },
});
const known = {
  resourceType: 'Patient',
  id: 'p',
  telecom: [{ system: 'phone', value: '01632 960 001', use: 'home' }],
  address: [{ line: ['1 Test Street'], postalCode: 'ZZ99 9ZZ', period: { start: '2019-01-01' } }],
};
const named = (label: string) => ({ extension: [{ url: ohc.elementSource, valueString: label }] });

describe('the one Patient', () => {
  it('is the demographics service’s until a source adds something', () => {
    const one = new OnePatient(known);
    one.add(answer('acute'));
    expect(one.resource).toBe(known);
    expect(one.grown).toBe(false);
  });

  it('takes in what a source adds, behind its own, each naming its source', () => {
    const one = new OnePatient(known);
    one.add(answer('acute', { contacts: [phone('01632 960 002')] }));
    one.add(answer('council', { contacts: [{ element: 'communication', value: { language: { text: 'Welsh' } } }] }));
    expect(one.grown).toBe(true);
    expect(one.resource).toEqual({
      ...known,
      telecom: [...known.telecom, { system: 'phone', value: '01632 960 002', ...named('ACUTE') }],
      communication: [{ language: { text: 'Welsh' }, ...named('COUNCIL') }],
    });
  });

  it.each<[string, Contact]>([
    ['in other letters', phone('01632 960 001', { use: 'HOME' })],
    ['without its spaces', phone('01632960001', { use: 'home' })],
    [
      'with an id, a period or an extension of its own',
      phone('01632 960 001', { use: 'home', id: 'x', period: {}, extension: [] }),
    ],
    ['from when', { element: 'address', value: { line: ['1 Test Street,'], postalCode: 'zz999zz' } }],
  ])('does not repeat what it knows: %s', (_name, contact) => {
    const one = new OnePatient(known);
    one.add(answer('acute', { contacts: [contact] }));
    expect(one.grown).toBe(false);
  });

  it('has what two sources say alike once, from the first', () => {
    const one = new OnePatient({ resourceType: 'Patient' });
    for (const id of ['acute', 'council']) one.add(answer(id, { contacts: [phone('01632 960 002')] }));
    expect(one.resource['telecom']).toMatchObject([named('ACUTE')]);
  });

  it('keeps apart what is alike of two elements', () => {
    const one = new OnePatient(known);
    one.add(answer('acute', { contacts: [{ element: 'address', value: known.telecom[0] }] }));
    expect(one.resource['address']).toHaveLength(2);
  });

  it('takes the word of the source for nothing but the value, and no value that is none', () => {
    const one = new OnePatient({ resourceType: 'Patient', telecom: 'not a list' });
    const extension = [{ url: ohc.elementSource, valueString: 'another' }];
    one.add(answer('acute', { contacts: [{ element: 'telecom', value: '01632 960 003' }] }));
    expect(one.grown).toBe(false);
    one.add(answer('acute', { contacts: [phone('01632 960 002', { extension })] }));
    expect(one.resource['telecom']).toEqual([{ system: 'phone', value: '01632 960 002', ...named('ACUTE') }]);
  });
});

it('says of each source that keeps where the person lives to itself, beside what others tell', () => {
  const one = new OnePatient({ resourceType: 'Patient', id: 'p', address: [{ postalCode: 'ST1 1AA' }] });
  for (const label of ['UHNM', 'MPFT'])
    one.add({
      contacts: [{ element: 'address', value: masked }],
      origin: { ods: 'RJE', name: label, label },
    });
  const addresses = one.resource['address'];
  expect(addresses).toHaveLength(3);
  expect(JSON.stringify(addresses)).toMatch(/masked.*UHNM.*masked.*MPFT/);
});
