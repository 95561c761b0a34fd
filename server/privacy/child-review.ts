/** The birthdays before which a parent's objection is looked at again: from 16 a person decides alone, at 18 always. */
const ages = [16, 18] as const;
const dayMs = 86_400_000;

/** So many days before the birthday it is listed, so that there is time to ask the young person. */
export const reviewDays = 90;

/** When a parent's objection is to be looked at again. */
export type ChildReview = {
  readonly age: (typeof ages)[number];
  /** FHIR date. */
  readonly birthday: string;
  /** True from {@link reviewDays} days before that birthday, until it has been reviewed. */
  readonly due: boolean;
};

/** The birthday at an age; of somebody born on 29 February the 28th in other years: rather a day early. */
function birthdayAt(birthDate: string, age: number): number {
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year + age, month, 0)).getUTCDate();
  return Date.UTC(year + age, month - 1, Math.min(day, lastOfMonth));
}

/** True from the eighteenth birthday: nobody has parental responsibility any more. `birthDate`: FHIR date. */
export function isAdult(birthDate: string, now: Date): boolean {
  return birthdayAt(birthDate, 18) <= now.getTime();
}

/**
 * The next review of an objection that a parent or guardian raised and that still stands; undefined for any other. One
 * whose birthday has gone by unreviewed stays due.
 */
export function childReview(
  objection: {
    readonly requester: string;
    readonly isOpen: boolean;
    /** FHIR date of the child. */
    readonly birthDate: string;
    readonly receivedAt: Date;
    readonly reviewedAt: readonly Date[];
  },
  now: Date,
): ChildReview | undefined {
  if (objection.requester !== 'guardian' || !objection.isOpen) return undefined;
  for (const age of ages) {
    const birthday = birthdayAt(objection.birthDate, age);
    const listedFrom = birthday - reviewDays * dayMs;
    const isBehind = birthday <= objection.receivedAt.getTime();
    const isReviewed = objection.reviewedAt.some((at) => at.getTime() >= listedFrom);
    if (!isBehind && !isReviewed)
      return { age, birthday: new Date(birthday).toISOString().slice(0, 10), due: now.getTime() >= listedFrom };
  }
  return undefined;
}
