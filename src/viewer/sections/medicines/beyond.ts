import { dayOf, formatDate } from '../../../fhir/date.ts';
import { recentChange } from '../../../record/medicine-change.ts';
import type { Group, MedicineFacts, MedicineHalt } from '../../../record/record.ts';
import { changeWords } from '../lines.tsx';
import { medicine as words } from './words.ts';

function haltWords(halt: MedicineHalt | undefined): string | undefined {
  if (halt === undefined) return undefined;
  const said = words.halted[halt.kind](halt.at?.label ?? '', halt.who ?? '');
  return [said, halt.reason].filter((part) => part !== undefined && part !== '').join(': ');
}

function dueWords(due: MedicineFacts['nextDue'], now: number): string | undefined {
  if (due === undefined) return undefined;
  const today = dayOf(now);
  const passed = due.date.instant < Date.UTC(today.year, today.month - 1, today.day);
  return words.nextDue(formatDate(due.date), due.days, passed);
}

/**
 * What a clinician needs to know of a medicine beyond its dose: that it was stopped or is on hold, why and by whom; that
 * another organisation prescribes it; what it is for; how much was issued, and when the next is due.
 */
export function beyondDose(group: Group, now: number): readonly string[] {
  const { medicine, chips } = group.row;
  const change = recentChange(group, now);
  const { reason, who } = change ?? {};
  // When it was started stands in a column of its own.
  const stopped = change?.kind === 'stopped' ? changeWords(change) : undefined;
  const changed = stopped === undefined ? undefined : who === undefined ? stopped : `${stopped} by ${who}`;
  const halt = haltWords(medicine?.halt);
  return [
    ...(medicine?.alsoCalled ?? []).map((one) => words.alsoCalled(one.title, one.chip.label)),
    medicine?.hospitalOnly === true ? words.hospitalOnly : undefined,
    changed === undefined || reason === undefined ? changed : `${changed}: ${reason}`,
    halt === reason ? undefined : halt,
    ...(medicine?.elsewhere ?? []).map((one) =>
      words.elsewhere(one.words, chips.length > 1 ? one.chip.label : undefined),
    ),
    medicine?.note,
    medicine?.quantity === undefined ? undefined : words.quantity(medicine.quantity),
    dueWords(medicine?.nextDue, now),
    medicine?.brandsNotCompared === true ? words.brandsNotCompared : undefined,
  ]
    .filter((part) => part !== undefined)
    .map((part) => part.replace(/[.;]+$/, ''));
}
