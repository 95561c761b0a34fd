import { readFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { object, objects } from '../../src/fhir/json.ts';
import { ohc, sourceUri } from '../../src/fhir/systems.ts';
import { sourceSchema } from '../config/schema.ts';
import { allergyRegisterAdapter } from './allergy-register.testing.ts';
import type { SourceAnswer } from './answer.ts';
import { createConnections } from './connections.ts';
import { kindsOf } from './kinds.ts';
import { federationOf, gathered, person, sourceOf, standIn, type Answering } from './stand-in.ts';

const guide = await readFile('docs/adding-a-source.md', 'utf8');

describe('the example of docs/adding-a-source.md', () => {
  /** What comes of asking the register of the example, in the place of another kind. */
  async function asked(answer: Answering): Promise<SourceAnswer | undefined> {
    const register = await standIn(answer);
    const connections = createConnections();
    const federation = federationOf([sourceOf({ id: 'register', baseUrl: register.url })], 10_000, {
      kinds: { ...kindsOf(connections), 'fhir-r4': allergyRegisterAdapter },
    });
    onTestFinished(async () => {
      await federation.close();
      await connections.close();
      await register.close();
    });
    return (await gathered(federation)).get('register');
  }
  const allergies = [{ id: 'a1', code: 'PEN', substance: 'Penicillin', recorded: '2019-03-01' }];

  it('is the file that is compiled and run here, to the letter', async () => {
    const [, code] = /^```ts kind\n([\s\S]*?)^```$/m.exec(guide) ?? [];
    expect(code).toBe(await readFile('server/federation/allergy-register.testing.ts', 'utf8'));
  });

  it('gives a record like any other kind: proved, labelled, under ids of the facade', async () => {
    const answer = await asked(() => ({ nhsNumber: person.nhsNumber, born: person.birthDate, allergies }));
    expect(answer).toMatchObject({ status: 'complete', origin: { label: 'REGISTER' } });
    expect(answer?.resources).toHaveLength(1);
    const [allergy] = answer?.resources ?? [];
    expect(allergy).toMatchObject({
      resourceType: 'AllergyIntolerance',
      patient: { reference: `Patient/${String(person.patient['id'])}` },
      recordedDate: '2019-03-01',
      meta: { source: sourceUri('register') },
    });
    expect(allergy?.['id']).not.toBe('a1');
    const tags = objects(object(allergy?.['meta'])?.['tag']);
    expect(tags.find((tag) => tag['system'] === ohc.sourceLabel)).toMatchObject({ code: 'REGISTER' });
  });

  it.each<[string, Answering, Partial<SourceAnswer>]>([
    ['nobody', () => [404, {}], { status: 'no-record' }],
    [
      'somebody else',
      () => ({ nhsNumber: person.nhsNumber, born: '1999-01-01', allergies }),
      { status: 'identity-mismatch', differsOn: ['birthDate'] },
    ],
    ['nothing', () => [500, {}], { status: 'unavailable' }],
  ])('where the register knows %s, shows none of it', async (_what, answer, ended) =>
    expect(await asked(answer)).toMatchObject({ ...ended, resources: [] }),
  );

  it('and its entries of sources.json are what the configuration takes', () => {
    const entries = [...guide.matchAll(/^```json source\n([\s\S]*?)^```$/gm)].map(([, json = '']) => json);
    expect(entries).toHaveLength(2);
    for (const entry of entries) expect(sourceSchema.safeParse(JSON.parse(entry)).error?.issues ?? []).toEqual([]);
  });
});
