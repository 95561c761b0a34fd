import { describe, expect, test } from 'vitest';
import { isObject } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { entryOf } from '../entry.ts';
import { faultsOf, isPrimitive, stu3, type Element } from './definition.testing.ts';
import { fromStu3 } from './from-stu3.ts';

function translated(resource: Resource): readonly Resource[] {
  const entry = entryOf(resource, [], '0');
  return entry === undefined ? [] : fromStu3(entry).map((one) => one.resource);
}

const depth = 2;
let count = 0;

/** A value of a primitive type that no other value here is. */
function primitive({ type, name, codes }: Element): readonly unknown[] {
  count += 1;
  if (codes.length > 0) return codes;
  const year = String(1000 + (count % 8999));
  const values: Readonly<Record<string, unknown>> = {
    boolean: true,
    decimal: count + 0.25,
    integer: count,
    positiveInt: count,
    unsignedInt: count,
    dateTime: `${year}-01-02T03:04:05Z`,
    date: `${year}-01-02`,
    instant: `${year}-01-02T03:04:05Z`,
    time: '03:04:05',
    uri: `urn:${name}:${count}`,
    base64Binary: Buffer.from(String(count)).toString('base64'),
  };
  return type === 'boolean' ? [true, false] : [values[type] ?? `${name}-${count}`];
}

function wrapped(element: Element, value: unknown): unknown {
  return element.many ? [value] : value;
}

/** All that a STU3 element can be, each as small as it may be. */
function valuesOf(element: Element, left: number): readonly unknown[] {
  if (isPrimitive(element.type)) return primitive(element);
  const of = element.type === '' ? `${element.of}.${element.name}` : element.type.replace(/^#/, '');
  if (left <= 0 || element.type.startsWith('#')) return [smallest(of)];
  return groupsOf(of, left - 1);
}

/** Choices that must be made: STU3's table does not say which of several elements exclude each other. */
const chosen: Readonly<Record<string, string>> = {
  MedicationRequest: 'medicationCodeableConcept',
  MedicationStatement: 'medicationCodeableConcept',
  'Medication.ingredient': 'itemCodeableConcept',
};

function required(of: string, but?: Element): Record<string, unknown> {
  const into: Record<string, unknown> = {};
  for (const element of stu3.get(of) ?? []) {
    const choice = chosen[of];
    if (
      !element.required &&
      (element.name !== choice || but?.name.startsWith(choice?.replace(/CodeableConcept$/, '') ?? '-') === true)
    )
      continue;
    if (element.name !== but?.name) into[element.name] = wrapped(element, valuesOf(element, 0)[0]);
  }
  return into;
}

function smallest(of: string): Record<string, unknown> {
  const into = required(of);
  if (Object.keys(into).length > 0) return into;
  const elements = stu3.get(of) ?? [];
  const first = elements.find(({ type }) => isPrimitive(type) && type !== 'code') ?? elements[0];
  return first === undefined ? {} : { [first.name]: wrapped(first, valuesOf(first, 0)[0]) };
}

function groupsOf(of: string, left: number): readonly Record<string, unknown>[] {
  return (stu3.get(of) ?? []).flatMap((element) =>
    valuesOf(element, left).map((value) => ({ ...required(of, element), [element.name]: wrapped(element, value) })),
  );
}

function leavesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return isObject(value) ? Object.values(value).flatMap(leavesOf) : [value];
}

const datatypes = new Set(
  'Identifier CodeableConcept Reference Period Range Annotation Timing Quantity Attachment Coding ContactPoint Address'
    .concat(' Ratio Dosage SampledData HumanName')
    .split(' '),
);
const types = [...stu3.keys()].filter((of) => !of.includes('.') && !datatypes.has(of));

/** Codes that R4 has another word for (HL7's own maps), and values that a status says. */
const renamed = new Set(['suspended', 'aborted', 'cancelled', 'has-member', 'derived-from']);

describe.each(types)('every element of a STU3 %s', (resourceType) => {
  const samples = (stu3.get(resourceType) ?? []).map((element) => ({
    name: element.name,
    resources: valuesOf(element, depth).map((value): Resource => ({
      ...required(resourceType, element),
      resourceType,
      id: 'x',
      [element.name]: wrapped(element, value),
    })),
  }));

  test.each(samples)('$name: valid R4, with every value that was there', ({ resources }) => {
    const seen = new Map<string, string>();
    for (const from of resources) {
      const to = translated(from);
      const whole = JSON.stringify(to);
      expect(to.flatMap(faultsOf), JSON.stringify(from)).toEqual([]);
      const after = new Set(to.flatMap(leavesOf).map((leaf) => JSON.stringify(leaf)));
      const lost = leavesOf(from).filter(
        (leaf) =>
          typeof leaf !== 'boolean' &&
          leaf !== from.resourceType &&
          !renamed.has(String(leaf)) &&
          !after.has(JSON.stringify(leaf)),
      );
      expect(lost, JSON.stringify({ from, to })).toEqual([]);
      // Nothing that was told apart is the same afterwards: not even a yes and a no.
      const before = seen.get(whole);
      expect(before ?? JSON.stringify(from), 'the same from what differs').toBe(JSON.stringify(from));
      seen.set(whole, JSON.stringify(from));
    }
  });

  test('what stands beside a primitive is carried with it, or kept', () => {
    for (const element of (stu3.get(resourceType) ?? []).filter((one) => isPrimitive(one.type) && !one.many)) {
      const beside = { extension: [{ url: 'urn:beside', valueString: 'beside' }] };
      const to = translated({
        ...required(resourceType, element),
        resourceType,
        id: 'x',
        [element.name]: primitive(element)[0],
        [`_${element.name}`]: beside,
      });
      expect(to.flatMap(faultsOf), element.name).toEqual([]);
      expect(JSON.stringify(to)).toContain('"beside"');
    }
  });
});

test('every type that GP Connect gives is among them', () => {
  expect(types).toEqual(
    expect.arrayContaining([
      'AllergyIntolerance',
      'Condition',
      'DiagnosticReport',
      'DocumentReference',
      'Encounter',
      'HealthcareService',
      'Immunization',
      'List',
      'Location',
      'Medication',
      'MedicationRequest',
      'MedicationStatement',
      'Observation',
      'Organization',
      'Practitioner',
      'PractitionerRole',
      'ProcedureRequest',
      'ReferralRequest',
      'RelatedPerson',
      'Specimen',
    ]),
  );
});
