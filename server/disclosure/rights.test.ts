import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import { clinician, session } from './house.testing.ts';
import { allowance, rightsOf } from './rights.ts';

const trainee = { ...clinician, code: 'R8009', title: 'Student', scopes: ['patient/Condition.rs'], supervised: true };
const desk = { ...clinician, code: 'R0010', title: 'Desk', without: { Appointment: ['specialty'] } };
const as = (role: string, scopes = session.scopes) =>
  rightsOf({ roles: [trainee, desk, clinician] }, { scopes, context: { ...session.context, role } });

describe('the rights of a launch', () => {
  it('are what was granted, within what its role has now', () => {
    expect(as('R8000')).toEqual({ scopes: ['patient/*.rs'], without: {}, supervised: false });
    expect(as('R8000', ['patient/Condition.rs']).scopes).toEqual(['patient/Condition.rs']);
    expect(as('R8009')).toEqual({ scopes: ['patient/Condition.rs'], without: {}, supervised: true });
    expect(as('R8009', ['patient/Observation.rs']).scopes).toEqual([]);
    expect(as('R0010').without).toEqual({ Appointment: ['specialty'] });
  });

  it('are none where the role is no more', () => {
    expect(as('R9999')).toEqual({ scopes: [], without: {}, supervised: false });
  });
});

describe('what may be seen', () => {
  const scopes = ['patient/Condition.rs', 'patient/Observation.rs?category=laboratory', 'patient/Encounter.r'];
  const lab: Resource = { resourceType: 'Observation', category: [{ coding: [{ code: 'laboratory' }] }] };
  const exam: Resource = { resourceType: 'Observation', category: [{ coding: [{ code: 'exam' }] }] };

  it('is all of a type, some of it where a scope asks for more, or none', () => {
    const { type } = allowance(scopes, 'search');
    expect(['Condition', 'Observation', 'Encounter', 'Procedure', 'Condition'].map(type)).toEqual([
      'all',
      'some',
      'none',
      'none',
      'all',
    ]);
    expect(allowance(scopes, 'read').type('Encounter')).toBe('all');
    expect(allowance(['patient/Observation.rs', ...scopes], 'search').type('Observation')).toBe('all');
  });

  it('is of some of a type what holds to the scope’s query', () => {
    const { resource } = allowance(scopes, 'search');
    const of = (resourceType: string): Resource => ({ resourceType });
    expect([of('Condition'), lab, exam, of('Encounter')].map(resource)).toEqual([true, true, false, false]);
  });
});
