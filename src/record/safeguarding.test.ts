import { describe, expect, it } from 'vitest';
import type { Resource } from '../fhir/resource.ts';
import { system } from '../fhir/systems.ts';
import type { Group } from './record.ts';
import { from, recordOf } from './testing.ts';

const only = (resource: Resource): Group | undefined =>
  Object.values(recordOf(from('uhnm', { id: 'one', ...resource })).sections)
    .flatMap((section) => section.groups)
    .find((group) => group.members.some((member) => member.type === resource.resourceType));
const flag = (text: string, category = 'Safety'): Resource => ({
  resourceType: 'Flag',
  status: 'active',
  code: { text },
  category: [{ text: category }],
});

describe('a safeguarding concern', () => {
  it.each([
    flag('Child protection plan (CP-IS)'),
    flag('See front sheet', 'Safeguarding'),
    flag('Domestic abuse: MARAC'),
    { resourceType: 'DocumentReference', status: 'current', type: { text: 'Safeguarding adults referral' } },
    { resourceType: 'EpisodeOfCare', status: 'active', type: [{ text: 'Children’s social care: child protection' }] },
    {
      ...flag('Please ring before a visit'),
      meta: { security: [{ system: system.actCode, code: 'SDV' }] },
    },
  ] satisfies readonly Resource[])('is told by its name, its category or its label: %j', (resource) => {
    expect(only(resource)?.row.safeguarding).toBe(true);
  });

  it.each([
    flag('Deprivation of liberty safeguards: authorisation in force'),
    flag('Falls: high risk'),
    { resourceType: 'Condition', code: { text: 'Asthma' }, note: [{ text: 'No safeguarding concerns' }] },
    { resourceType: 'Practitioner', name: [{ text: 'Safeguarding Team' }] },
    { resourceType: 'AllergyIntolerance', code: { text: 'Alcohol abuse' }, clinicalStatus: { text: 'active' } },
  ] satisfies readonly Resource[])('is not: %j', (resource) => {
    expect(only(resource)?.row.safeguarding).toBeUndefined();
  });
});
