import type { SourceState } from './record.ts';
import type { AllergyTitle, ChipRef, Group } from './record.ts';
import type { FhirDate } from '../fhir/date.ts';
import { allergyTitles } from './words.ts';

/** Someone asserts that no allergy is known: a record that says so, or an empty list that does. */
export type Assertion = { readonly chip: ChipRef; readonly date: FhirDate | undefined };

/**
 * The banner's allergy title by the exact table of the viewer's look, section 6 (H2, H6): a live allergy anywhere is known,
 * whoever is missing; none is said to be none only where every contributor has answered in whole, the registered practice
 * among them without a warning on its list, and someone asserts it.
 */
export function allergyTitle(
  active: readonly Group[],
  assertions: readonly Assertion[],
  contributors: readonly SourceState[],
  listIncomplete: boolean,
): AllergyTitle {
  const asking = contributors.filter((one) => one.status === 'asking').length;
  const whole = contributors.every((one) => one.status === 'complete' || one.status === 'no-record');
  const practice = contributors.some((one) => one.source.setting === 'gp');
  const [asserted] = assertions.toSorted(
    (a, b) =>
      (b.date?.instant ?? Number.MIN_SAFE_INTEGER) - (a.date?.instant ?? Number.MIN_SAFE_INTEGER) ||
      (a.chip.label < b.chip.label ? -1 : 1),
  );
  const kind =
    active.length > 0
      ? 'known'
      : !whole || listIncomplete || contributors.length === 0
        ? 'unavailable'
        : asserted === undefined
          ? 'not-recorded'
          : practice
            ? 'none-known'
            : 'unavailable';
  const dates = active.flatMap((group) => group.members.map((one) => one.date)).filter((one) => one !== undefined);
  const updated = dates.reduce<FhirDate | undefined>(
    (latest, one) => (latest === undefined || one.instant > latest.instant ? one : latest),
    undefined,
  );
  return {
    kind,
    text: allergyTitles[kind],
    agents: active.map((one) => one.row.title),
    updated,
    assertedBy: kind === 'none-known' ? asserted : undefined,
    asking,
  };
}
