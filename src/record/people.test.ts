import { describe, expect, it } from 'vitest';
import type { Resource } from '../fhir/resource.ts';
import { system } from '../fhir/systems.ts';
import type { Group } from './record.ts';
import { from, recordOf, type SourceId } from './testing.ts';

const phone = (value: string, use: string): object => ({ system: 'phone', value, use });
const name = (family: string, given: string, prefix?: string): object => ({
  family,
  given: [given],
  ...(prefix === undefined ? {} : { prefix: [prefix] }),
});
const related = (
  source: SourceId,
  who: object,
  relations: readonly string[],
  telecom: readonly object[] = [],
): Resource =>
  from(source, {
    resourceType: 'RelatedPerson',
    id: `${source}-${relations.join()}`,
    name: [who],
    relationship: relations.map((text) => ({ text })),
    telecom,
  });
const daughter = name('Harrison', 'Susan');
const people = (...lines: readonly Resource[]): readonly Group[] => recordOf(...lines).sections.people.groups;

const patient: Resource = {
  resourceType: 'Patient',
  id: 'p',
  generalPractitioner: [{ identifier: { system: system.odsOrganisation, value: 'M83001' }, display: 'Surgery' }],
};
const practice = from('gp', {
  resourceType: 'Organization',
  id: 'o',
  name: 'Etruria Vale Surgery',
  identifier: [{ system: system.odsOrganisation, value: 'M83001' }],
  telecom: [phone('01632 960104', 'work')],
});
const nurse = from('uhnm', {
  resourceType: 'Practitioner',
  id: 'n',
  name: [name('Ellis', 'Mark', 'Mr')],
  telecom: [phone('01632 960177', 'work')],
  qualification: [{ code: { text: 'Heart failure nurse' } }],
});
const team = from('uhnm', {
  resourceType: 'CareTeam',
  id: 't',
  status: 'active',
  name: 'Heart failure service',
  period: { start: '2026-11-12' },
  participant: [{ member: { reference: 'Practitioner/n' }, role: [{ text: 'Nurse' }] }],
  telecom: [phone('01632 960199', 'home'), phone('01632 960178', 'work')],
});

describe('people', () => {
  it('stand by who is nearest: kin and carers, the practice, professionals, other contacts, teams', () => {
    const groups = people(
      team,
      related('gp', name('Poole', 'Derek'), ['Neighbour']),
      nurse,
      practice,
      patient,
      related('gp', daughter, ['Daughter', 'Carer']),
    );
    expect(groups.map((one) => one.row.title)).toEqual([
      'Susan HARRISON',
      'Etruria Vale Surgery',
      'Mr Mark ELLIS',
      'Derek POOLE',
      'Heart failure service',
    ]);
    expect(groups.map((one) => one.row.person?.role)).toEqual([
      'daughter',
      'GP practice',
      'heart failure nurse',
      'neighbour',
      undefined,
    ]);
  });

  it('have one number: of work, else a mobile, never an old one', () => {
    const numbers = [phone('01', 'home'), phone('02', 'mobile'), phone('03', 'old')];
    expect(people(related('gp', daughter, ['Daughter'], numbers))[0]?.row.person).toEqual({
      role: 'daughter',
      more: undefined,
      phone: '02',
    });
    expect(people(team, nurse).find((one) => one.subsection === 'team')?.row.person).toEqual({
      role: undefined,
      more: 'ELLIS, Mark (Mr), nurse',
      phone: '01632 960178',
    });
  });

  it('of one name and number are one, whoever lists them; of one name alone they are not', () => {
    const mobile = [phone('07700 900123', 'mobile')];
    expect(
      people(related('gp', daughter, ['Daughter'], mobile), related('uhnm', daughter, ['Carer'], mobile)),
    ).toHaveLength(1);
    expect(people(related('gp', daughter, ['Daughter'], mobile), related('uhnm', daughter, ['Carer']))).toHaveLength(2);
  });
});
