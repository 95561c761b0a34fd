import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person } from '../facade/facade.testing.ts';
import { servedTypes } from '../facade/search/parameter.ts';
import { loadConfig } from '../config/config.ts';
import { bedBase, openFacadeBed, sourceId, type FacadeBed } from './facade-bed.ts';
import { createGenerator } from './generator.ts';
import {
  otherQuestions,
  readQuestions,
  recordQuestions,
  searchQuestions,
  type AskedAfter,
  type Question,
} from './question.ts';
import { vocabularyOf } from './vocabulary.ts';
import { askedAfter, worldsOf, type Worlds } from './worlds.ts';

const { categories, roles } = await loadConfig('smart-config');

/** What whoever asks can see of an answer. What is new in each, whatever was asked, is written alike. */
async function seen(bed: FacadeBed, { method, path, headers, body }: Question, token: string) {
  const answer = await bed.ask(path, {
    method,
    token,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
  });
  const told = [...answer.headers].filter(([name]) => name !== 'date');
  const text = answer.text
    .replaceAll(/_page=[\w-]+/g, (page) => `_page=${page.length}`)
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid')
    .replaceAll(/2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'now');
  return { method, path, status: answer.status, headers: told, text };
}

describe('what is withheld answers as what never was', () => {
  let bed: FacadeBed;
  let worlds: Worlds;
  let after: AskedAfter;

  beforeAll(async () => {
    bed = await openFacadeBed(categories, roles);
    const generator = createGenerator(vocabularyOf(categories), { seed: 'oracles', base: bedBase });
    const cases = Array.from({ length: 45 }, (_, index) => generator.of(index).canary);
    worlds = worldsOf(cases);
    after = askedAfter(cases, { person, ids: bed.ids, sources: [sourceId], most: 8 });
    // Each launch has looked at the record of its world: what is searched and read is answered from that.
    bed.hold(worlds.withIt);
    await bed.ask('Condition');
    bed.hold(worlds.withoutIt);
    await bed.ask('Condition', { token: 'other' });
  });
  afterAll(() => bed.close());

  const inBoth = async (question: Question): Promise<void> => {
    bed.hold(worlds.withIt);
    const one = await seen(bed, question, 'good');
    bed.hold(worlds.withoutIt);
    expect(one).toEqual(await seen(bed, question, 'other'));
  };

  it('in every format of the record, with every parameter', async () => {
    for (const question of recordQuestions(after)) await inBoth(question);
  });

  it.each(servedTypes)('in a search of %s by every parameter', async (type) => {
    for (const question of searchQuestions({ ...after, gone: after.gone.slice(0, 2), codes: after.codes.slice(0, 3) }, [
      type,
    ]))
      await inBoth(question);
  });

  it('in a read of each id, singly and in a batch', async () => {
    for (const question of readQuestions(after)) await inBoth(question);
  });

  it('in what is refused, and in what tells nothing of a record', async () => {
    for (const question of otherQuestions(after)) await inBoth(question);
  });

  it('but not where one thing were shown, which would be seen', async () => {
    const [first] = worlds.withoutIt;
    bed.hold(worlds.withoutIt.slice(1));
    const path = `Patient/${person}/$everything`;
    const one = await seen(bed, { method: 'GET', path }, 'good');
    bed.hold(worlds.withoutIt);
    expect(one).not.toEqual(await seen(bed, { method: 'GET', path }, 'good'));
    expect(first).toBeDefined();
  });
});
