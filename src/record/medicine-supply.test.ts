import { describe, expect, it } from 'vitest';
import { formatDate } from '../fhir/date.ts';
import type { Resource } from '../fhir/resource.ts';
import type { MedicineFacts } from './record.ts';
import { from, recordOf, type SourceId } from './testing.ts';

const gpConnect = 'https://one-health-and-care.nhs.uk/StructureDefinition/gp-connect-';
const ukCore = 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-';
const days = (value: number, code = 'd'): object => ({ value, unit: code, code });

const request = (source: SourceId, id: string, more: object = {}): Resource =>
  from(source, {
    resourceType: 'MedicationRequest',
    id,
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { text: 'Furosemide 40mg tablets' },
    authoredOn: '2026-10-20',
    dosageInstruction: [{ text: 'One daily' }],
    ...more,
  });
const supplied = (supply: object, quantity = 28): object => ({
  dispenseRequest: { quantity: { value: quantity, unit: 'tablet' }, expectedSupplyDuration: supply },
});
const plan = (more: object = {}): Resource =>
  request('gp', 'plan', { intent: 'plan', authoredOn: '2026-01-05', ...more });
const issue = (authoredOn: string, more: object = {}): Resource =>
  request('gp', authoredOn, {
    status: 'completed',
    authoredOn,
    basedOn: [{ reference: 'MedicationRequest/plan' }],
    ...more,
  });
const statement = (more: object = {}): Resource =>
  from('gp', {
    resourceType: 'MedicationStatement',
    id: 'statement',
    status: 'active',
    medicationCodeableConcept: { text: 'Furosemide 40mg tablets' },
    basedOn: [{ reference: 'MedicationRequest/plan' }],
    effectivePeriod: { start: '2026-01-05' },
    ...more,
  });

const lines = (...resources: readonly Resource[]): readonly (MedicineFacts | undefined)[] =>
  recordOf(...resources).sections.medicines.groups.map((one) => one.row.medicine);
function due(...resources: readonly Resource[]): string | undefined {
  const [line, ...rest] = lines(...resources);
  expect(rest).toEqual([]);
  return line?.nextDue === undefined ? undefined : `${formatDate(line.nextDue.date)} after ${line.nextDue.days}`;
}

describe('when the next issue is due', () => {
  it.each<[string, readonly Resource[], string | undefined]>([
    [
      'the last issue and its days',
      [plan(), issue('2026-09-22'), issue('2026-10-20', supplied(days(28)))],
      '17-Nov-2026 after 28',
    ],
    [
      'over the end of summer time and of a year',
      [plan(), issue('2026-10-24', supplied(days(84)))],
      '16-Jan-2027 after 84',
    ],
    ['weeks are days', [plan(), issue('2026-10-20', supplied(days(8, 'wk')))], '15-Dec-2026 after 56'],
    ['its plan says it for all issues', [plan(supplied(days(28))), issue('2026-10-20')], '17-Nov-2026 after 28'],
    [
      'its own days count before those of the plan',
      [plan(supplied(days(56))), issue('2026-10-20', supplied(days(7)))],
      '27-Oct-2026 after 7',
    ],
    [
      'the issue stands in the statement alone',
      [
        plan(supplied(days(28))),
        statement({
          extension: [{ url: `${ukCore}MedicationStatementLastIssueDate`, valueDateTime: '2026-11-03T09:00:00+00:00' }],
        }),
      ],
      '01-Dec-2026 after 28',
    ],
    [
      'handed out, while no prescription of it runs',
      [
        from('gp', {
          resourceType: 'MedicationDispense',
          id: 'd',
          status: 'in-progress',
          medicationCodeableConcept: { text: 'A' },
          whenPrepared: '2026-11-02',
          daysSupply: days(14),
        }),
      ],
      undefined,
    ],
    [
      'an earlier issue said its days, the last one does not',
      [plan(), issue('2026-09-22', supplied(days(28))), issue('2026-10-20')],
      undefined,
    ],
    ['never issued', [plan(supplied(days(28))), statement()], undefined],
    ['a month is no number of days', [plan(), issue('2026-10-20', supplied(days(1, 'mo')))], undefined],
    ['half a day', [plan(), issue('2026-10-20', supplied(days(0.5)))], undefined],
    ['none', [plan(), issue('2026-10-20', supplied(days(0)))], undefined],
    ['thousands of days', [plan(), issue('2026-10-20', supplied(days(2800)))], undefined],
    ['at least so many', [plan(), issue('2026-10-20', supplied({ ...days(28), comparator: '>' }))], undefined],
    ['the month of the issue alone', [plan(), issue('2026-10', supplied(days(28)))], undefined],
    [
      'a course nobody means to go on with',
      [plan({ courseOfTherapyType: { text: 'Acute' } }), issue('2026-10-20', supplied(days(7)))],
      undefined,
    ],
    [
      'taken when it is needed',
      [
        plan({ dosageInstruction: [{ text: 'One daily when needed' }] }),
        issue('2026-10-20', { ...supplied(days(28)), dosageInstruction: [{ text: 'One daily when needed' }] }),
      ],
      undefined,
    ],
    [
      'two issues of one day that differ',
      [
        plan(),
        issue('2026-10-20', supplied(days(28))),
        request('gp', 'other', { ...issue('2026-10-20'), id: 'other', ...supplied(days(7)) }),
      ],
      undefined,
    ],
    ['no longer taken', [plan({ status: 'stopped' }), issue('2026-10-20', supplied(days(28)))], undefined],
  ])('%s', (_, resources, expected) => expect(due(...resources)).toBe(expected));

  it('is not said of what another organisation has stopped: nothing invites anyone to issue it (H4)', () => {
    const hospital = request('uhnm', 'h', { status: 'stopped', authoredOn: '2026-11-11' });
    const [line] = lines(plan(), issue('2026-10-20', supplied(days(28))), hospital);
    expect(line?.spans).toHaveLength(2);
    expect(line?.nextDue).toBeUndefined();
  });

  it("takes one organisation's issue and days, never one's issue and another's days", () => {
    const hospital = request('uhnm', 'h', { authoredOn: '2026-11-11', dispenseRequest: {} });
    expect(due(plan(), issue('2026-10-20', supplied(days(28))), hospital)).toBeUndefined();
    expect(due(plan(), issue('2026-10-20', supplied(days(28))), { ...hospital, ...supplied(days(14)) })).toBe(
      '25-Nov-2026 after 14',
    );
  });
});

describe('who prescribes it', () => {
  const agency = (code: string, display?: string): object => ({
    extension: [
      { url: `${ukCore}MedicationPrescribingOrganization`, valueCodeableConcept: { coding: [{ code, display }] } },
    ],
  });
  const elsewhere = (...resources: readonly Resource[]): readonly string[] =>
    lines(...resources).flatMap((one) => (one?.elsewhere ?? []).map(({ words, chip }) => `${chip.label}: ${words}`));

  it('is said where another organisation does, by whom that is said', () => {
    expect(elsewhere(plan(), statement(agency('prescribed-by-another-organisation')))).toEqual([
      'GP: Prescribed by another organisation',
    ]);
    expect(elsewhere(plan(), statement(agency('prescribed-by-previous-practice', 'Previous practice')))).toEqual([
      'GP: Previous practice',
    ]);
    expect(elsewhere(plan(), statement(agency('prescribed-by-another-organisation')), request('uhnm', 'h'))).toEqual([
      'GP: Prescribed by another organisation',
    ]);
  });

  it('is not said where the practice does, or a code says nothing', () => {
    expect(elsewhere(plan(), statement(agency('prescribed-at-gp-practice', 'Prescribed at GP practice')))).toEqual([]);
    expect(elsewhere(plan(), statement(agency('other')))).toEqual([]);
  });

  it('is the hospital alone only where all who list it now have it for an inpatient', () => {
    const inpatient = { category: [{ coding: [{ code: 'inpatient' }] }] };
    const hospital = request('uhnm', 'h', inpatient);
    const only = (...resources: readonly Resource[]): readonly boolean[] =>
      lines(...resources).map((one) => one?.hospitalOnly === true);
    expect(only(hospital)).toEqual([true]);
    expect(only(request('uhnm', 'h', { category: [{ coding: [{ code: 'discharge' }] }] }))).toEqual([false]);
    expect(only(hospital, plan())).toEqual([false]);
    expect(only({ ...hospital, status: 'stopped' })).toEqual([false]);
  });
});

describe('why it was stopped, and by whom', () => {
  const because = {
    url: `${gpConnect}MedicationStatusReason`,
    extension: [
      { url: 'statusReason', valueCodeableConcept: { text: 'Acute kidney injury' } },
      { url: 'statusChangeDate', valueDateTime: '2026-11-10' },
    ],
  };
  const history = (activity: object): Resource =>
    from('gp', {
      resourceType: 'Provenance',
      id: 'event',
      target: [{ reference: 'MedicationRequest/plan' }],
      recorded: '2026-11-10T09:00:00Z',
      activity,
      agent: [{ who: { display: 'Dr Priya RAO' } }],
    });
  const stopped = plan({ status: 'stopped', extension: [because], eventHistory: [{ reference: 'Provenance/event' }] });

  it('reads the reason and the day of GP Connect, and no date as a reason', () => {
    const [line] = lines(stopped);
    expect(line?.halt).toEqual({ kind: 'stopped', reason: 'Acute kidney injury', who: undefined, at: undefined });
    expect(line?.end && formatDate(line.end)).toBe('10-Nov-2026');
  });

  it('names who stopped it, and never who did something else with it', () => {
    const who = (activity: object): string | undefined => lines(stopped, history(activity))[0]?.halt?.who;
    expect(who({ coding: [{ code: 'aborted' }] })).toBe('Dr Priya RAO');
    expect(who({ text: 'Stopped' })).toBe('Dr Priya RAO');
    expect(who({ coding: [{ code: 'CREATE' }] })).toBeUndefined();
    expect(lines(plan({ status: 'stopped', requester: { display: 'Dr Ann LEE' } }))[0]?.halt?.who).toBeUndefined();
  });

  it('says that one organisation has it on hold, though another goes on with it', () => {
    const held = request('uhnm', 'h', { status: 'on-hold', statusReason: { text: 'Low blood pressure' } });
    expect(lines(held)[0]?.halt).toMatchObject({ kind: 'on-hold', reason: 'Low blood pressure', at: undefined });
    expect(lines(held, plan())[0]?.halt).toMatchObject({ kind: 'on-hold', at: { label: 'UHNM' } });
  });

  it('says nothing of one that goes on, or that merely ended', () => {
    expect(lines(plan())[0]?.halt).toBeUndefined();
    expect(lines(plan({ status: 'completed' }))[0]?.halt).toBeUndefined();
  });
});
