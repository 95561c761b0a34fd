import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NoticeListener } from '../store/notice.ts';
import { watchObjections, type Ended } from './objection-watch.ts';

const [one, other] = ['9990000018', '9990000026'] as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watch on a register in memory, with what is told in its hands. */
async function watched() {
  const objectors = new Set<string>();
  const asked: (readonly string[])[] = [];
  const dropped: string[] = [];
  const said: string[] = [];
  const fields: object[] = [];
  let listener: NoticeListener | undefined;
  let fault: Error | undefined;
  let isSlow = false;
  const hashOf = (nhsNumber: string): string => `hash of ${nhsNumber}`;
  const watch = await watchObjections({
    register: {
      hashOf,
      hides: async (nhsNumber) => objectors.has(hashOf(nhsNumber)),
      hidden: async (hashes) => {
        asked.push(hashes);
        if (isSlow) return new Promise(() => undefined);
        if (fault !== undefined) throw fault;
        return hashes.filter((hash) => objectors.has(hash));
      },
    },
    notices: {
      listen: async (_channel, given) => {
        listener = given;
        return { close: async () => void said.push('closed') };
      },
    },
    onObjection: (nhsNumber) => dropped.push(nhsNumber),
    log: {
      info: (more: object) => void fields.push(more),
      warn: (more: object, text?: string) => void (fields.push(more), said.push(text ?? '')),
      error: (more: object, text?: string) => void (fields.push(more), said.push(text ?? '')),
    },
  });
  return {
    watch,
    asked,
    dropped,
    said,
    /** What the log has beside its words. */
    fields,
    /** The register holds an objection from here on; nobody is told. */
    object: (nhsNumber: string) => void objectors.add(hashOf(nhsNumber)),
    tell: (nhsNumber: string) => listener?.heard(hashOf(nhsNumber)),
    connect: () => listener?.connected(),
    lose: () => listener?.lost(new Error('cut')),
    fail: (error: Error | undefined) => void (fault = error),
    hang: () => void (isSlow = true),
    /** Watches, and keeps why it ended. */
    see: (nhsNumber: string): { readonly why: readonly Ended[]; readonly stop: () => void } => {
      const why: Ended[] = [];
      return { why, stop: watch.watch(nhsNumber, (ended) => why.push(ended)) };
    },
  };
}

describe('an objection that takes effect', () => {
  it('ends all that is under way on the person with the notice itself, and nobody else’s', async () => {
    const at = await watched();
    const looks = [at.see(one), at.see(one), at.see(other)];
    at.tell(one);
    expect(looks.map(({ why }) => why)).toEqual([['objection'], ['objection'], []]);
    expect(at.dropped).toEqual([one]);
    expect(at.fields).toEqual([{ ended: 2 }]);
    at.tell(one);
    expect(looks[0]?.why).toHaveLength(1);
    expect(at.dropped).toEqual([one]);
  });

  it('that nobody told of is found within half a second', async () => {
    const at = await watched();
    const look = at.see(one);
    at.object(one);
    await vi.advanceTimersByTimeAsync(500);
    expect(look.why).toEqual(['objection']);
    expect(at.dropped).toEqual([one]);
  });

  it('while the notices were down is found as they come again', async () => {
    const at = await watched();
    const look = at.see(one);
    at.lose();
    at.object(one);
    at.connect();
    await vi.advanceTimersByTimeAsync(0);
    expect(look.why).toEqual(['objection']);
    expect(at.said.join()).toContain('twice a second');
    expect(at.fields).toMatchObject([{ err: { message: 'cut' } }, { ended: 1 }]);
  });

  it('drops what is held on somebody whom only the gate has asked about, for as long as it may be held', async () => {
    const at = await watched();
    await at.watch.hides(one);
    await at.watch.hides(other);
    await vi.advanceTimersByTimeAsync(9.9 * 60_000);
    at.tell(one);
    expect(at.dropped).toEqual([one]);
    expect(at.fields).toEqual([{ ended: 0 }]);
    await vi.advanceTimersByTimeAsync(0.2 * 60_000);
    at.tell(other);
    expect(at.dropped).toEqual([one]);
  });

  it('is heeded under both numbers for as long as something is under way under one of them', async () => {
    const at = await watched();
    const look = at.see(one);
    at.watch.heed(other, one);
    await vi.advanceTimersByTimeAsync(30 * 60_000);
    at.tell(other);
    expect(look.why).toEqual(['objection']);
  });

  it('under the number that a launch’s was followed to ends that launch', async () => {
    const at = await watched();
    const look = at.see(one);
    at.watch.heed(other, one);
    at.tell(other);
    expect(look.why).toEqual(['objection']);
    expect(new Set(at.dropped)).toEqual(new Set([one, other]));
  });

  it('says nothing to what has ended before', async () => {
    const at = await watched();
    const look = at.see(one);
    look.stop();
    at.tell(one);
    expect(look.why).toEqual([]);
  });

  it('says it to the others where one of several has ended before', async () => {
    const at = await watched();
    const [first, second] = [at.see(one), at.see(one)];
    first.stop();
    at.tell(one);
    expect([first.why, second.why]).toEqual([[], ['objection']]);
  });

  it('says it to what was begun since another, whatever that one does', async () => {
    const at = await watched();
    const before = at.see(one);
    at.tell(one);
    const since = at.see(one);
    before.stop();
    at.tell(one);
    expect(since.why).toEqual(['objection']);
  });
});

describe('the register', () => {
  it('is asked about nobody where nothing is under way', async () => {
    const at = await watched();
    at.see(one).stop();
    await vi.advanceTimersByTimeAsync(11 * 60_000);
    const before = at.asked.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(at.asked).toHaveLength(before);
  });

  it('is asked about what is under way for as long as it is', async () => {
    const at = await watched();
    const look = at.see(one);
    await vi.advanceTimersByTimeAsync(30 * 60_000);
    at.object(one);
    await vi.advanceTimersByTimeAsync(500);
    expect(look.why).toEqual(['objection']);
  });

  it('that does not answer ends what is under way as undecided, and not at its first fault', async () => {
    const at = await watched();
    const look = at.see(one);
    at.fail(new Error('down'));
    await vi.advanceTimersByTimeAsync(4_000);
    at.fail(undefined);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(look.why).toEqual([]);
    at.fail(new Error('down'));
    await vi.advanceTimersByTimeAsync(6_000);
    expect(look.why).toEqual(['undecided']);
    expect(at.said.join()).toContain('does not answer');
  });

  it('that does not answer ten times in five seconds ends nothing, and at the eleventh all, with one alarm', async () => {
    const at = await watched();
    const look = at.see(one);
    at.fail(new Error('down'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(look.why).toEqual([]);
    expect(new Set(at.said)).toEqual(new Set(['the objections register could not be asked']));
    expect(at.fields.at(-1)).toMatchObject({ err: { message: 'down' } });
    await vi.advanceTimersByTimeAsync(500);
    expect(look.why).toEqual(['undecided']);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(at.fields.filter((one) => 'alarm' in one)).toEqual([{ alarm: 'objections-unread' }]);
  });

  it('that is slow is asked once at a time, and its silence counts', async () => {
    const at = await watched();
    const look = at.see(one);
    at.hang();
    await vi.advanceTimersByTimeAsync(5_500);
    expect(at.asked).toHaveLength(1);
    expect(look.why).toEqual(['undecided']);
  });

  it('is not asked any more once the watch is closed', async () => {
    const at = await watched();
    at.see(one);
    await at.watch.close();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(at.asked).toEqual([]);
    expect(at.said).toEqual(['closed']);
  });
});
