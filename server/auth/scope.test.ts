import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grantedScopes, narrow, permits, type Interaction, type Level } from './scope.ts';

const types = ['Patient', 'Observation', 'Appointment'];
const interactions: readonly Interaction[] = ['create', 'read', 'update', 'delete', 'search'];
const levels: readonly Level[] = ['patient', 'user', 'system'];

const letters = fc.subarray(['c', 'r', 'u', 'd', 's'], { minLength: 1 }).map((some) => some.join(''));
const access = fc.oneof(letters, fc.constantFrom('read', 'write', '*'));
const scope = fc
  .tuple(fc.constantFrom(...levels), fc.constantFrom('*', ...types), access)
  .map(([level, type, what]) => `${level}/${type}.${what}`);
const scopes = fc.array(scope, { maxLength: 6 });
const everything = levels.flatMap((level) =>
  types.flatMap((type) => interactions.map((interaction) => ({ level, type, interaction }))),
);

describe('narrow', () => {
  it('permits exactly what both permit', () => {
    fc.assert(
      fc.property(scopes, scopes, (asked, allowed) => {
        const both = narrow(asked, allowed);
        for (const { level, type, interaction } of everything) {
          const expected = permits(asked, type, interaction, level) && permits(allowed, type, interaction, level);
          expect(permits(both, type, interaction, level)).toBe(expected);
        }
      }),
    );
  });

  it('changes nothing when done again', () => {
    fc.assert(
      fc.property(scopes, scopes, (asked, allowed) => {
        const once = narrow(asked, allowed);
        for (const { level, type, interaction } of everything)
          expect(permits(narrow(once, allowed), type, interaction, level)).toBe(
            permits(once, type, interaction, level),
          );
      }),
    );
  });

  it.each([
    [
      ['patient/*.rs'],
      ['patient/Patient.r', 'patient/Appointment.rs'],
      ['patient/Patient.r', 'patient/Appointment.rs'],
    ],
    [['patient/*.read'], ['patient/*.rs'], ['patient/*.read']],
    [['patient/*.read'], ['patient/Patient.r'], ['patient/Patient.r']],
    [['patient/Observation.rs'], ['user/Observation.rs'], []],
    [['patient/Observation.cud'], ['patient/*.rs'], []],
    [['patient/Observation.sr'], ['patient/*.rs'], []],
    [['patient/Observation.'], ['patient/*.rs'], []],
    [['patient/Observation.rs?category=laboratory'], ['patient/*.rs'], ['patient/Observation.rs?category=laboratory']],
    [['patient/*.rs'], ['patient/Observation.rs?category=laboratory'], ['patient/Observation.rs?category=laboratory']],
    // A query that is not held to is not granted, since without it the scope would say more.
    [['patient/Observation.rs?unheard=of'], ['patient/*.rs'], []],
  ])('%j within %j is %j', (asked, allowed, expected) => {
    expect(narrow(asked, allowed)).toEqual(expected);
  });
});

describe('grantedScopes', () => {
  it('grants what was asked, registered and within the role, and no more', () => {
    expect(
      grantedScopes(
        'openid fhirUser launch offline_access patient/*.rs user/Practitioner.r system/*.rs unknown',
        'openid launch online_access patient/*.rs',
        ['patient/Patient.rs', 'user/Practitioner.r'],
      ),
    ).toEqual(['openid', 'launch', 'patient/Patient.rs']);
  });
});
