import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, neverShownSentence, type Config } from '../../config/config.ts';
import { privacyNotice } from './privacy-notice.ts';
import { readingAge, sentencesOf, syllablesOf } from './reading-age.testing.ts';
import { sayNoPage } from './say-no.ts';

let config: Config;
beforeAll(async () => {
  config = await loadConfig('smart-config');
});

const pages = { privacy: privacyNotice, 'say no': sayNoPage } as const;
/** What a page says, without its markup. */
const wordsOf = (markup: string): string => markup.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

describe.each(Object.entries(pages))('the page %s', (_name, pageOf) => {
  it('can be read at the age of 11', () => {
    const sentences = sentencesOf(pageOf(config));
    expect(sentences.length).toBeGreaterThan(15);
    expect(readingAge(sentences)).toBeLessThanOrEqual(11);
  });

  it('has no sentence of more than 25 words', () => {
    expect(sentencesOf(pageOf(config)).filter((sentence) => sentence.length > 25)).toEqual([]);
  });

  it('says whom to phone and whom to email, and to whom to complain then, from the configuration', () => {
    const { contacts } = config.region;
    for (const part of [contacts.pals, contacts.email, 'Information Commissioner', '0303 123 1113'])
      expect(wordsOf(pageOf(config))).toContain(part);
    const elsewhere = { ...config, region: { ...config.region, contacts: { ...contacts, pals: '01632 960 999' } } };
    expect(pageOf(elsewhere)).toContain('href="tel:01632960999"');
  });

  it('has one heading of the first rank, and loads nothing from elsewhere', () => {
    const page = pageOf(config);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page).not.toMatch(/<script|src=|style="/);
    expect(page).toMatch(/<html lang="en-GB">/);
  });
});

describe('the privacy notice', () => {
  it('names everyone who looks, and says what is never shown as the viewer does', () => {
    const words = wordsOf(privacyNotice(config));
    expect(words).toContain(neverShownSentence(config));
    for (const { name } of [...config.sources.filter(({ kind }) => kind !== 'pds'), ...config.viewOnly])
      expect(words, name).toContain(name.replaceAll("'", '&#39;'));
    const [host] = config.hosts;
    const hosts = host === undefined ? [] : [{ ...host, organisationName: 'Hillside Hospital' }];
    expect(privacyNotice({ ...config, hosts })).toContain('<li>Hillside Hospital</li>');
  });

  it('says that each look is written down, that nothing is kept and that it is never sold', () => {
    const words = wordsOf(privacyNotice(config));
    for (const said of ['we write down who they are', 'We do not keep a copy', 'We do not sell it', 'research'])
      expect(words).toContain(said);
  });
});

describe('how to say no', () => {
  const said = (more: Partial<Config['region']> = {}): string =>
    wordsOf(sayNoPage({ region: { ...config.region, ...more } }));

  it.each([
    'your practice decides',
    'our records team decides',
    'They may say no to what you ask',
    'They must tell you why',
    'within one month',
    'Staff can still phone each other, or send a letter',
    'You can change your mind at any time',
    'A parent or guardian can ask for a child',
    'before the child turns 16, and once more before 18',
    'your full name, your date of birth and your NHS number',
    'not even in an emergency',
  ])('says: %s', (words) => {
    expect(said()).toContain(words);
  });

  it('says from when the record is hidden, as the region has decided it', () => {
    expect(said()).toContain('hidden from the time that we get what you ask for');
    const later = said({ receivedObjectionHides: false });
    expect(later).toContain('hidden once the answer is yes');
    expect(later).not.toContain('see your record again');
  });

  it('says where to write to, where there is an address, and where to have it reversed', () => {
    const { post: _, ...contacts } = config.region.contacts;
    expect(said()).toContain('write to');
    expect(said({ contacts })).not.toContain('write to');
    expect(said({ contacts })).toContain(contacts.reverseEmail);
  });
});

describe('the reading age', () => {
  it.each([
    ['care', 1],
    ['record', 2],
    ['asked', 1],
    ['hospital', 3],
    ['medicines', 3],
    ['you', 1],
    ['emergency', 4],
  ])('%s has %i syllables', (word, count) => {
    expect(syllablesOf(word)).toBe(count);
  });

  it('tells a hard text from an easy one', () => {
    const of = (text: string) => readingAge(sentencesOf(`<p>${text}</p>`));
    expect(of('The cat sat on the mat. It was a sunny day.')).toBeLessThan(8);
    expect(
      of('Organisations participating in federated disclosure determine the admissibility of individual objections.'),
    ).toBeGreaterThan(20);
  });
});
