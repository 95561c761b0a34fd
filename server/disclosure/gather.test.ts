import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import { loadConfig } from '../config/config.ts';
import type { SourceDocument } from '../federation/documents/source-document.ts';
import type { Verdict } from '../federation/documents/verdict.ts';
import type { ConsentAnswer } from '../privacy/consent-answer.ts';
import { disclose } from './disclose.ts';
import { answer, condition, house, practice, request } from './house.testing.ts';
import type { DisclosureRequest } from './house.ts';

const { categories } = await loadConfig('smart-config');
const identifier = [{ system: 'https://fhir.nhs.uk/Id/UBRN', value: '000049302875' }];
const subject = { reference: 'Patient/p' };
const appointment: Resource = { resourceType: 'Appointment', id: 'appointment', identifier, subject };
const referral: Resource = {
  resourceType: 'ServiceRequest',
  id: 'referral',
  identifier,
  subject,
  code: { coding: [{ system: 'http://snomed.info/sct', code: '415272006' }] },
};

/** A practice that booked what a hospital, which answers later, knows to be a referral to an excluded clinic. */
function region() {
  const gp = answer('gp', { practiceConsent: 'answered', resources: [appointment, condition('asthma', '195967001')] });
  const acute = answer('acute', { resources: [referral, condition('knee', '239873007')] });
  return house({ answers: [gp, acute], categories });
}

async function idsOf(at: ReturnType<typeof region>, more: Partial<DisclosureRequest>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const release of disclose(at, request(more)))
    if (release.kind === 'source') ids.push(...release.resources.map((one) => String(one['id'])));
  return ids;
}
const includes = (): boolean => true;

describe('what one source’s referral takes out of another source’s answer', () => {
  it('never leaves with a Bundle, a search or a read, whoever answers first', async () => {
    expect(await idsOf(region(), { together: true })).toEqual(['asthma', 'knee']);
    expect(await idsOf(region(), { part: { interaction: 'search', includes } })).toEqual(['asthma', 'knee']);
    expect(await idsOf(region(), { part: { interaction: 'read', includes } })).toEqual(['asthma', 'knee']);
  });

  it('has left with a stream when its source came first, and leaves with no request after it', async () => {
    const at = region();
    // Something is held, so that the stream renews it.
    await idsOf(at, { part: { interaction: 'search', includes } });
    expect(await idsOf(at, {})).toEqual(['appointment', 'asthma', 'knee']);
    expect(await idsOf(at, { part: { interaction: 'search', includes } })).toEqual(['asthma', 'knee']);
    expect(await idsOf(at, { together: true })).toEqual(['asthma', 'knee']);
  });
});

describe('a filter that fails', () => {
  it('on one resource shows nothing of that source, says partial, raises the alarm, and lets the others be', async () => {
    const broken = { resourceType: 'Basic', id: 'broken' };
    Object.defineProperty(broken, 'modifierExtension', {
      enumerable: true,
      get: () => {
        throw new Error('broken');
      },
    });
    const gp = answer('gp', { practiceConsent: 'answered' });
    const acute = answer('acute', { resources: [condition('knee', '239873007'), broken] });
    const at = house({ answers: [gp, acute], categories });
    const alarms: unknown[] = [];
    const log = Object.assign(at.log, { error: (told: unknown) => void alarms.push(told) });
    const releases = [];
    for await (const release of disclose({ ...at, log }, request())) releases.push(release);
    expect(releases.flatMap((one) => (one.kind === 'source' ? [[one.status, one.resources.length]] : []))).toEqual([
      ['complete', 1],
      ['partial', 0],
    ]);
    expect(alarms).toMatchObject([{ alarm: 'withhold-failed', source: 'acute' }]);
  });

  it('raises one alarm a source, however often what is left of it is asked for', async () => {
    const at = house({
      answers: [answer('gp', { practiceConsent: 'answered' })],
      withhold: () => {
        throw new Error('broken');
      },
    });
    const alarms: unknown[] = [];
    const log = Object.assign(at.log, { error: (told: unknown) => void alarms.push(told) });
    for await (const _ of disclose({ ...at, log }, request()));
    expect(alarms).toHaveLength(1);
  });

  it('never lets out what was given without saying whom it is about', async () => {
    const unproved = [condition('whose', '195967001')];
    const at = house({ answers: [answer('gp', { practiceConsent: 'answered', unproved })] });
    expect(await idsOf(at, {})).toEqual(['gp']);
  });
});

describe('a few of the sources, asked anew', () => {
  const yes = { answer: 'yes', practice, answeredAt: new Date() } as const;
  const council = answer('council');
  const at = (last?: typeof yes) => house({ answers: [gp(), answer('acute'), council], ...(last && { last }) });
  const gp = () => answer('gp', { practiceConsent: 'answered' });
  const sources = new Set(['council']);

  it('are asked with the practice, without whom nothing leaves, and nobody else is', async () => {
    const one = at();
    expect(await idsOf(one, { sources })).toEqual(['gp', 'council']);
    expect(one.asked).toEqual(['gp', 'council']);
  });

  it('are asked alone where the practice said yes a short while ago', async () => {
    const one = at(yes);
    expect(await idsOf(one, { sources })).toEqual(['council']);
    expect(one.asked).toEqual(['council']);
  });

  it('are never said to be the whole record, and what was held of it is asked for anew', async () => {
    const one = at(yes);
    const part = { interaction: 'search', includes } as const;
    await idsOf(one, { part });
    const ends: string[] = [];
    for await (const release of disclose(one, request({ sources })))
      if (release.kind === 'record') ends.push(release.status);
    expect(ends).toEqual(['partial']);
    expect(await idsOf(one, { part })).toEqual(['gp', 'acute', 'council']);
    expect(one.asked).toEqual(['gp', 'acute', 'council', 'council', 'gp', 'acute', 'council']);
  });
});

describe('what documents are held in', () => {
  const letter = { resourceType: 'DocumentReference', id: 'l', content: [{ attachment: { url: 'Binary/scan' } }] };
  const report = { resourceType: 'DiagnosticReport', id: 'r', presentedForm: [{ url: 'Binary/report' }] };
  const scan = {
    id: 'scan',
    holders: ['DocumentReference/l', 'DiagnosticReport/r#inside'],
    place: { kind: 'address', url: 'http://127.0.0.1:9/scan' },
    verdict: { kind: 'read', categories: [] },
    key: 'k',
  } as const;
  const nameless = { resourceType: 'DocumentReference', content: [] };
  const resources = [letter, report, nameless, condition('knee', '239873007')];
  const contacts = [{ element: 'telecom', value: { system: 'phone', value: '01632 960 001' } }] as const;
  const gp = answer('gp', { practiceConsent: 'answered' });
  const acute = answer('acute', { resources, documents: [scan], contacts });
  const part = { interaction: 'read', documents: true, includes } as const;

  it('is all that is held to open them, and the record’s other parts are asked for anew', async () => {
    const at = house({ answers: [gp, acute] });
    expect(await idsOf(at, { part })).toEqual(['l', 'r']);
    expect(await idsOf(at, { part })).toEqual(['l', 'r']);
    expect(at.asked).toEqual(['gp', 'acute']);
    expect(await idsOf(at, { part: { interaction: 'search', includes } })).toContain('knee');
    expect(at.asked).toEqual(['gp', 'acute', 'gp', 'acute']);
  });

  it('is held with the whole record, which has just brought it, so that a document opens without asking again', async () => {
    const at = house({ answers: [gp, acute] });
    await idsOf(at, {});
    expect(await idsOf(at, { part })).toEqual(['l', 'r']);
    expect(at.asked).toEqual(['gp', 'acute']);
  });

  it('is not held where the record has none', async () => {
    const at = house({ answers: [gp, answer('acute')] });
    await idsOf(at, {});
    await idsOf(at, { part });
    expect(at.asked).toEqual(['gp', 'acute', 'gp', 'acute']);
  });
});

describe('what the words of a document tell', () => {
  const letter = { resourceType: 'DocumentReference', id: 'l', content: [{ attachment: { url: 'Binary/scan' } }] };
  const scan = (verdict: Verdict): SourceDocument => ({
    id: 'scan',
    holders: ['DocumentReference/l'],
    place: { kind: 'address', url: 'http://127.0.0.1:9/scan' },
    verdict,
    key: 'k',
  });

  it.each<[string, Verdict, readonly string[]]>([
    ['nothing that is withheld: it leaves', { kind: 'read', categories: [] }, ['gp', 'l']],
    ['what is never shown: it does not leave', { kind: 'read', categories: ['hiv'] }, ['gp']],
    ['more than can be read: it does not leave', { kind: 'beyond' }, ['gp']],
  ])('%s', async (_name, verdict, expected) => {
    const gp = answer('gp', { practiceConsent: 'answered' });
    const acute = answer('acute', { resources: [letter], documents: [scan(verdict)] });
    for (const more of [{}, { together: true }, { part: { interaction: 'search', includes } } as const])
      expect(await idsOf(house({ answers: [gp, acute], categories }), more)).toEqual(expected);
  });
});

describe('a part of the record', () => {
  it('comes from the whole record where that was asked for since', async () => {
    const at = house({});
    let times = 0;
    const gather: typeof at.federation.gather = async function* () {
      times += 1;
      yield answer('gp', { practiceConsent: 'answered', resources: [condition(`c${times}`, '195967001')] });
    };
    const living = { ...at, federation: { ...at.federation, gather } };
    expect(await idsOf(living, { part: { interaction: 'search', includes } })).toEqual(['c1']);
    expect(await idsOf(living, {})).toEqual(['c2']);
    expect(await idsOf(living, { part: { interaction: 'search', includes } })).toEqual(['c2']);
    expect(times).toBe(2);
  });

  const region = () => house({ answers: [answer('gp', { practiceConsent: 'answered' }), answer('acute')] });
  const search = { interaction: 'search', includes } as const;

  it('comes from what the launch’s last gathering brought', async () => {
    const at = region();
    await idsOf(at, { part: search });
    await idsOf(at, { part: search });
    expect(at.asked).toEqual(['gp', 'acute']);
  });

  it('is asked for anew where that is asked for, and then held for the pages that follow', async () => {
    const at = region();
    await idsOf(at, { part: search });
    await sleep(2);
    await idsOf(at, { part: { ...search, anew: 'hold' } });
    await idsOf(at, { part: search });
    expect(at.asked).toEqual(['gp', 'acute', 'gp', 'acute']);
    await idsOf(at, { part: { ...search, anew: 'stream' } });
    expect(at.asked).toHaveLength(6);
  });

  it('is asked for anew where another launch has heard a no since', async () => {
    const at = region();
    await idsOf(at, { part: search });
    const since = { answer: 'no', practice: 'M83002', answeredAt: new Date(Date.now() + 1000) } as const;
    const said = (lastConsent: ConsentAnswer) => async () => ({ objected: false, lastConsent });
    await idsOf({ ...at, consentState: said(since) }, { part: search });
    expect(at.asked).toEqual(['gp', 'acute', 'gp', 'acute']);
    await idsOf({ ...at, consentState: said({ ...since, answer: 'yes' }) }, { part: search });
    expect(at.asked).toHaveLength(4);
  });

  it('that is refused is refused, and nothing of it is held', async () => {
    const dissenting = answer('gp', { practiceConsent: 'refused', resources: [] });
    const at = house({ answers: [dissenting, answer('acute')] });
    await expect(idsOf(at, { part: search })).rejects.toMatchObject({ code: 'record-refused' });
    await expect(idsOf(at, { part: search })).rejects.toMatchObject({ code: 'record-refused' });
    expect(at.asked).toEqual(['gp', 'gp']);
  });
});
