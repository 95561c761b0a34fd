/** All words that the record itself puts before people; what a source wrote is never changed into one of these. */
export const words = {
  dateNotRecorded: 'Date not recorded',
  notKnown: 'Not known',
  nameNotRecorded: 'Name not recorded',
  isNew: 'New',
  newOrChanged: 'New or changed',
  organisationsDiffer: 'Organisations differ',
  recordsDiffer: 'Records of one organisation differ',
  doseDiffers: 'Dose differs',
  stillOnGpList: 'Still on GP list',
  allergiesListedElsewhere: 'Allergies are listed elsewhere',
  enteredInError: 'Entered in error',
  critical: 'Critical',
  datedAhead: 'Dated in the future',
  preliminary: 'Preliminary',
  corrected: 'Corrected',
  notYetReported: 'Not yet reported',
  cancelled: 'Cancelled',
  refused: 'Refused',
  valueNotRecorded: 'Value not recorded',
  informationNotAvailable: 'Information not available.',
  dateOfBirth: 'date of birth',
  unnamedSource: 'Source not named',
} as const;

export const allergyTitles = {
  known: 'Known allergies',
  'none-known': 'No known allergies',
  'not-recorded': 'Allergies not recorded',
  unavailable: 'Allergies unavailable',
} as const;

/** What a practice's list warnings mean, for where its own note does not say it; `said` knows the note that does. */
export const listWarnings: Readonly<Record<string, { readonly text: string; readonly said: RegExp }>> = {
  'confidential-items': {
    text: 'Items excluded due to confidentiality and/or patient preferences.',
    said: /confidential/i,
  },
  'data-in-transit': {
    text: 'Patient record transfer from previous GP practice not yet complete; information may be missing.',
    said: /transfer/i,
  },
  'data-awaiting-filing': {
    text: 'Patient record contains some items in the GP practice workflow that have not been reviewed for inclusion in this message; information may be missing.',
    said: /workflow|not been reviewed/i,
  },
};

/** Who prescribes, in GP Connect's codes and UK Core's, where a source gives the code alone. */
export const agencyWords: Readonly<Record<string, string>> = {
  'prescribed-by-another-organisation': 'Prescribed by another organisation',
  'prescribed-by-another-organization': 'Prescribed by another organisation',
  'prescribed-by-previous-practice': 'Prescribed by previous practice',
};

/** FHIR statuses whose code is no English word, or reads as another thing than it means. */
export const statusWords: ReadonlyMap<string, string> = new Map([
  ['noshow', 'Did not attend'],
  ['fulfilled', 'Attended'],
  ['checked-in', 'Arrived'],
  ['waitlist', 'On the waiting list'],
  ['onleave', 'On leave'],
  ['not-done', 'Not done'],
  ['on-hold', 'On hold'],
]);

/** `Still listed by UHNM`: stopped elsewhere, current here. */
export function stillListedBy(label: string): string {
  return `Still listed by ${label}`;
}

/** `as of 17-Nov-2026`. */
export function asOf(date: string): string {
  return `as of ${date}`;
}

/** A FHIR code as a word: `entered-in-error` → `Entered in error`, `inProgress` → `In progress`. */
export function wordOf(code: string): string {
  const spaced = code
    .replaceAll(/[-_]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .trim();
  return spaced === '' ? code : spaced.charAt(0).toUpperCase() + spaced.slice(1).toLowerCase();
}

/** A name as it stands within a sentence: `Anaphylaxis` → `anaphylaxis`; one with further capitals stays as it is. */
export function inSentence(name: string): string {
  return /^[A-Z][^A-Z]+$/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

/** Why the list shows the record that it shows (viewer-look, 7). */
export function whyShown(section: string, label: string): string {
  const because =
    section === 'allergies'
      ? 'the highest risk is always the one shown'
      : section === 'problems' || section === 'medicines'
        ? 'what any organisation holds as current is shown as current'
        : 'the latest is the one shown';
  return `The list shows the record of ${label}, because ${because}. Nothing has been overwritten. Check with the person or the organisations.`;
}
