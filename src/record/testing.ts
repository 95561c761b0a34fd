import type { RegionView, SourceView } from '../fhir/region.ts';
import { isObject, text } from '../fhir/json.ts';
import { outcome } from '../fhir/outcome.ts';
import type { Resource } from '../fhir/resource.ts';
import { dataClasses, type RecordStatus, type SourceStatus } from '../fhir/status.ts';
import { ohc, sourceUri, system } from '../fhir/systems.ts';
import { createRecord } from './builder.ts';
import type { ClinicalRecord, Group } from './record.ts';

/** 20-Nov-2026 09:41 in London. */
export const now = Date.UTC(2026, 10, 20, 9, 41);

const view = (
  id: string,
  label: string,
  setting: SourceView['setting'],
  more: Partial<SourceView> = {},
): SourceView => ({
  id,
  label,
  name: `${label} organisation`,
  ods: `ODS${label}`,
  setting,
  contributes: dataClasses,
  usualDelayHours: 24,
  sharing: true,
  aggregate: false,
  ...more,
});

/** A region of a practice, a hospital and a neighbouring record, all of which contribute everything. */
export const region: RegionView = {
  name: 'Test region',
  test: true,
  contacts: { pals: '01782 000000', email: 'records@example.org' },
  neverShown: '',
  idleLockMinutes: 15,
  notices: [],
  sources: [
    view('gp', 'GP', 'gp'),
    view('uhnm', 'UHNM', 'acute'),
    view('wmshcr', 'WMShCR', 'shared-record', { aggregate: true }),
  ],
  viewOnly: [],
};

export type SourceId = 'gp' | 'uhnm' | 'wmshcr';

const labels: Readonly<Record<SourceId, string>> = { gp: 'GP', uhnm: 'UHNM', wmshcr: 'WMShCR' };

/** A resource as the facade releases it: with the source that gave it. */
export function from(source: SourceId, resource: Resource): Resource {
  return {
    ...resource,
    meta: {
      ...(isObject(resource['meta']) ? resource['meta'] : {}),
      source: sourceUri(source),
      tag: [
        { system: system.odsOrganisation, code: `ODS${labels[source]}`, display: `${labels[source]} organisation` },
        { system: ohc.sourceLabel, code: labels[source] },
      ],
    },
  };
}

export function ended(source: SourceId, status: SourceStatus, extension: readonly unknown[] = []): Resource {
  return outcome({
    id: `source-${source}`,
    severity: 'information',
    issue: 'informational',
    system: ohc.sourceStatus,
    code: status,
    text: `${source} ${status}`,
    extension,
  });
}

export function recordEnded(status: RecordStatus): Resource {
  return outcome({
    id: 'record',
    severity: 'information',
    issue: 'informational',
    system: ohc.sourceStatus,
    code: status,
    text: status,
  });
}

export function recordOf(...lines: readonly unknown[]): ClinicalRecord {
  const record = createRecord(region, now);
  record.add(lines);
  return record.snapshot();
}

/** Every group once, by its home. */
export function homes(record: ClinicalRecord): readonly Group[] {
  return Object.values(record.sections).flatMap((section) =>
    section.groups.filter((group) => group.section === section.id),
  );
}

export const concept = (code: string, display: string, space: string = system.snomed): unknown => ({
  coding: [{ system: space, code, display }],
});

/** The same list in another order, decided by a seed. */
export function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const result = [...items];
  let state = seed + 1;
  for (let index = result.length - 1; index > 0; index -= 1) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    const other = state % (index + 1);
    const [a, b] = [result[index], result[other]];
    if (a !== undefined && b !== undefined) [result[index], result[other]] = [b, a];
  }
  return result;
}

/** Resources of a published Bundle with the references that the facade would have made local. */
export function localised(bundle: unknown): readonly Resource[] {
  const entries = isObject(bundle) && Array.isArray(bundle['entry']) ? (bundle['entry'] as readonly unknown[]) : [];
  const targets = new Map<string, string>();
  const resources: Resource[] = [];
  entries.forEach((entry, index) => {
    const resource = isObject(entry) ? entry['resource'] : undefined;
    if (!isObject(entry) || !isObject(resource)) return;
    const type = text(resource['resourceType']);
    if (type === undefined) return;
    const id = text(resource['id']) ?? `n${index}`;
    const url = text(entry['fullUrl']);
    if (url !== undefined) targets.set(url, `${type}/${id}`);
    resources.push({ ...resource, resourceType: type, id });
  });
  const rewrite = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [
        key,
        key === 'reference' && typeof one === 'string' ? (targets.get(one) ?? one) : rewrite(one),
      ]),
    );
  };
  return resources.map((one) => rewrite(one) as Resource);
}
