import { count } from '../../words.ts';

/** What is said of a medicine beyond its dose and dates. */
export const medicine = {
  halted: {
    stopped: (at: string, by: string) => `Stopped${at === '' ? '' : ` at ${at}`}${by === '' ? '' : ` by ${by}`}`,
    'on-hold': (at: string) => `On hold${at === '' ? '' : ` at ${at}`}`,
    other: () => '',
  },
  hospitalOnly: 'Hospital only: for an inpatient',
  alsoCalled: (title: string, by: string) => `${by} calls it ${title}`,
  brandsNotCompared: 'Brand and generic not compared',
  /** @param by the label of who says so, where others list it too */
  elsewhere: (words: string, by: string | undefined) => (by === undefined ? words : `${by}: ${words}`),
  quantity: (recorded: string) => `Quantity ${recorded}`,
  /** Nobody recorded it: that it is reckoned, and from what, is said wherever it stands. */
  nextDue: (day: string, days: number, passed: boolean) =>
    `${passed ? 'Was due' : 'Next due'} ${day} (reckoned: ${count(days, 'day')} from the last issue)`,
};
