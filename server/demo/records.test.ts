import { describe, expect, it } from 'vitest';
import { isSnomedId } from '../config/code-list.ts';
import { isObject } from '../../src/fhir/json.ts';
import { parseDate } from '../../src/fhir/date.ts';
import { parseNhsNumber } from '../../src/fhir/nhs-number.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { system as fhirSystem } from '../../src/fhir/systems.ts';
import { calendarOf } from './calendar.ts';
import { bytesOf } from './letter.ts';
import { canaryTexts, people, personOf, registerObjections } from './people.ts';
import { demoRecords, type DemoRecords } from './records.ts';
import { personTypes, searchedTypes } from './serve/capability.ts';
import { stories } from './stories/stories.ts';
import { practices, r4Systems } from './systems.ts';

const now = new Date('2026-11-20T09:41:00Z');
const records = demoRecords(calendarOf(now));

/** All that an R4 system holds, person after person. */
function held(from: DemoRecords, system: (typeof r4Systems)[number]): readonly (readonly Resource[])[] {
  return people.flatMap((person) => {
    const record = from.r4(system.id).byNhsNumber(person.nhsNumber);
    return record === undefined ? [] : [record.resources];
  });
}

function practiceRecords(
  from: DemoRecords,
): readonly { readonly resources: ReadonlyMap<string, Resource>; readonly ended: readonly Resource[] }[] {
  return people.flatMap((person) => {
    const record = from.practice(person.practice, person.nhsNumber);
    return record === undefined || record === 'no-consent' ? [] : [record];
  });
}

function walk(value: unknown, visit: (one: { readonly [member: string]: unknown }) => void): void {
  if (Array.isArray(value)) value.forEach((one) => walk(one, visit));
  else if (isObject(value)) {
    visit(value);
    Object.values(value).forEach((one) => walk(one, visit));
  }
}

function references(resource: Resource): readonly string[] {
  const found: string[] = [];
  walk(resource, ({ reference }) => {
    if (typeof reference === 'string') found.push(reference);
  });
  return found;
}

const everything: readonly Resource[] = [
  ...r4Systems.flatMap((system) => held(records, system).flat()),
  ...practiceRecords(records).flatMap((record) => [...record.resources.values(), ...record.ended]),
];
const all = (): readonly Resource[] => everything;

describe('the people', () => {
  it('are at least sixteen, each with a story, a valid NHS number of the test range and a look', () => {
    expect(people.length).toBeGreaterThanOrEqual(16);
    expect(new Set(people.map((one) => one.nhsNumber)).size).toBe(people.length);
    for (const person of people) {
      expect(parseNhsNumber(person.nhsNumber), person.key).toBe(person.nhsNumber);
      expect(person.nhsNumber.startsWith('999')).toBe(true);
      expect(person.look.length).toBeGreaterThan(0);
      expect(
        stories.some((story) => story.key === person.key),
        person.key,
      ).toBe(true);
    }
    expect(stories.length).toBe(people.length);
  });

  it('raise objections under their own name and birth date', () => {
    for (const one of registerObjections) {
      const person = people.find(({ nhsNumber }) => nhsNumber === one.nhsNumber);
      expect(one.birthDate).toBe(person?.birthDate);
      expect(one.name).toBe(`${person?.given} ${person?.family}`);
    }
  });

  it('use only phone numbers that are nobody’s', () => {
    const phones: string[] = [];
    for (const resource of all())
      walk(resource, ({ system, value }) => {
        if (system === 'phone' && typeof value === 'string') phones.push(value);
      });
    expect(phones.length).toBeGreaterThan(20);
    for (const phone of phones) expect(phone).toMatch(/^(01632 960\d{3}|07700 900\d{3})$/);
  });
});

describe.each(r4Systems.map((system) => [system.id, system] as const))('what %s holds', (_id, system) => {
  it('has an id of its own for each resource, and each is the same wherever it occurs', () => {
    const seen = new Map<string, string>();
    for (const resource of held(records, system).flat()) {
      const key = `${resource.resourceType}/${String(resource['id'])}`;
      expect(key).toMatch(/^[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/);
      const json = JSON.stringify(resource);
      expect(seen.get(key) ?? json, key).toBe(json);
      seen.set(key, json);
    }
    expect(seen.size).toBeGreaterThan(2);
  });

  it('points only at what it holds', () => {
    for (const resources of held(records, system)) {
      const keys = new Set(resources.map((one) => `${one.resourceType}/${String(one['id'])}`));
      for (const resource of resources) {
        const contained = new Set(
          (Array.isArray(resource['contained']) ? resource['contained'] : [])
            .filter(isObject)
            .map((one) => `#${String(one['id'])}`),
        );
        for (const reference of references(resource))
          expect(keys.has(reference) || contained.has(reference), `${resource.resourceType} → ${reference}`).toBe(true);
      }
    }
  });

  it('is of the types that its CapabilityStatement names', () => {
    const types = new Set([
      ...(searchedTypes[system.id] ?? personTypes),
      'Patient',
      'Organization',
      'Practitioner',
      'Location',
    ]);
    for (const resource of held(records, system).flat())
      expect(types.has(resource.resourceType), resource.resourceType).toBe(true);
  });
});

describe('what the practices hold', () => {
  it('has an id of its own for each resource and points only at what it holds', () => {
    for (const record of practiceRecords(records)) {
      for (const [key, resource] of record.resources) {
        expect(key).toBe(`${resource.resourceType}/${String(resource['id'])}`);
        for (const reference of references(resource))
          expect(record.resources.has(reference), `${key} → ${reference}`).toBe(true);
      }
    }
  });
});

describe('all data', () => {
  it('uses SNOMED CT ids with a right check digit, as texts', () => {
    const codes = new Set<unknown>();
    for (const resource of all())
      walk(resource, ({ system, code }) => {
        if (system === fhirSystem.snomed) codes.add(code);
      });
    expect(codes.size).toBeGreaterThan(60);
    for (const code of codes) expect(typeof code === 'string' && isSnomedId(code), String(code)).toBe(true);
  });

  it('has dates that are real dates', () => {
    for (const resource of all())
      walk(resource, (one) => {
        for (const [member, value] of Object.entries(one))
          if (
            /(date|dateTime|period|issued|recorded|authoredOn|created|lastUpdated|start|end)$/i.test(member) &&
            typeof value === 'string'
          )
            expect(parseDate(value), `${resource.resourceType}.${member} ${value}`).toBeDefined();
      });
  });

  it('holds each text that must never be shown, so that a test which looks for them can fail', () => {
    const text = [
      JSON.stringify(all()),
      JSON.stringify(stories.map((story) => story.demographic)),
      ...r4Systems.flatMap((system) =>
        people.flatMap((person) =>
          [...(records.r4(system.id).byNhsNumber(person.nhsNumber)?.letters.values() ?? [])].map((one) =>
            JSON.stringify(one),
          ),
        ),
      ),
    ].join('\n');
    for (const canary of canaryTexts) expect(text.includes(canary), canary).toBe(true);
  });

  it('keeps those texts to the people they belong to', () => {
    const innocent = people.filter(
      ({ key }) => !['nair', 'hargreaves', 'colclough', 'tomlinson', 'wardle', 'lockett', 'zielinski'].includes(key),
    );
    for (const person of innocent) {
      const text = JSON.stringify([
        ...r4Systems.map((system) => records.r4(system.id).byNhsNumber(person.nhsNumber)?.resources ?? []),
        [...practiceRecords(records)]
          .filter((record) => JSON.stringify([...record.resources.values()]).includes(person.nhsNumber))
          .map((record) => [...record.resources.values()]),
      ]);
      for (const canary of canaryTexts) expect(text.includes(canary), `${person.key}: ${canary}`).toBe(false);
    }
  });

  it('is the same to the byte for the same day, and moves with it', async () => {
    const dump = (at: Date): string => {
      const from = demoRecords(calendarOf(at));
      return JSON.stringify([
        ...r4Systems.filter(({ id }) => id !== 'uhnm').map((system) => held(from, system)),
        from.r4('uhnm').byNhsNumber('9991234578')?.resources,
        practiceRecords(from).map((record) => [...record.resources.values(), ...record.ended]),
      ]);
    };
    expect(dump(now)).toBe(dump(new Date('2026-11-20T18:00:00Z')));
    expect(dump(now)).not.toBe(dump(new Date('2026-11-21T09:00:00Z')));
    const letters = (): readonly Promise<Buffer>[] =>
      [...(demoRecords(calendarOf(now)).r4('uhnm').byNhsNumber('9991234578')?.letters.values() ?? [])].map(bytesOf);
    const [first, second] = [await Promise.all(letters()), await Promise.all(letters())];
    expect(first.length).toBeGreaterThan(1);
    expect(first.map((one) => one.toString('base64'))).toEqual(second.map((one) => one.toString('base64')));
    expect(first.every((one) => one.subarray(0, 5).toString() === '%PDF-')).toBe(true);
  });
});

describe('the stories', () => {
  const at = (key: string, system: (typeof r4Systems)[number]['id']): readonly Resource[] =>
    records.r4(system).byNhsNumber(personOf(key).nhsNumber)?.resources ?? [];

  it('let all nine organisations know John Smith', () => {
    for (const { id } of r4Systems) expect(at('smith', id).length, id).toBeGreaterThan(2);
    expect(records.practice('M83001', '9991234578')).toBeDefined();
  });

  it('give Raymond Cope 20,000 resources at one trust', () => {
    expect(at('cope', 'uhnm').length).toBeGreaterThanOrEqual(20_000);
  });

  it('know nothing of Jack Adeyemi', () => {
    for (const { id } of r4Systems) expect(at('adeyemi', id)).toEqual([]);
  });

  it('give Susan Jefferies another birth date at UHDB', () => {
    const birthDates = (['uhnm', 'uhdb'] as const).map(
      (id) => at('jefferies', id).find((one) => one.resourceType === 'Patient')?.['birthDate'],
    );
    expect(birthDates).toEqual([personOf('jefferies').birthDate, '1961-12-04']);
  });

  it('let the practices refuse whom they must: the dead, the restricted, the objector, the stranger', () => {
    const of = (key: string): unknown => records.practice(personOf(key).practice, personOf(key).nhsNumber);
    for (const key of ['bagnall', 'lockett', 'zielinski', 'forsyth']) expect(of(key), key).toBeUndefined();
    expect(of('tomlinson')).toBe('no-consent');
    expect(records.practice('M83002', '9991234578')).toBeUndefined();
    expect(practices.find(({ ods }) => ods === personOf('shuffle').practice)?.sharing).toBe(false);
  });

  it('touch every type of the record standard', () => {
    const types = new Set(all().map((one) => one.resourceType));
    for (const type of personTypes) expect(types.has(type), type).toBe(true);
  });
});
