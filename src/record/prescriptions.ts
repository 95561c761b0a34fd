import type { Fact, MedicinePart } from './fact.ts';
import { productKeys, type Products } from './product-hierarchy.ts';
import { bucket, compareFacts, joinByKeys, partition, Sets } from './grouping.ts';

/** One prescription of one source: its statement, plan, issues and dispenses (parts of one thing, so put together is not blended). */
export type Prescription = {
  readonly facts: readonly Fact[];
  readonly sourceId: string;
  readonly concept: number;
  readonly dose: string;
  readonly current: boolean;
  /** Stopped on purpose. */
  readonly stopped: boolean;
  readonly start: number | undefined;
  readonly startDay: string | undefined;
  readonly last: number | undefined;
};

const medicineOf = (one: Fact): MedicinePart | undefined => one.medicine;

/** The part that says whether the prescription still runs: the statement, else the plan, else the orders. */
function isCurrent(facts: readonly Fact[]): boolean {
  for (const part of ['statement', 'plan', 'order'] as const) {
    const own = facts.filter((one) => one.medicine?.part === part);
    if (own.length > 0) return own.some((one) => one.current);
  }
  return facts.some((one) => one.current);
}

function prescription(facts: readonly Fact[], concept: number, dose: string): Prescription {
  const sorted = facts.toSorted(compareFacts);
  const starts = sorted.map((one) => medicineOf(one)?.start.date).filter((one) => one !== undefined);
  const start = starts.reduce<(typeof starts)[number] | undefined>(
    (least, one) => (least === undefined || one.instant < least.instant ? one : least),
    undefined,
  );
  const ends = sorted
    .map((one) => medicineOf(one)?.end.date?.instant ?? one.when.date?.instant)
    .filter((one) => one !== undefined);
  return {
    facts: sorted,
    sourceId: sorted[0]?.entry.chip.sourceId ?? '',
    concept,
    dose,
    current: isCurrent(sorted),
    stopped: sorted.some((one) => one.medicine?.stopped === true),
    start: start?.instant,
    startDay: start === undefined ? undefined : `${start.year}-${start.month}-${start.day}`,
    last: ends.length === 0 ? undefined : Math.max(...ends),
  };
}

/** Splits one bundle by what must never stand on one line: concept and dose. Parts without a dose go with the only one. */
function splitByDose(facts: readonly Fact[], conceptOf: (one: Fact) => number): readonly Prescription[] {
  return [...bucket(facts, (one) => String(conceptOf(one))).values()].flatMap((same) => {
    const concept = same[0] === undefined ? 0 : conceptOf(same[0]);
    const doses = bucket(same, (one) => one.medicine?.doseKey ?? '');
    const named = [...doses.keys()].filter((one) => one !== '');
    const [only] = named;
    if (named.length <= 1) return [prescription(same, concept, only ?? '')];
    return [...doses].map(([dose, some]) => prescription(some, concept, dose));
  });
}

export type Line = { readonly prescriptions: readonly Prescription[]; readonly concept: number; readonly dose: string };

/**
 * Rule 9: one line a medicine and dose. Within a source each prescription is a line of its own; across sources those that
 * run at the same time, began on the same day, or were stopped by one while another still lists them, are one line.
 * @param products by which a brand is the same medicine as its generic; absent: only what shares a code is
 */
export function groupMedicines(facts: readonly Fact[], products?: Products): readonly Line[] {
  if (facts.length === 0) return [];
  const concepts = new Sets(facts.length);
  joinByKeys(concepts, facts, (one) => [...one.concept, ...productKeys(one.concept, products)]);
  const conceptIndex = new Map<Fact, number>(facts.map((one, index) => [one, concepts.find(index)]));
  const conceptOf = (one: Fact): number => conceptIndex.get(one) ?? -1;

  const bundles = new Sets(facts.length);
  joinByKeys(bundles, facts, (one) => [
    `part|${one.entry.id}`,
    ...(one.medicine?.basedOn ?? []).map((id) => `part|${id}`),
    ...one.keys.map((key) => `${one.entry.chip.sourceId}|${key}`),
  ]);
  const prescriptions = partition(bundles, facts).flatMap((bundle) => splitByDose(bundle, conceptOf));
  const lines = [...bucket(prescriptions, (one) => `${one.concept}|${one.dose}`).values()].flatMap(linesOf);
  return joinLines(lines);
}

const perSource = (some: readonly Prescription[]): boolean =>
  new Set(some.map((one) => one.sourceId)).size === some.length;

function byStart(some: readonly Prescription[]): Prescription[][] {
  return [...bucket(some, (one) => one.startDay ?? 'undated').values()].flatMap((same) =>
    perSource(same) ? [[...same]] : same.map((one) => [one]),
  );
}

function linesOf(same: readonly Prescription[]): readonly Line[] {
  const current = same.filter((one) => one.current);
  const past = same.filter((one) => !one.current);
  const [first] = same;
  if (first === undefined) return [];
  const { concept, dose } = first;
  const line = (prescriptions: readonly Prescription[]): Line => ({ prescriptions, concept, dose });
  if (current.length === 0 || !perSource(current)) return [...byStart(current), ...byStart(past)].map(line);
  const sources = new Set(current.map((one) => one.sourceId));
  const earliest = Math.min(...current.map((one) => one.start ?? Number.MIN_SAFE_INTEGER));
  const days = new Set(current.map((one) => one.startDay));
  const joins = past.filter(
    (one) =>
      !sources.has(one.sourceId) &&
      ((one.startDay !== undefined && days.has(one.startDay)) ||
        (one.stopped && (one.last ?? Number.MAX_SAFE_INTEGER) >= earliest)),
  );
  // A source that stopped it twice leaves it open which of the two was meant: both stand alone.
  const clear = perSource(joins) ? joins : [];
  return [[...current, ...clear], ...byStart(past.filter((one) => !clear.includes(one)))].map(line);
}

/** Rule 7 within rule 9: a shared business identifier joins lines of one medicine and dose, never two medicines (H4). */
function joinLines(lines: readonly Line[]): readonly Line[] {
  const sets = new Sets(lines.length);
  joinByKeys(sets, lines, (line) =>
    line.prescriptions.flatMap((one) =>
      one.facts.flatMap((fact) => fact.keys.map((key) => `${key}|${line.concept}|${line.dose}`)),
    ),
  );
  return partition(sets, lines).map((some) => {
    const [first] = some;
    return some.length === 1 && first !== undefined
      ? first
      : {
          prescriptions: some.flatMap((one) => one.prescriptions),
          concept: first?.concept ?? 0,
          dose: first?.dose ?? '',
        };
  });
}
