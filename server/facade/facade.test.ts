import { afterEach, describe, expect, it } from 'vitest';
import { answer, dissent, house, practice, session } from '../disclosure/house.testing.ts';
import { openFacade } from './facade.testing.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** Asks a facade of this house. */
async function facade(...given: Parameters<typeof openFacade>) {
  const { ask, close } = await openFacade(...given);
  open.push(close);
  return (path: string, headers: Record<string, string> = {}, token = 'good') => ask(path, { headers, token });
}

const everything = 'Patient/p/$everything';
const ndjson = { accept: 'application/fhir+ndjson' };
const gp = answer('gp', { practiceConsent: 'answered' });
const parsed = (
  text: string,
): { resourceType: string; id: string; issue: [{ details: { coding: [{ code: string }]; text: string } }] }[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as never);

describe('who may ask', () => {
  it('nobody without a token, or with one that has ended', async () => {
    const get = await facade(house({ answers: [gp] }));
    const none = await get(everything, {}, '');
    expect(none.status).toBe(401);
    const ended = await get(everything, {}, 'old');
    expect(ended).toMatchObject({ status: 401 });
    expect(ended.headers.get('www-authenticate')).toContain('invalid_token');
    expect(parsed(ended.text)[0]).toMatchObject({ resourceType: 'OperationOutcome' });
  });

  it('nobody about another person: that id is as one that never was, and the try is on the audit trail', async () => {
    const at = house({ answers: [gp] });
    const get = await facade(at);
    const [other, never] = [await get('Patient/p-9999/$everything'), await get('Patient/nothing')];
    expect([other.status, never.status]).toEqual([404, 404]);
    expect(other.text).toBe(never.text);
    expect(at.audited).toMatchObject([{ outcome: 'refused', reason: 'not-of-this-launch' }, {}]);
    expect(at.asked).toEqual([]);
  });

  it('metadata and discovery are open to all, from any origin', async () => {
    const get = await facade(house({}));
    for (const path of ['metadata', '.well-known/smart-configuration']) {
      const open = await get(path, { origin: 'http://elsewhere.example' }, '');
      expect(open.status).toBe(200);
      expect(open.headers.get('access-control-allow-origin')).toBe('*');
    }
  });

  it('a registered app reads errors too, another origin reads nothing', async () => {
    const get = await facade(house({}));
    expect((await get('Nothing', { origin: 'http://app.example' })).headers.get('access-control-allow-origin')).toBe(
      'http://app.example',
    );
    expect(
      (await get('Nothing', { origin: 'http://elsewhere.example' })).headers.get('access-control-allow-origin'),
    ).toBeNull();
  });
});

describe('a refusal tells nothing', () => {
  it('is the same to the byte for every cause and on every route', async () => {
    const causes = [
      house({ objected: true }),
      house({ demographics: { kind: 'restricted' } }),
      house({ demographics: { kind: 'unknown' } }),
      house({ answers: [answer('gp', { practiceConsent: 'answered', resources: [dissent('2024-01-01')] })] }),
      house({ answers: [answer('acute', { resources: [dissent('2024-01-01')] }), gp] }),
    ];
    const bodies = new Set<string>();
    for (const at of causes) {
      const get = await facade(at);
      for (const answered of [await get('Patient/p'), await get(everything), await get(everything, ndjson)]) {
        expect(answered.status).toBe(403);
        bodies.add(
          `${answered.headers.get('content-type') ?? ''} ${answered.headers.get('content-length') ?? ''} ${answered.text}`,
        );
      }
    }
    expect([...bodies]).toHaveLength(1);
  });

  it('in the middle of a stream ends it with a last line; a Bundle is refused whole', async () => {
    const options = {
      last: { answer: 'yes' as const, practice, answeredAt: new Date() },
      answers: [
        answer('acute'),
        answer('gp', { practiceConsent: 'answered' as const, resources: [dissent('2024-01-01')] }),
      ],
    };
    const stream = parsed((await (await facade(house(options)))(everything, ndjson)).text);
    expect(stream.at(-1)).toMatchObject({ id: 'record', issue: [{ details: { coding: [{ code: 'refused' }] } }] });
    const bundle = await (await facade(house(options)))(everything);
    expect(bundle.status).toBe(403);
    expect(bundle.text).not.toContain('acute');
  });

  it('a look that cannot be audited is not given, in words that say so and nothing of the inside', async () => {
    const at = house({
      answers: [gp],
      audit: async () => {
        throw new Error('disk full');
      },
    });
    const answered = await (await facade(at))(everything, ndjson);
    expect(answered.status).toBe(500);
    expect(parsed(answered.text)[0]?.issue[0].details.text).toContain('could not be written to the audit trail');
    expect(answered.text).not.toContain('disk');
  });

  it('what cannot be decided is 503 with Retry-After, in its own words', async () => {
    const answered = await (await facade(house({ objected: new Error('down') })))(everything);
    expect(answered.status).toBe(503);
    expect(answered.headers.get('retry-after')).toBe('60');
    expect(parsed(answered.text)[0]?.issue[0].details).toMatchObject({ coding: [{ code: 'undecided' }] });
  });
});

describe('the record', () => {
  it('as a stream: the Patient, each source with its ending, the record last', async () => {
    const lines = parsed((await (await facade(house({ answers: [gp, answer('acute')] })))(everything, ndjson)).text);
    expect(lines.map((line) => line.id)).toEqual(['p', 'gp', 'source-gp', 'acute', 'source-acute', 'record']);
  });

  it('as a Bundle: one Patient, outcomes marked as outcomes', async () => {
    const at = house({
      answers: [
        answer('gp', { practiceConsent: 'answered', contacts: [{ element: 'telecom', value: { value: '1' } }] }),
      ],
    });
    const body = JSON.parse((await (await facade(at))(everything)).text) as {
      entry: { resource: { resourceType: string }; search: { mode: string } }[];
    };
    const kinds = body.entry.map((one) => `${one.resource.resourceType} ${one.search.mode}`);
    expect(kinds).toEqual(['Patient match', 'Condition match', 'OperationOutcome outcome', 'OperationOutcome outcome']);
  });

  it('may not be stored, and has no tag that could be compared', async () => {
    const answered = await (await facade(house({ answers: [gp] })))(everything);
    expect(answered.headers.get('cache-control')).toBe('no-store');
    expect(answered.headers.get('etag')).toBeNull();
  });

  it('anything else answers an OperationOutcome', async () => {
    const get = await facade(house({}));
    for (const path of ['Nothing', 'Nothing/1', 'Patient/p/$lastn', 'Condition/1/_history/1', '_history']) {
      const answered = await get(path);
      expect(answered.status).toBe(404);
      expect(parsed(answered.text)[0]).toMatchObject({ resourceType: 'OperationOutcome' });
    }
  });

  it('the user reads their own Practitioner and no other', async () => {
    const get = await facade(house({}), { good: { ...session, scopes: ['user/Practitioner.r'] } });
    expect((await get('Practitioner/u-u1')).status).toBe(200);
    expect((await get('Practitioner/u-u2')).status).toBe(403);
  });
});
