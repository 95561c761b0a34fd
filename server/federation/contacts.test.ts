import { describe, expect, it } from 'vitest';
import { masked } from '../../src/fhir/masked.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import { contactsOf, relatedPeopleOf } from './contacts.ts';
import { entryOf } from './entry.ts';
import { releasedPatient } from './released-patient.ts';
import { sourceOf } from './stand-in.ts';

const patient = (code?: string): Resource => ({
  resourceType: 'Patient',
  id: 'p1',
  ...(code === undefined ? {} : { meta: { security: [{ system: system.confidentiality, code }] } }),
  name: [{ family: 'WALKIN' }],
  birthDate: '1990-02-01',
  address: [{ line: ['1 Hidden Lane'], postalCode: 'ST1 1AA' }],
  telecom: [{ system: 'phone', value: '01632 960 199' }],
  communication: [{ language: { text: 'English' } }],
  contact: [{ name: { family: 'WALKIN', given: ['Ann'] }, telecom: [{ system: 'phone', value: '01632 960 199' }] }],
});

/** Whatever would lead somebody to the person. */
const whereabouts = /Hidden|ST1 1AA|960 199/;

function released(code?: string): Resource {
  return releasedPatient(patient(code), {
    id: 'p',
    identifiers: [],
    source: sourceOf({ id: 'uhnm' }),
    practiceName: () => undefined,
  });
}

describe.each(['R', 'V'])('a person whom their keeper marks %s', (code) => {
  it('is released without where they live or how they are reached, and that is said', () => {
    const one = released(code);
    expect(JSON.stringify(one)).not.toMatch(whereabouts);
    expect(one).toMatchObject({ address: [masked], telecom: [masked], birthDate: '1990-02-01' });
  });

  it('adds nothing of it to the one Patient but that it is restricted', () => {
    const contacts = contactsOf(patient(code));
    expect(JSON.stringify(contacts)).not.toMatch(whereabouts);
    expect(contacts.map(({ element }) => element)).toEqual(['address', 'telecom', 'communication']);
  });

  it('is not found by those near to them either', () => {
    const entry = entryOf(patient(code), [], '0');
    const people = entry === undefined ? [] : relatedPeopleOf(entry).map(({ resource }) => resource);
    expect(people).toHaveLength(1);
    expect(JSON.stringify(people)).not.toMatch(whereabouts);
    expect(people[0]).toMatchObject({ name: { given: ['Ann'] }, telecom: [masked] });
  });
});

it.each([undefined, 'U', 'N'])('a person whom their keeper marks %s is released with both', (code) => {
  expect(JSON.stringify(released(code))).toMatch(whereabouts);
  expect(JSON.stringify(contactsOf(patient(code)))).toMatch(whereabouts);
});
