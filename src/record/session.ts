import type { RegionView } from '../fhir/region.ts';
import { createRecord } from './builder.ts';
import { createLineReader } from './lines.ts';
import { patchOf, type Patch } from './patch.ts';
import type { ClinicalRecord, GroupDetail, RecordBuilder } from './record.ts';

/** What the page says to the record. The token and the request stay in the page: only bytes come here. */
export type ToRecord =
  | { readonly kind: 'start'; readonly region: RegionView; readonly now: number }
  | { readonly kind: 'chunk'; readonly chunk: Uint8Array | string; readonly at: number }
  | { readonly kind: 'end'; readonly at: number }
  | { readonly kind: 'detail'; readonly id: string; readonly request: number };

/** What the record says to the page. */
export type FromRecord =
  | { readonly kind: 'patch'; readonly patch: Patch }
  | { readonly kind: 'detail'; readonly request: number; readonly detail: GroupDetail | undefined };

/** How snapshots are spaced: `wait` runs `work` once after some ms. */
export type Clock = { readonly elapsed: () => number; readonly wait: (work: () => void, ms: number) => void };

const spacingMs = 100;

/**
 * The record's side of the conversation, in a worker or in the page itself.
 * The first rows go out at once; later snapshots are spaced by 100 ms or four times what the last one took.
 */
export function createSession(post: (message: FromRecord) => void, clock: Clock): (message: ToRecord) => void {
  let builder: RecordBuilder | undefined;
  let reader = createLineReader();
  let broken = 0;
  let sent: ClinicalRecord | undefined;
  let next = 0;
  let waiting = false;

  function flush(): void {
    waiting = false;
    if (builder === undefined) return;
    const started = clock.elapsed();
    const record = builder.snapshot();
    if (record === sent) return;
    const patch = patchOf(sent, record);
    sent = record;
    post({ kind: 'patch', patch });
    const ended = clock.elapsed();
    next = ended + Math.max(spacingMs, 4 * (ended - started));
  }

  function soon(): void {
    const rest = next - clock.elapsed();
    if (rest <= 0) flush();
    else if (!waiting) {
      waiting = true;
      clock.wait(flush, rest);
    }
  }

  function take(lines: readonly unknown[], at: number): void {
    builder?.add(lines, at);
    const unreadable = reader.broken - broken;
    broken = reader.broken;
    if (unreadable > 0) builder?.add(Array.from({ length: unreadable }), at);
  }

  return (message) => {
    switch (message.kind) {
      case 'start':
        builder = createRecord(message.region, message.now);
        reader = createLineReader();
        broken = 0;
        sent = undefined;
        return flush();
      case 'chunk':
        take(reader.push(message.chunk), message.at);
        return soon();
      case 'end':
        take(reader.end(), message.at);
        reader = createLineReader();
        broken = 0;
        return flush();
      case 'detail':
        return post({ kind: 'detail', request: message.request, detail: builder?.detail(message.id) });
    }
  };
}
