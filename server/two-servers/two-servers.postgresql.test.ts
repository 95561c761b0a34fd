import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { text } from '../../src/fhir/json.ts';
import { clientOf, type Answer } from './client.ts';
import { openPair, type Pair } from './pair.ts';

let pair: Pair;
let client: ReturnType<typeof clientOf>;
beforeAll(async () => {
  pair = await openPair(inject('databaseUrl'));
  client = clientOf(pair);
});
afterAll(() => pair.close());

const refreshTokenOf = (answer: Answer): string => text(answer.json['refresh_token']) ?? '';
const statuses = (answers: readonly Answer[]): readonly number[] =>
  answers.map((one) => one.status).toSorted((a, b) => a - b);

/** Asks both processes the same at the same moment, some times over. */
async function atBoth(times: number, ask: (at: Pair['first']) => Promise<Answer>): Promise<readonly Answer[]> {
  const { first, second } = pair;
  return Promise.all(Array.from({ length: times }, (_, turn) => ask(turn % 2 === 0 ? first : second)));
}

describe('two servers on one PostgreSQL', () => {
  it('are one: a launch begun at one goes on and ends at the other', async () => {
    const { first, second } = pair;
    const page = await client.launch(first);
    expect(page.body).toContain('Tell us who you are');
    const handle = (await client.register(second, page)).location.get('launch') ?? '';
    const verifier = client.verifierFor();
    const code = (await client.authorize(first, handle, verifier)).location.get('code') ?? '';
    const session = await client.exchange(second, code, verifier);
    expect(session.status).toBe(200);
    for (const at of [first, second]) expect((await client.record(at, session)).body).toContain('Asthma');
    const again = await client.refresh(first, refreshTokenOf(session));
    expect(again.status).toBe(200);
    expect((await client.record(second, again)).status).toBe(200);
  });

  it('take a signed context once, however often both are asked at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const context = await pair.sign();
      const answers = await atBoth(6, (at) => client.launch(at, context));
      expect(statuses(answers)).toEqual([303, 403, 403, 403, 403, 403]);
    }
  });

  it('make one handle of a name-and-role page, however often it is saved', async () => {
    const page = await client.launch(pair.first, await pair.sign({ sub: 'new-user' }));
    const answers = await atBoth(6, (at) => client.register(at, page));
    expect(statuses(answers)).toEqual([303, 303, 303, 303, 303, 303]);
    const handles = new Set(answers.map((one) => one.location.get('launch') ?? ''));
    expect(handles.size).toBe(1);
    const [handle = ''] = handles;
    const taken = await atBoth(6, (at) => client.authorize(at, handle, client.verifierFor()));
    expect(taken.filter((one) => one.location.get('code') !== null)).toHaveLength(1);
  });

  it('take a handle once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const handle = await client.handle(pair.first);
      const answers = await atBoth(6, (at) => client.authorize(at, handle, client.verifierFor()));
      expect(answers.filter((one) => one.location.get('code') !== null)).toHaveLength(1);
      expect(answers.filter((one) => one.location.get('error') === 'invalid_request')).toHaveLength(5);
    }
  });

  it('take a code once at most, and who raced for it keeps nothing', async () => {
    for (let round = 0; round < 5; round += 1) {
      const verifier = client.verifierFor();
      const granted = await client.authorize(pair.second, await client.handle(pair.first), verifier);
      const code = granted.location.get('code') ?? '';
      const answers = await atBoth(6, (at) => client.exchange(at, code, verifier));
      const given = answers.filter((one) => one.status === 200);
      expect(given.length).toBeLessThanOrEqual(1);
      // One of those who came was not the client: the launch has ended for all of them.
      for (const one of given) expect((await client.record(pair.first, one)).status).toBe(401);
    }
  });

  it('take a refresh token once at most, and a raced one ends the launch', async () => {
    for (let round = 0; round < 5; round += 1) {
      const session = await client.session(pair.first, pair.second, pair.first);
      const answers = await atBoth(6, (at) => client.refresh(at, refreshTokenOf(session)));
      expect(answers.filter((one) => one.status === 200).length).toBeLessThanOrEqual(1);
      for (const one of [session, ...answers.filter((each) => each.status === 200)])
        expect((await client.record(pair.second, one)).status).toBe(401);
    }
  });

  it('lose no session where one of them is killed', async () => {
    const third = await pair.more();
    const sessions = await Promise.all(Array.from({ length: 4 }, () => client.session(third, pair.first, third)));
    const handle = await client.handle(third);
    // Killed while it is busy: what it had answered stands, what it had not is refused or lost, never half done.
    const under = Array.from({ length: 8 }, () => client.session(third, third, third).catch(() => undefined));
    await third.kill();
    const finished = (await Promise.all(under)).filter((one) => one?.status === 200);
    for (const session of [...sessions, ...finished]) {
      if (session === undefined) continue;
      expect((await client.record(pair.second, session)).status).toBe(200);
      const again = await client.refresh(pair.first, refreshTokenOf(session));
      expect(again.status).toBe(200);
      expect((await client.record(pair.second, again)).body).toContain('Asthma');
    }
    const verifier = client.verifierFor();
    const code = (await client.authorize(pair.second, handle, verifier)).location.get('code') ?? '';
    expect((await client.exchange(pair.first, code, verifier)).status).toBe(200);
  });
});
