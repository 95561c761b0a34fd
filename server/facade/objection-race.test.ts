import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { answer, condition, found, house, session } from '../disclosure/house.testing.ts';
import type { House } from '../disclosure/house.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import type { SourceDocument } from '../federation/documents/source-document.ts';
import { createLog } from '../log.ts';
import { watchObjections, type ObjectionWatch } from '../privacy/objection-watch.ts';
import { openFacade, person } from './facade.testing.ts';

/** Stands in all that is of the person: their name, and every resource of theirs. */
const marker = 'of-the-objector';
/** The same as a document has it within a resource: base64 of how it begins. */
const coded = Buffer.from('page 1').toString('base64');
const tells = new RegExp(`${marker}|${coded}`);
const gp = answer('gp', {
  practiceConsent: 'answered',
  resources: [1, 2, 3].map((n) => condition(`${marker}-gp-${n}`, '195967001')),
});
const hospital = (id: string) => answer(id, { resources: [condition(`${marker}-${id}`, '195967001')] });
const letter: Resource = {
  resourceType: 'DocumentReference',
  id: 'letter',
  status: 'current',
  content: [{ attachment: { url: 'Binary/scan', title: marker } }],
};
const scan: SourceDocument = {
  id: 'scan',
  holders: ['DocumentReference/letter'],
  contentType: 'text/plain',
  place: { kind: 'address', url: 'http://127.0.0.1:9/scan' },
  verdict: { kind: 'read', categories: [] },
  key: 'k',
};
const behind = hospital('behind');
const sources = [
  hospital('before'),
  gp,
  { ...behind, resources: [...behind.resources, letter], documents: [scan] },
  hospital('last'),
];
const patient = {
  resourceType: 'Patient',
  id: person,
  name: [{ use: 'official', family: marker, given: ['Ada'] }],
};

const everything = `Patient/${person}/$everything`;
const batch = JSON.stringify({
  resourceType: 'Bundle',
  type: 'batch',
  entry: ['Condition', `Condition/${marker}-gp-1`, `Patient/${person}`].map((url) => ({
    request: { method: 'GET', url },
  })),
});
type Ask = { readonly path: string; readonly init?: RequestInit };
const ndjson = { headers: { accept: 'application/fhir+ndjson' } };
const asks: Readonly<Record<string, Ask>> = {
  '$everything, Bundle': { path: everything },
  '$everything, NDJSON': { path: everything, init: ndjson },
  '$everything of a type, NDJSON': { path: `${everything}?_type=Condition`, init: ndjson },
  '$everything, a page': { path: `${everything}?_count=2` },
  search: { path: 'Condition?code=195967001' },
  'search for the Patient': { path: 'Patient?_count=5' },
  read: { path: `Condition/${marker}-gp-1` },
  'read of the Patient': { path: `Patient/${person}` },
  $summary: { path: `Patient/${person}/$summary` },
  'a document': { path: 'Binary/scan' },
  'a document as a resource': { path: 'Binary/scan', init: { headers: { accept: 'application/fhir+json' } } },
  batch: {
    path: '',
    init: { method: 'POST', body: batch, headers: { 'content-type': 'application/fhir+json' } },
  },
};

/** The steps that a request goes through, counted; at one the objection is made, at one this server hears of it. */
type Walk = {
  made: number;
  heard: number;
  steps: number;
  /** True once something had been written before it was heard of. */
  begun: boolean;
  /** What was written after it was heard of. */
  late: string[];
};

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A facade of which each wait on a step of a disclosure, and each write, is a point at which an objection may come. */
async function walked() {
  let walk: Walk = { made: 0, heard: 0, steps: 0, begun: false, late: [] };
  let hear = (): void => undefined;
  const point = (): void => {
    walk.steps += 1;
    if (walk.steps === walk.heard) hear();
  };
  const isMade = (): boolean => walk.made > 0 && walk.steps >= walk.made;
  const isHeard = (): boolean => walk.heard > 0 && walk.steps >= walk.heard;
  const step = async <Value>(value: () => Value): Promise<Awaited<Value>> => {
    point();
    await turn();
    const got = await value();
    point();
    await turn();
    return got;
  };

  /** A document that comes in three pieces. */
  async function* pages() {
    for (let page = 1; page <= 3; page += 1) yield await step(() => Buffer.from(`page ${page} ${marker}\n`));
  }
  const base = house({
    demographics: found.kind === 'found' ? { kind: 'found', person: { ...found.person, patient } } : found,
  });
  const register: ObjectionWatch = await watchObjections({
    register: {
      hashOf: (nhsNumber) => nhsNumber,
      hides: () => step(isMade),
      // Nothing is found by asking: what is tried here is the notice.
      hidden: async () => [],
    },
    notices: {
      listen: async (_channel, { heard }) => {
        hear = () => heard(session.context.patient?.nhsNumber ?? '');
        return { close: async () => undefined };
      },
    },
    onObjection: (nhsNumber) => base.held.forgetPerson(nhsNumber),
    log: createLog('silent'),
  });
  const at: House = {
    ...base,
    register,
    federation: {
      ...base.federation,
      demographics: (...asked) => step(() => base.federation.demographics(...asked)),
      async *gather() {
        for (const one of sources) yield await step(() => one);
      },
      open: (document) =>
        step(() => ({
          sniffed: 'text',
          contentType: document.contentType,
          size: undefined,
          verdict: { kind: 'read', categories: [] },
          body: Readable.from(pages()),
        })),
    },
    consentState: async (...numbers) => {
      register.heed(...numbers);
      return { objected: await step(isMade), lastConsent: undefined };
    },
    consentAnswers: {
      remember: (...given) => step(() => base.consentAnswers.remember(...given)),
    },
    audit: { record: (entry) => step(() => base.audit.record(entry)) },
  };
  const facade = await openFacade(
    at,
    { good: session },
    {
      seeResponse: (response: ServerResponse) => {
        const write = response.write.bind(response);
        const end = response.end.bind(response);
        const seen = (chunk: unknown): void => {
          if (!isHeard()) walk.begun = true;
          else if (typeof chunk === 'string' || chunk instanceof Uint8Array)
            walk.late.push(Buffer.from(chunk).toString());
          point();
        };
        // The types of these overloads cannot be said in one signature; what is given is handed on as it came.
        response.write = ((...given: Parameters<typeof write>) => {
          seen(given[0]);
          return write(...given);
        }) as typeof write;
        response.end = ((...given: Parameters<typeof end>) => {
          seen(given[0]);
          return end(...given);
        }) as typeof end;
      },
    },
  );
  open.push({
    close: async () => {
      await facade.close();
      await register.close();
    },
  });

  return async ({ path, init }: Ask, made = 0, heard = 0) => {
    base.held.forget(session.launchId);
    walk = { made, heard, steps: 0, begun: false, late: [] };
    const mine = walk;
    const headers = new Headers(init?.headers);
    headers.set('accept-encoding', 'identity');
    const answered = await facade.ask(path, { ...init, headers }).catch(() => undefined);
    return { ...mine, status: answered?.status, text: answered?.text ?? '' };
  };
}

describe('an objection at every point of a request', () => {
  it.each(Object.entries(asks))('%s: nothing of the person leaves once it is heard of', async (name, ask) => {
    const run = await walked();
    const whole = await run(ask);
    expect(whole).toMatchObject({ status: 200 });
    expect(whole.text).toMatch(tells);
    let tried = 0;
    for (let made = 1; made <= whole.steps; made += 1)
      for (let heard = made; heard <= whole.steps; heard += 1) {
        const one = await run(ask, made, heard);
        tried += 1;
        const where = `made at ${made}, heard of at ${heard} of ${whole.steps}: ${one.status}`;
        expect(one.late.join(''), where).not.toMatch(tells);
        // Until it is heard of the record may leave, as the first part of a stream; then it is refused.
        if (one.status !== 200) expect(one.text, where).not.toMatch(tells);
        // What had begun was refused at the gate, or was written to its end, or says that it ends, or is cut.
        if (one.begun) expect([200, 403, undefined], where).toContain(one.status);
        else expect(name === 'a document' ? [403, undefined] : [403], where).toContain(one.status);
        // A stream that had begun ends with one line more, which says so.
        if (one.status === 200 && one.late.length > 0)
          expect(one.late, where).toEqual([expect.stringMatching(/^\{.*"code":"refused".*\}\n$/) as string]);
      }
    expect(tried).toBeGreaterThan(80);
  });

  it('that no notice tells of is refused from the next time the gate is asked', async () => {
    const run = await walked();
    for (const ask of Object.values(asks)) {
      const { status, text } = await run(ask, 1);
      expect(text).not.toMatch(tells);
      if (ask.path === '') expect([status, text.match(/"403 Forbidden"/g)?.length]).toEqual([200, 3]);
      else expect(status).toBe(403);
    }
  });
});
