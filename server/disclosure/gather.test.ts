import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import { loadConfig } from '../config/config.ts';
import { disclose } from './disclose.ts';
import { answer, condition, house, request } from './house.testing.ts';
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
});
