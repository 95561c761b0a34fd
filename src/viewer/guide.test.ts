import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allergyTitles, words as recordWords } from '../record/words.ts';
import {
  bar,
  drawer,
  endedPage,
  help,
  hostAlone,
  ownSystem,
  pages,
  sectionWords,
  stateWords,
  states,
  strip,
} from './words.ts';

const folder = 'public/guide';
const pageNames = ['index.html', 'one-page.html'];
const read = (path: string): Document => {
  // The test's page would fetch a style sheet; as a link of another kind it is checked all the same.
  const html = readFileSync(join(folder, path), 'utf8').replaceAll('rel="stylesheet"', 'rel="help"');
  return new DOMParser().parseFromString(html, 'text/html');
};
const guides = pageNames.map((name) => ({ name, page: read(name) }));
const plain = (text: string | null): string => (text ?? '').replaceAll(/\s+/g, ' ').trim();

/** What the guide quotes of the screen, as the viewer says it. */
const quoted: Readonly<Record<string, string>> = {
  sessionEnded: pages.sessionEnded(ownSystem),
  tour: help.tour,
  about: sectionWords.about.title,
  help: help.title,
  asking: strip.asking(9),
  answeredAll: strip.answered(9, 9),
  answeredSome: strip.answered(8, 9),
  tryAgain: states.tryAgain,
  askAgain: strip.askAgain,
  old: strip.old('09:41', 34),
  incomplete: bar.incomplete,
  notFromUs: bar.notFromUsButton,
  missingHere: states.missingHere('allergies'),
  emptyAnswered: states.emptyAnswered('procedures', 9),
  zeroSoFar: states.zeroSoFar,
  nobodyAnswered: states.nobodyAnswered,
  timeout: stateWords('timeout', ''),
  unavailable: stateWords('unavailable', ''),
  partial: stateWords('partial', ''),
  noRecord: stateWords('no-record', ''),
  notSharing: stateWords('not-sharing', ''),
  identityMismatch: stateWords('identity-mismatch', ''),
  role: states.role('results'),
  noEscalation: states.noEscalation,
  offline: states.offline('09:42'),
  arrived: states.arrived(3, 'UHDB'),
  show: states.show,
  allergyKnown: allergyTitles.known,
  allergyNone: allergyTitles['none-known'],
  allergyNotRecorded: allergyTitles['not-recorded'],
  allergyUnavailable: allergyTitles.unavailable,
  differ: recordWords.organisationsDiffer,
  doseDiffers: recordWords.doseDiffers,
  stillOnGpList: recordWords.stillOnGpList,
  enteredInError: recordWords.enteredInError,
  isNew: recordWords.isNew,
  shownInList: drawer.shown,
  overwritten: drawer.overwritten,
  refusedTitle: pages.refused.title,
  refusedNote: pages.refused.note,
  undecidedTitle: pages.undecidedTitle,
  patientChanged: endedPage('patient-changed', ownSystem, 15).text,
  locked: endedPage('locked', ownSystem, 15).text,
};

describe('the user guide', () => {
  it.each(guides)('says of the screen what the screen says: $name', ({ page }) => {
    const quotes = [...page.querySelectorAll('q')];
    expect(quotes.length).toBeGreaterThan(10);
    for (const quote of quotes) {
      const key = quote.getAttribute('data-words') ?? '';
      expect(plain(quote.textContent), key).toBe(quoted[key]);
    }
  });

  it('quotes each of these', () => {
    const used = guides.flatMap(({ page }) =>
      [...page.querySelectorAll('[data-words]')].map((one) => one.getAttribute('data-words')),
    );
    expect(Object.keys(quoted).filter((key) => !used.includes(key))).toEqual([]);
  });

  it('tells what to do of a refused record in the words of that page', () => {
    const index = plain(guides[0]?.page.body.textContent ?? '');
    for (const step of pages.refused.steps) expect(index).toContain(step);
  });

  it.each(guides)('has links that lead somewhere: $name', ({ name, page }) => {
    const links = [...page.querySelectorAll('a, link')].map((one) => one.getAttribute('href') ?? '');
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? name : path;
      expect(existsSync(normalize(join(folder, dirname(name), target))), link).toBe(true);
      if (anchor !== undefined) expect(read(target).getElementById(anchor), link).not.toBeNull();
    }
  });

  it('shows every picture that there is, each with words for those who do not see it', () => {
    const images = guides.flatMap(({ page }) => [...page.querySelectorAll('img')]);
    const shown = images.map((image) => image.getAttribute('src') ?? '');
    expect(new Set(shown)).toEqual(new Set(readdirSync(join(folder, 'pictures')).map((name) => `pictures/${name}`)));
    for (const image of images) expect((image.getAttribute('alt') ?? '').length, image.outerHTML).toBeGreaterThan(40);
  });

  it('runs no script and loads nothing from elsewhere', () => {
    for (const { name, page } of guides) {
      expect(page.querySelector('script, iframe, style, [style], [onclick]'), name).toBeNull();
      for (const one of page.querySelectorAll('[src], link')) {
        const address = one.getAttribute('src') ?? one.getAttribute('href') ?? '';
        expect(address, name).not.toMatch(/^(?:[a-z]+:|\/\/)/);
      }
    }
  });
});

describe('docs/viewer.md', () => {
  it('says of each state of the page what the page says', () => {
    const doc = readFileSync('docs/viewer.md', 'utf8');
    const host = 'Millbrook';
    const said = [
      pages.opening,
      strip.asking(9),
      states.loading('medicines'),
      states.stillWaiting(3),
      strip.answered(8, 9),
      bar.incomplete,
      states.missingHere('allergies'),
      strip.answered(9, 9),
      states.emptyAnswered('procedures', 9),
      states.nothingSoFar,
      states.mayBeMissing('procedures'),
      states.zeroSoFar,
      states.hidden(14, 'GP, last 12 months'),
      states.nobodyAnswered,
      states.role('results'),
      states.rolePart('results'),
      states.sectionError,
      states.cut('09:42', 6, 9),
      states.offline('09:42'),
      strip.old('09:41', 34),
      states.arrived(3, 'UHDB'),
      states.noEscalation,
      hostAlone(host),
      pages.refused.title,
      pages.undecidedTitle,
      pages.sessionEnded(host),
      ...(['patient-changed', 'locked', 'closed'] as const).map((why) => endedPage(why, host, 15).text),
    ];
    expect(said.filter((words) => !doc.includes(words))).toEqual([]);
  });
});
