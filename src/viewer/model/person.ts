import { ageAt, formatDate, type FhirDate } from '../../fhir/date.ts';
import type { AllergyTitle, Demographics } from '../../record/record.ts';
import { banner, overview } from '../words.ts';

/** The banner's dates and ages, in words; absent is `Not known`. */
export function ageWords(
  person: Demographics | undefined,
  today: FhirDate,
): {
  readonly born: string;
  readonly age: string | undefined;
  readonly died: string;
  readonly ageAtDeath: string | undefined;
} {
  const birth = person?.birthDate;
  const death = person?.deceasedDate;
  return {
    born: birth === undefined ? banner.notKnown : formatDate(birth),
    age: birth === undefined ? undefined : ageAt(birth, today),
    died: death === undefined ? banner.notKnown : formatDate(death),
    ageAtDeath: birth === undefined || death === undefined ? undefined : ageAt(birth, death),
  };
}

/** What stands in small behind the allergy title: when it was updated, who asserts none, or how many are still asked. */
export function allergyExtra(title: AllergyTitle): string | undefined {
  switch (title.kind) {
    case 'known':
      return title.updated === undefined ? undefined : overview.updated(formatDate(title.updated));
    case 'none-known': {
      const by = title.assertedBy;
      if (by === undefined) return undefined;
      return by.date === undefined ? by.chip.label : `${by.chip.label}, ${formatDate(by.date)}`;
    }
    case 'unavailable':
      return title.asking > 0 ? banner.asking(title.asking) : undefined;
    case 'not-recorded':
      return undefined;
  }
}
