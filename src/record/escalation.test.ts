import { describe, expect, it } from 'vitest';
import type { Resource } from '../fhir/resource.ts';
import { decisionConflict, decisionName } from './escalation.ts';
import { concept, from, recordOf, type SourceId } from './testing.ts';

const plan = (source: SourceId, created: string, title = 'ReSPECT plan'): Resource =>
  from(source, { resourceType: 'CarePlan', id: `${source}-${created}-${title}`, status: 'active', title, created });
const form = (source: SourceId, date: string): Resource =>
  from(source, {
    resourceType: 'DocumentReference',
    id: `${source}-form-${date}`,
    status: 'current',
    type: concept('1382601000000107', 'ReSPECT (Recommended Summary Plan for Emergency Care and Treatment) form'),
    date,
  });

function told(...lines: readonly Resource[]): readonly string[] {
  const { escalation } = recordOf(...lines).banner;
  return escalation.map((one) =>
    [decisionName(one), one.row.dateText, one.row.chips[0]?.label, decisionConflict(one, escalation)]
      .filter((part) => part !== undefined)
      .join(', '),
  );
}

describe('treatment-escalation decisions in the banner', () => {
  it('are one entry where a plan and its form are of one organisation and day', () => {
    const lines = [plan('uhnm', '2026-11-11'), form('uhnm', '2026-11-11T11:30:00Z')];
    expect(told(...lines)).toEqual(['ReSPECT, 11-Nov-2026, UHNM']);
    expect(recordOf(...lines).sections['care-plans'].groups).toHaveLength(2);
  });

  it('both stand, and say so, where organisation or day differ', () => {
    expect(told(plan('uhnm', '2026-11-11'), form('gp', '2026-11-11'))).toEqual([
      'ReSPECT, 11-Nov-2026, GP, Organisations differ',
      'ReSPECT, 11-Nov-2026, UHNM, Organisations differ',
    ]);
    expect(told(plan('uhnm', '2026-11-11'), form('uhnm', '2025-02-03'))).toEqual([
      'ReSPECT, 11-Nov-2026, UHNM, Records of one organisation differ',
      'ReSPECT, 03-Feb-2025, UHNM, Records of one organisation differ',
    ]);
  });

  it('never hide one of another name', () => {
    expect(told(plan('uhnm', '2026-11-11'), plan('uhnm', '2026-11-11', 'DNACPR decision'))).toHaveLength(2);
  });
});
