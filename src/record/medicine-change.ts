import type { Prescription } from './prescriptions.ts';
import type { Group, MedicineChange, MedicineHalt } from './record.ts';
import type { FhirDate } from '../fhir/date.ts';

const recent = 30 * 86_400_000;

/** A current medicine's prescriptions, and those of the same medicine in another dose. */
export type CurrentLine = { readonly prescriptions: readonly Prescription[]; readonly doseDiffers: boolean };

export function startOf(one: Prescription): FhirDate | undefined {
  return one.facts.map((fact) => fact.medicine?.start.date).find((date) => date?.instant === one.start);
}

export function endOf(one: Prescription): FhirDate | undefined {
  return one.facts.map((fact) => fact.medicine?.end.date).find((date) => date !== undefined);
}

const isOnHold = (one: Prescription): boolean =>
  one.current && one.facts.some((fact) => fact.medicine?.onHold === true);

/** What a prescription says of being stopped or on hold, and why. */
function haltOf(one: Prescription): Omit<MedicineHalt, 'at'> {
  const told = one.facts.flatMap((fact) => fact.medicine?.stop ?? []);
  return {
    kind: one.stopped && !one.current ? 'stopped' : isOnHold(one) ? 'on-hold' : 'other',
    reason: told.map((stop) => stop.reason).find((reason) => reason !== undefined),
    who: told.map((stop) => stop.by).find((by) => by !== undefined),
  };
}

/** Of a line: that someone has it on hold, which is safer to know than that others do not; else what the one shown says. */
export function haltOfLine(shown: Prescription, running: readonly Prescription[]): MedicineHalt | undefined {
  const held = running.find(isOnHold);
  const at = running.every(isOnHold) ? undefined : held?.facts[0]?.entry.chip;
  const halt = haltOf(held ?? shown);
  return halt.kind === 'other' && halt.reason === undefined ? undefined : { ...halt, at };
}

/** The prescription with which the medicine began, whoever has gone on with it since; undefined where none is dated. */
export function earliestOf(prescriptions: readonly Prescription[]): Prescription | undefined {
  return prescriptions
    .filter((one) => one.start !== undefined)
    .reduce<Prescription | undefined>(
      (least, one) => (least?.start === undefined || (one.start ?? Infinity) < least.start ? one : least),
      undefined,
    );
}

/** A hospital's list says of a medicine that it goes on: its record began then, the medicine did not. */
const goesOn = (one: Prescription): boolean => one.facts.some((fact) => fact.medicine?.continued === true);

function began({ prescriptions }: CurrentLine): MedicineChange | undefined {
  const first = earliestOf(prescriptions);
  const date = first === undefined ? undefined : startOf(first);
  const chip = first?.facts[0]?.entry.chip;
  // Where one of them has no date, the medicine may be as old as that one.
  if (first === undefined || date === undefined || chip === undefined || goesOn(first)) return undefined;
  if (prescriptions.some((one) => one.current && one.start === undefined)) return undefined;
  return { kind: 'started', date, by: chip, reason: undefined };
}

const newest = (changes: readonly (MedicineChange | undefined)[]): MedicineChange | undefined =>
  changes.reduce<MedicineChange | undefined>(
    (latest, one) =>
      one !== undefined && (latest === undefined || one.date.instant > latest.date.instant) ? one : latest,
    undefined,
  );

/**
 * What last changed of a current medicine: that one organisation stopped it while another still lists it, that its dose is
 * now another than the one elsewhere, or that it was started.
 * @param others the current lines of the same medicine in other doses
 */
export function changeOf(line: CurrentLine, others: readonly CurrentLine[]): MedicineChange | undefined {
  const stops = line.prescriptions
    .filter((one) => one.stopped && !one.current)
    .map((one): MedicineChange | undefined => {
      const [date, chip] = [endOf(one), one.facts[0]?.entry.chip];
      const { reason, who } = haltOf(one);
      return date === undefined || chip === undefined ? undefined : { kind: 'stopped', date, by: chip, reason, who };
    });
  const start = began(line);
  if (!line.doseDiffers) return newest([...stops, start]);
  const dose = newest([start, ...others.map(began)]);
  return newest([...stops, dose === undefined ? undefined : { ...dose, kind: 'dose' }]);
}

/** The change of a medicine, where it is one of the last 30 days. */
export function recentChange(group: Group, now: number): MedicineChange | undefined {
  const change = group.row.medicine?.change;
  return change !== undefined && change.date.instant > now - recent ? change : undefined;
}

const name = (group: Group): string => group.row.title.toLowerCase();
const byName = (a: Group, b: Group): number => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0);

/**
 * Current medicines in the order of a list: those that changed in the last 30 days, what was started or stopped before what
 * has another dose (its lines stand together), each newest first; then the others by name.
 */
export function byChange(
  groups: readonly Group[],
  now: number,
): { readonly changed: readonly Group[]; readonly others: readonly Group[] } {
  const order = (group: Group): number => (recentChange(group, now)?.kind === 'dose' ? 1 : 0);
  const at = (group: Group): number => recentChange(group, now)?.date.instant ?? 0;
  const start = (group: Group): number => group.row.medicine?.start?.instant ?? 0;
  return {
    changed: groups
      .filter((group) => recentChange(group, now) !== undefined)
      .toSorted((a, b) => order(a) - order(b) || at(b) - at(a) || byName(a, b) || start(b) - start(a)),
    others: groups.filter((group) => recentChange(group, now) === undefined).toSorted(byName),
  };
}
