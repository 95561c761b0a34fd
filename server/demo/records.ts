import { idOf } from '../../src/fhir/resource.ts';
import type { Calendar } from './calendar.ts';
import { openChart, type SystemRecord } from './chart/chart.ts';
import { patientIdAt } from './chart/patient.ts';
import { people, type DemoPerson } from './people.ts';
import { openRecord, type FinishedRecord } from './practice/record.ts';
import type { R4Records } from './serve/fhir-r4.ts';
import { stories } from './stories/stories.ts';
import { practices, r4Systems, type R4System, type R4SystemId } from './systems.ts';

/** Remembers what a function made for each key. */
function once<Key, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const made = new Map<Key, Made>();
  return (key) => {
    const kept = made.get(key);
    if (kept !== undefined) return kept;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}

/** What the systems hold: each record is made when it is first asked for, and the same every time. */
export type DemoRecords = {
  readonly r4: (system: R4SystemId) => R4Records;
  /** Undefined where the practice has no such person; `no-consent` where its system says so. */
  readonly practice: (ods: string, nhsNumber: string) => FinishedRecord | 'no-consent' | undefined;
  /** The first other person about whom a system holds something: whose data a mixed-up system gives. */
  readonly otherAt: (system: string, nhsNumber: string) => DemoPerson | undefined;
};

export function demoRecords(calendar: Calendar): DemoRecords {
  const told = (person: DemoPerson): (typeof stories)[number] | undefined =>
    stories.find((story) => story.key === person.key);
  const holds = (person: DemoPerson, system: string): boolean => {
    const story = told(person);
    return story !== undefined && system in story;
  };

  const r4 = once((id: R4SystemId): R4Records => {
    const system: R4System | undefined = r4Systems.find((one) => one.id === id);
    const record = once((person: DemoPerson): SystemRecord | undefined => {
      const story = told(person);
      const write = story?.[id];
      if (system === undefined || story === undefined || write === undefined) return undefined;
      const { chart, close } = openChart(system, person, people.indexOf(person), calendar, story.patients?.[id]);
      write(chart);
      return close();
    });
    const keys = once((person: DemoPerson): ReadonlySet<string> => {
      const own = record(person);
      return new Set([
        ...(own?.resources ?? []).map((one) => `${one.resourceType}/${idOf(one) ?? ''}`),
        ...[...(own?.letters.keys() ?? [])].map((letter) => `Binary/${letter}`),
      ]);
    });
    const find = (test: (person: DemoPerson) => boolean): SystemRecord | undefined => {
      const person = people.find((one) => holds(one, id) && test(one));
      return person === undefined ? undefined : record(person);
    };
    return {
      byNhsNumber: (nhsNumber) => find((one) => one.nhsNumber === nhsNumber),
      byPatientId: (patientId) =>
        find((one) => system !== undefined && patientIdAt(system, one, people.indexOf(one)) === patientId),
      holding: (type, key) => find((one) => keys(one).has(`${type}/${key}`)),
    };
  });

  const practiceRecord = once((person: DemoPerson): FinishedRecord | undefined => {
    const story = told(person);
    const practice = practices.find((one) => one.ods === person.practice);
    if (practice === undefined || story?.gp === undefined) return undefined;
    const { record, close } = openRecord(practice, person, calendar, story.gpPatient);
    story.gp(record);
    return close();
  });

  return {
    r4,
    practice: (ods, nhsNumber) => {
      const person = people.find((one) => one.nhsNumber === nhsNumber && one.practice === ods);
      // A sensitive or deceased person is answered as one whom the practice does not have.
      if (person === undefined || person.demographics !== 'known' || person.diedDaysAgo !== undefined) return undefined;
      return told(person)?.gpConsent === false ? 'no-consent' : practiceRecord(person);
    },
    otherAt: (system, nhsNumber) =>
      people.find(
        (one) =>
          one.nhsNumber !== nhsNumber && one.demographics === 'known' && (system === 'pds' || holds(one, system)),
      ),
  };
}
