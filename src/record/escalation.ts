import type { FhirDate } from '../fhir/date.ts';
import type { Group } from './record.ts';
import { words } from './words.ts';

/** How the banner calls a decision: ReSPECT by its short name, which its form spells out in ten words; any other as recorded. */
export function decisionName(decision: Group): string {
  const { title } = decision.row;
  return /\bReSPECT\b|recommended summary plan for emergency care/i.test(title) ? 'ReSPECT' : title;
}

function dayOf(date: FhirDate | undefined): string | undefined {
  return date === undefined ? undefined : `${date.year}-${date.month ?? ''}-${date.day ?? ''}`;
}

/** Who decided it and when; undefined where no date says so, as what has no date is never taken for the same (rule 8). */
function occasionOf(decision: Group): string | undefined {
  const day = dayOf(decision.row.date);
  const [chip] = decision.row.chips;
  return day === undefined || chip === undefined ? undefined : `${chip.organisation.ods ?? chip.label}|${day}`;
}

/**
 * The decisions in force as the banner lists them: the plan and the form of one organisation and day are one entry, in the
 * order given. What has another name stays an entry of its own, so that no decision is hidden by another of the same day.
 */
export function decisionsOf(inForce: readonly Group[]): readonly Group[] {
  const said = new Set<string>();
  return inForce.filter((one) => {
    const occasion = occasionOf(one);
    if (occasion === undefined) return true;
    const key = `${occasion}|${decisionName(one).toLowerCase()}`;
    if (said.has(key)) return false;
    said.add(key);
    return true;
  });
}

/** What the conflict tag of a decision says: its own difference, or that another was made elsewhere or on another day. */
export function decisionConflict(decision: Group, decisions: readonly Group[]): string | undefined {
  const [own] = decision.conflicts;
  if (own !== undefined) return own.words;
  const others = decisions.filter((one) => one !== decision);
  const elsewhere = others.some((one) => one.row.chips[0]?.label !== decision.row.chips[0]?.label);
  if (elsewhere) return words.organisationsDiffer;
  return others.some((one) => occasionOf(one) === undefined || occasionOf(one) !== occasionOf(decision))
    ? words.recordsDiffer
    : undefined;
}
