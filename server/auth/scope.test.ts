import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import {
  backendScopes,
  grantedScopes,
  introspectScope,
  narrow,
  permits,
  permittedBy,
  understood,
  type Interaction,
  type Level,
} from './scope.ts';

const types = ['Patient', 'Observation', 'Condition'];
const interactions: readonly Interaction[] = ['create', 'read', 'update', 'delete', 'search'];
const levels: readonly Level[] = ['patient', 'user', 'system'];

const letters = fc.subarray(['c', 'r', 'u', 'd', 's'], { minLength: 1 }).map((some) => some.join(''));
const access = fc.oneof(letters, fc.constantFrom('read', 'write', '*'));
const token = fc.constantFrom('a', 'b', 'x|a', 'x|b', 'y|a', '|a', 'x|', 'y|');
const tokens = fc.array(token, { minLength: 1, maxLength: 3 }).map((some) => some.join(','));
const query = fc
  .array(fc.tuple(fc.constantFrom('category', 'code'), tokens), { minLength: 1, maxLength: 2 })
  .map((parts) => parts.map(([param, value]) => `${param}=${value}`).join('&'));
const scope = fc.oneof(
  fc
    .tuple(fc.constantFrom(...levels), fc.constantFrom('*', ...types), access)
    .map(([level, type, what]) => `${level}/${type}.${what}`),
  fc
    .tuple(fc.constantFrom(...levels), fc.constantFrom('Observation', 'Condition'), letters, query)
    .map(([level, type, what, asked]) => `${level}/${type}.${what}?${asked}`),
);
const scopes = fc.array(scope, { maxLength: 6 });
const coding = fc.constantFrom(
  { code: 'a' },
  { system: 'x', code: 'a' },
  { system: 'x', code: 'b' },
  { system: 'y', code: 'a' },
  { system: 'z', code: 'c' },
);
const concept = fc.array(coding, { maxLength: 2 }).map((some) => ({ coding: some }));
const resource: fc.Arbitrary<Resource> = fc.record({
  resourceType: fc.constantFrom(...types),
  category: fc.array(concept, { maxLength: 2 }),
  code: concept,
});
const everything = levels.flatMap((level) => interactions.map((interaction) => ({ level, interaction })));

describe('narrow', () => {
  it('permits of each resource exactly what both permit: never more than asked, never more than allowed', () => {
    fc.assert(
      fc.property(scopes, scopes, fc.array(resource, { maxLength: 4 }), (asked, allowed, resources) => {
        const both = narrow(asked, allowed);
        for (const one of resources)
          for (const { level, interaction } of everything)
            expect(permittedBy(both, one, interaction, level)).toBe(
              permittedBy(asked, one, interaction, level) && permittedBy(allowed, one, interaction, level),
            );
      }),
      { numRuns: 400 },
    );
  });

  it('changes nothing when done again', () => {
    fc.assert(
      fc.property(scopes, scopes, (asked, allowed) => {
        const once = narrow(asked, allowed);
        expect(narrow(once, allowed).toSorted()).toEqual(once.toSorted());
        expect(narrow(once, once).toSorted()).toEqual(once.toSorted());
      }),
      { numRuns: 400 },
    );
  });

  it('writes only what it can read', () => {
    fc.assert(
      fc.property(scopes, scopes, (asked, allowed) => {
        for (const one of narrow(asked, allowed)) expect(understood(one)).toBe(true);
      }),
    );
  });

  it('never says less of a type than of its resources', () => {
    fc.assert(
      fc.property(scopes, resource, (some, one) => {
        for (const { level, interaction } of everything)
          if (permittedBy(some, one, interaction, level))
            expect(permits(some, one.resourceType, interaction, level)).toBe(true);
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
    [['patient/*.write'], ['patient/*.cruds'], ['patient/*.write']],
    [['patient/*.*'], ['patient/*.cruds'], ['patient/*.*']],
    [['patient/*.*'], ['patient/*.rs'], ['patient/*.read']],
    [['patient/*.read'], ['patient/Patient.r'], ['patient/Patient.r']],
    [['patient/Observation.rs'], ['user/Observation.rs'], []],
    [['patient/Observation.cud'], ['patient/*.rs'], []],
    // Letters in their order, at least one, and none that SMART does not know.
    [['patient/Observation.sr'], ['patient/*.rs'], []],
    [['patient/Observation.'], ['patient/*.rs'], []],
    [['patient/Observation.rx'], ['patient/*.rs'], []],
    [['patient/observation.rs'], ['patient/*.rs'], []],
    [['patient/Observation.rs?'], ['patient/*.rs'], []],
    // The narrower of two wins.
    [['patient/Observation.rs?category=laboratory'], ['patient/*.rs'], ['patient/Observation.rs?category=laboratory']],
    [
      ['patient/*.read'],
      ['patient/Observation.rs?category=laboratory'],
      ['patient/Observation.rs?category=laboratory'],
    ],
    [
      ['patient/Observation.rs?category=laboratory,vital-signs'],
      ['patient/Observation.rs?category=http://x|laboratory'],
      ['patient/Observation.rs?category=http://x|laboratory'],
    ],
    [
      ['patient/Observation.rs?category=laboratory'],
      ['patient/Observation.rs?status=final'],
      ['patient/Observation.rs?category=laboratory&status=final'],
    ],
    [
      ['patient/*.rs'],
      ['patient/Observation.rs?category=a', 'patient/Observation.rs?category=b'],
      ['patient/Observation.rs?category=a', 'patient/Observation.rs?category=b'],
    ],
    // What was asked for in these words stays, also where something else says it too.
    [
      ['patient/*.rs', 'patient/Observation.rs?category=a'],
      ['patient/*.rs'],
      ['patient/*.rs', 'patient/Observation.rs?category=a'],
    ],
    // What cannot be held against a resource is not granted, rather than granted without it.
    [['patient/*.rs?category=laboratory'], ['patient/*.rs'], []],
    [['patient/Patient.rs?category=laboratory'], ['patient/*.rs'], []],
    [['patient/Observation.rs?category:not=laboratory'], ['patient/*.rs'], []],
    [['patient/Observation.rs?category=laboratory&date=gt2020'], ['patient/*.rs'], []],
    [['patient/Observation.rs?category='], ['patient/*.rs'], []],
    [['patient/Observation.rs?category=laboratory,'], ['patient/*.rs'], []],
    [['patient/Observation.rs?category=a|b|c'], ['patient/*.rs'], []],
    [['patient/Observation.rs?category=%zz'], ['patient/*.rs'], []],
    [['patient/Observation.rs?status=x|final'], ['patient/*.rs'], []],
    [['patient/Observation.rs?constructor=x'], ['patient/*.rs'], []],
    [['patient/Observation.read?category=laboratory'], ['patient/*.rs'], []],
  ])('%j within %j is %j @127 @128 @129', (asked, allowed, expected) => {
    expect(narrow(asked, allowed)).toEqual(expected);
  });
});

describe('permittedBy', () => {
  const laboratory = 'http://terminology.hl7.org/CodeSystem/observation-category|laboratory';
  const observation = (...codes: readonly string[]): Resource => ({
    resourceType: 'Observation',
    status: 'final',
    category: codes.map((code) => ({
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }],
    })),
    code: { coding: [{ system: 'http://snomed.info/sct', code: '44054006' }, { code: 'local' }] },
  });

  it.each([
    [`category=${laboratory}`, observation('laboratory'), true],
    [`category=${laboratory}`, observation('vital-signs', 'laboratory'), true],
    [`category=${laboratory}`, observation('vital-signs'), false],
    [`category=${laboratory}`, observation(), false],
    ['category=laboratory', observation('laboratory'), true],
    ['category=|laboratory', observation('laboratory'), false],
    ['category=http://other|laboratory', observation('laboratory'), false],
    ['category=vital-signs,laboratory', observation('laboratory'), true],
    ['category=laboratory&status=final', observation('laboratory'), true],
    ['category=laboratory&status=preliminary', observation('laboratory'), false],
    ['category=laboratory&category=vital-signs', observation('laboratory'), false],
    ['code=http://snomed.info/sct|44054006', observation('laboratory'), true],
    ['code=http%3A%2F%2Fsnomed.info%2Fsct%7C44054006', observation('laboratory'), true],
    ['code=http://snomed.info/sct|', observation('laboratory'), true],
    ['code=|local', observation('laboratory'), true],
    ['code=44054007', observation('laboratory'), false],
  ])('holds ?%s against %j: %s @132 @370', (asked, one, expected) => {
    const granted = [`patient/Observation.rs?${asked}`];
    expect(permits(granted, 'Observation', 'read')).toBe(true);
    expect(permittedBy(granted, one, 'read')).toBe(expected);
    expect(permittedBy(granted, one, 'create')).toBe(false);
    expect(permittedBy(granted, one, 'read', 'user')).toBe(false);
  });

  it('reads statuses, types and classes where their types have them', () => {
    const clinical = { coding: [{ code: 'active' }] };
    expect(
      permittedBy(
        ['patient/Condition.r?clinical-status=active'],
        { resourceType: 'Condition', clinicalStatus: clinical },
        'read',
      ),
    ).toBe(true);
    expect(
      permittedBy(
        ['patient/Encounter.r?class=http://x|AMB'],
        { resourceType: 'Encounter', class: { system: 'http://x', code: 'AMB' } },
        'read',
      ),
    ).toBe(true);
    // A medication that is only referred to has no code here: it is not let out on a guess.
    expect(
      permittedBy(
        ['patient/MedicationRequest.r?code=1'],
        { resourceType: 'MedicationRequest', medicationReference: { reference: 'Medication/1' } },
        'read',
      ),
    ).toBe(false);
  });
});

describe('grantedScopes', () => {
  it('grants what was asked, registered and within the role, and no more @119', () => {
    expect(
      grantedScopes(
        'openid fhirUser launch offline_access patient/*.rs user/Practitioner.r system/*.rs unknown',
        'openid launch online_access patient/*.rs',
        ['patient/Patient.rs', 'user/Practitioner.r'],
      ),
    ).toEqual(['openid', 'launch', 'patient/Patient.rs']);
  });
});

describe('backendScopes', () => {
  it('never reaches a person, whatever is asked and registered', () => {
    fc.assert(
      fc.property(scopes, scopes, (asked, registered) => {
        const granted = backendScopes(asked.join(' '), registered.join(' '));
        for (const type of types)
          for (const { level, interaction } of everything)
            expect(permits(granted, type, interaction, level)).toBe(false);
      }),
    );
  });

  it('grants what was asked and registered, of what is served @240 @241', () => {
    const asked = `${introspectScope} system/*.rs user/Consent.rs openid`;
    expect(backendScopes(asked, `${introspectScope} system/AuditEvent.rs user/Consent.rs openid`)).toEqual([
      introspectScope,
      'system/AuditEvent.rs',
    ]);
    expect(backendScopes(asked, 'system/Consent.r')).toEqual(['system/Consent.r']);
    expect(backendScopes('openid', asked)).toEqual([]);
  });
});
