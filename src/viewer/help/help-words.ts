import { banner, bar, drawer, pages, sectionWords, states, strip } from '../words.ts';

/*
 * The words of the tour and of the list of keys. They stand apart from `words.ts` since they are fetched only when one of
 * the two is opened; what they quote of the screen is taken from there.
 */

/** One stop of the tour: what it is about, and the first of these that is on the page is ringed. */
export type Stop = { readonly title: string; readonly text: string; readonly at: readonly string[] };

/** The tour, in the order of the page: about three minutes at the pace of reading. */
export const stops: readonly Stop[] = [
  {
    title: 'Whose record this is',
    text: `The name, date of birth and ${banner.nhsNumber} stand at the top all the time, here or in your own system, and nothing covers them. Compare them with the person before you read on. If you open another person in your own system, this record closes.`,
    at: ['#person'],
  },
  {
    title: 'Who has answered',
    text: `Every organisation is asked at this moment. Each block is one of them: solid has answered, hatched has not. Who is missing stands beside it in words, with “${strip.tryAgain}”. Hatching means “not known”, everywhere on these pages and only there.`,
    at: ['#organisations'],
  },
  {
    title: 'The sections',
    text: `Each section says how much it holds. “${states.zeroSoFar}” means that somebody who may hold something has not answered yet. A list never says that there is nothing: it says who gave nothing to show. Up and down arrows move from one section to the next.`,
    at: ['#sections'],
  },
  {
    title: 'A row is one fact',
    text: 'Its name, its value with the unit, its status, its date, and at the end who recorded it. The shape tells the kind of organisation; press the label for the full name and the phone number. Press the row for all that was recorded, word for word.',
    at: ['[data-row]', '#section'],
  },
  {
    title: 'When organisations differ',
    text: `≠ and “${drawer.differ('…').replace(' on ….', '')}” mark a fact that is not the same everywhere. The row shows one real record, of an allergy always the one with the highest risk. Open it to see all of them side by side. Nothing is blended and nothing is overwritten: check with the person or the organisations.`,
    at: ['main .ohc-tag[data-status="conflict"]', '[data-row]', '#section'],
  },
  {
    title: 'Finding and narrowing',
    text: `Ctrl+K searches everything that has arrived. A filter stays in view for as long as it hides anything, with a button that removes it. “${bar.newSince(2)}” marks what has changed since you last looked. A print says what was missing and who printed it.`,
    at: ['[data-bar]', '#section'],
  },
  {
    title: 'What is never shown',
    text: `Some things are never shown here, for anyone, and some people are not shown at all. ${pages.refused.note} Ask the person, or phone the organisations that care for them. Each look is recorded with your name and role, and the person can be told.`,
    at: ['#section'],
  },
  {
    title: 'Where to find this again',
    text: `“${sectionWords.about.title}”, the last of the sections, has this tour, the user guide and whom to ask. Ctrl+/ lists the keys.`,
    at: ['#sections .last [data-rail]', '#sections'],
  },
];

export const tour = {
  title: 'Tour',
  at: (n: number, of: number) => `${n} of ${of}`,
  back: 'Back',
  next: 'Next',
  end: 'End the tour',
};

/** What each key does, by where it does it. */
export const keys: readonly (readonly [where: string, lines: readonly (readonly [keys: string, does: string])[]])[] = [
  [
    'Everywhere',
    [
      ['Ctrl+K', 'search everything'],
      ['Ctrl+/', 'this list'],
      ['Tab', 'the next part: banner, organisations, sections, bar, list, details'],
      ['Enter', 'open'],
      ['Esc', 'close what opened last'],
    ],
  ],
  [
    'Sections and lists',
    [
      ['↑ ↓', 'previous and next'],
      ['Home End', 'first and last, in lists'],
    ],
  ],
  ['Details', [['Alt+↑ Alt+↓', 'previous and next item']]],
  [
    'Grids and charts',
    [
      ['← → ↑ ↓', 'from value to value'],
      ['Enter', 'open the result'],
    ],
  ],
  [
    'Timeline',
    [
      ['← →', 'event'],
      ['↑ ↓', 'lane'],
      ['+ −', 'zoom'],
      ['Home End', 'first and last'],
    ],
  ],
];
export const keysTitle = 'Keys';
export const closeKeys = 'Close the list of keys';
