import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { text } from '../../../src/fhir/json.ts';
import { isResource } from '../../../src/fhir/resource.ts';
import { keyedHash } from '../../keyed-hash.ts';
import type { SourceStream } from '../source-stream.ts';
import { SourceError } from '../source-error.ts';
import type { Found } from './attachments.ts';
import { readerVersion } from './document-text.ts';
import { isReadable, sniff, sniffedBytes, type Sniffed } from './media-type.ts';
import type { SourceDocument } from './source-document.ts';
import type { TextReader } from './text-reader.ts';
import type { DocumentRules, KeptVerdict, Verdict, Verdicts } from './verdict.ts';

/** What reading documents works with. */
export type DocumentReading = {
  readonly rules: DocumentRules;
  readonly verdicts: Verdicts;
  readonly texts: TextReader;
  /** The largest document whose text is read, in bytes. */
  readonly readBytes: number;
};

/** Reads nothing, so that every document stays unread. */
export const nothingRead: DocumentReading = {
  rules: { version: '', categoriesIn: () => [] },
  verdicts: { of: async () => new Map(), keep: async () => undefined },
  texts: { read: () => Promise.reject(new Error('documents are not read here')), close: async () => undefined },
  readBytes: 0,
};

/** Begins to read one document of a source. @throws {SourceError} */
export type Fetch = (url: string) => Promise<SourceStream>;

/** A document under way, as far as it had to be looked at: what its bytes are, and what its words meet. */
export type Opened = {
  readonly sniffed: Sniffed;
  /** What the source says that it is. */
  readonly contentType: string | undefined;
  readonly size: number | undefined;
  readonly verdict: Verdict;
  /** Its bytes from the first on. Who does not read it to its end destroys it. */
  readonly body: Readable;
};

/** How many documents of one source are read at once. */
const concurrency = 4;
/** A verdict on a version stands as long as the version; on what has none, or could not be read, only a while. */
const keptDays = { versioned: 90, unversioned: 1 } as const;
/** How much text is looked through before others have their turn. */
const slice = 96 * 1024;
/** A term that lies across two slices is found in the second. */
const overlap = 256;

/** A document that waits to be read. */
type Queued = { readonly document: SourceDocument; readonly at: number; readonly versioned: boolean };

type Bytes = { readonly bytes: Buffer; readonly whole: boolean };

/** The first bytes of a stream, at least `wanted` of them where there are so many; it can be gone on with. */
async function startOf(body: Readable, wanted: number): Promise<Bytes> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Read by hand, since leaving a loop over a stream would end it.
  const iterator: AsyncIterator<Buffer> = body.iterator({ destroyOnReturn: false });
  while (length < wanted) {
    const next = await iterator.next();
    if (next.done === true) return { bytes: Buffer.concat(chunks, length), whole: true };
    chunks.push(next.value);
    length += next.value.byteLength;
  }
  await iterator.return?.();
  return { bytes: Buffer.concat(chunks, length), whole: false };
}

/** What was read already, and the rest of the stream behind it. */
function followedBy({ bytes, whole }: Bytes, rest: Readable): Readable {
  if (whole) return Readable.from([bytes], { objectMode: false });
  const joined = Readable.from(
    (async function* () {
      yield bytes;
      yield* rest as AsyncIterable<Buffer>;
    })(),
    { objectMode: false },
  );
  return joined.once('close', () => void rest.destroy());
}

function isWrapped(contentType: string | undefined): boolean {
  return /^application\/(?:fhir\+json|json\+fhir)\b/i.test(contentType?.trim() ?? '');
}

/** A source that sends a FHIR Binary where its content was asked for: the content, and its type. */
function unwrapped(bytes: Buffer): { readonly bytes: Buffer; readonly contentType: string | undefined } | undefined {
  try {
    const resource: unknown = JSON.parse(bytes.toString('utf8'));
    if (!isResource(resource) || resource.resourceType !== 'Binary') return undefined;
    const data = text(resource['data']);
    return { bytes: Buffer.from(data ?? '', 'base64'), contentType: text(resource['contentType']) };
  } catch {
    return undefined;
  }
}

/** Reads the documents of sources for what their words meet. */
export function createDocuments({ rules, verdicts, texts, readBytes }: DocumentReading, idKey: Buffer) {
  const contentHash = (bytes: Buffer): string =>
    keyedHash(idKey, 'document-content', createHash('sha256').update(bytes).digest('base64url'));
  const stateHash = (state: string | undefined): string | undefined =>
    state === undefined ? undefined : keyedHash(idKey, 'document-state', state);

  const decide = async (bytes: Buffer, contentType: string | undefined, signal: AbortSignal): Promise<Verdict> => {
    const read = await texts.read(bytes, contentType, signal);
    const categories = new Set<string>();
    for (let from = 0; from < read.text.length; from += slice) {
      if (from > 0) await setImmediate();
      for (const one of rules.categoriesIn(read.text.slice(Math.max(0, from - overlap), from + slice)))
        categories.add(one);
    }
    // What was found counts, however little of it could be read.
    if (categories.size > 0 || read.kind === 'text') return { kind: 'read', categories: [...categories].toSorted() };
    return { kind: read.kind };
  };

  /** Looks at a document as far as it must: one that its state shows to be known is handed on as it comes. */
  const look = async (
    stream: SourceStream,
    declared: string | undefined,
    known: Pick<SourceDocument, 'verdict' | 'known'>,
    signal: AbortSignal,
  ): Promise<Opened & { readonly kept: Omit<KeptVerdict, 'verdict'> }> => {
    let contentType = stream.contentType ?? declared;
    let { size } = stream;
    let start = await startOf(stream.body, sniffedBytes);
    const state = stateHash(stream.state);
    const seen = { ...(state === undefined ? {} : { state }) };
    if (isWrapped(stream.contentType)) {
      const whole = start.whole ? start : await more(start, stream.body, Math.ceil((readBytes * 4) / 3) + 4096);
      const inner = whole.whole ? unwrapped(whole.bytes) : undefined;
      if (!whole.whole) {
        stream.body.destroy();
        throw new SourceError('too-large', 'a document inside a resource, larger than is unpacked');
      }
      if (inner !== undefined) {
        contentType = inner.contentType ?? declared;
        start = { bytes: inner.bytes, whole: true };
        size = inner.bytes.byteLength;
      } else start = whole;
    }
    const sniffed = sniff(start.bytes);
    const opened = { sniffed, contentType, size };
    if (!isReadable(sniffed))
      return {
        ...opened,
        verdict: { kind: 'unreadable' },
        body: followedBy(start, stream.body),
        kept: { content: '', ...seen },
      };
    if (known.verdict !== undefined && state !== undefined && known.known?.state === state)
      return { ...opened, verdict: known.verdict, body: followedBy(start, stream.body), kept: known.known };
    const whole = start.whole ? start : await more(start, stream.body, readBytes);
    if (!whole.whole || whole.bytes.byteLength > readBytes)
      return {
        ...opened,
        verdict: { kind: 'beyond' },
        body: followedBy(whole, stream.body),
        kept: { content: '', ...seen },
      };
    const content = contentHash(whole.bytes);
    const verdict =
      known.verdict !== undefined && known.known?.content === content
        ? known.verdict
        : await decide(whole.bytes, contentType, signal);
    return {
      ...opened,
      size: whole.bytes.byteLength,
      verdict,
      body: followedBy(whole, stream.body),
      kept: { content, ...seen },
    };
  };

  const more = async (start: Bytes, body: Readable, limit: number): Promise<Bytes> => {
    if (start.bytes.byteLength > limit) return start;
    const rest = await startOf(body, limit - start.bytes.byteLength + 1);
    return { bytes: Buffer.concat([start.bytes, rest.bytes]), whole: rest.whole };
  };

  const inlineStream = (bytes: Buffer): SourceStream => ({
    status: 200,
    contentType: undefined,
    size: bytes.byteLength,
    state: undefined,
    body: Readable.from([bytes], { objectMode: false }),
  });

  const fetched = async (document: Pick<SourceDocument, 'place'>, fetch: Fetch): Promise<SourceStream> =>
    document.place.kind === 'inline' ? inlineStream(document.place.bytes) : fetch(document.place.url);

  /** Gone at the source: there is nothing to be opened, and so nothing that its words could say. */
  const isGone = (status: number): boolean => status === 404 || status === 410;

  const readOne = async (document: SourceDocument, fetch: Fetch, signal: AbortSignal): Promise<SourceDocument> => {
    let stream: SourceStream | undefined;
    try {
      stream = await fetched(document, fetch);
      if (isGone(stream.status)) return { ...document, verdict: { kind: 'unreadable' } };
      if (stream.status >= 300) return document;
      const { verdict, kept, body } = await look(stream, document.contentType, {}, signal);
      body.destroy();
      return { ...document, verdict, known: kept };
    } catch {
      // Not read in time, or the source failed: it is left out, and may be read at the next look.
      return document;
    } finally {
      stream?.body.destroy();
    }
  };

  return {
    /**
     * What the words of the found documents meet: as it is kept, or read now, newest first, as far as the signal lets. What
     * could not be read comes back without a verdict. It never throws.
     * @param of what keeps this source's ids apart from every other's, and makes the facade's of them
     */
    read: async (
      found: readonly Found[],
      of: {
        readonly scope: string;
        readonly idOf: (localId: string) => string;
        /** `Type/id` as the facade has it. */
        readonly nameOf: (holder: Found['holders'][number]['entry']) => string | undefined;
      },
      fetch: Fetch,
      signal: AbortSignal,
    ): Promise<readonly SourceDocument[]> => {
      if (found.length === 0) return [];
      const all = found.map((one): Queued => {
        const version = one.place.kind === 'inline' ? contentHash(one.place.bytes) : one.version;
        const document: SourceDocument = {
          id: of.idOf(one.localId),
          holders: one.holders.flatMap(({ entry, contained }) => {
            const name = of.nameOf(entry);
            return name === undefined ? [] : [contained === undefined ? name : `${name}#${contained}`];
          }),
          ...(one.contentType === undefined ? {} : { contentType: one.contentType }),
          place: one.place,
          key: keyedHash(idKey, 'document-verdict', of.scope, one.localId, version ?? '', rules.version, readerVersion),
        };
        return { document, at: one.at, versioned: version !== undefined };
      });
      const kept = await verdicts
        .of(all.map(({ document }) => document.key))
        .catch((): Awaited<ReturnType<Verdicts['of']>> => new Map());
      const done = new Map<string, SourceDocument>();
      const queue: Queued[] = [];
      for (const one of all) {
        const before = kept.get(one.document.key);
        if (before === undefined) queue.push(one);
        else done.set(one.document.id, { ...one.document, verdict: before.verdict, known: before });
      }
      queue.sort((a, b) => b.at - a.at);

      const news: Parameters<Verdicts['keep']>[0][number][] = [];
      const lane = async (): Promise<void> => {
        for (let one = queue.shift(); one !== undefined && !signal.aborted; one = queue.shift()) {
          const read = await readOne(one.document, fetch, signal);
          done.set(read.id, read);
          const { verdict, known } = read;
          if (verdict === undefined || known === undefined) continue;
          const lasting = one.versioned && verdict.kind !== 'beyond';
          news.push({ key: read.key, ...known, verdict, days: lasting ? keptDays.versioned : keptDays.unversioned });
        }
      };
      await Promise.all(Array.from({ length: Math.min(concurrency, queue.length) }, lane));
      // Not to know next time what is known now costs time, and nothing else.
      if (news.length > 0) await verdicts.keep(news).catch(() => undefined);
      return all.map(({ document }) => done.get(document.id) ?? document);
    },

    /**
     * Opens a document. Where it may have changed since its words were read, they are read again, whole, before it is handed
     * on; else it is handed on as it comes.
     * @returns undefined where it is gone
     * @throws {SourceError}
     */
    open: async (document: SourceDocument, fetch: Fetch, signal: AbortSignal): Promise<Opened | undefined> => {
      const stream = await fetched(document, fetch);
      if (isGone(stream.status)) return undefined;
      if (stream.status >= 300) throw new SourceError('status', `status ${stream.status}`, { status: stream.status });
      try {
        const { kept: _kept, ...opened } = await look(stream, document.contentType, document, signal);
        return opened;
      } catch (error) {
        stream.body.destroy();
        throw error;
      }
    },
  };
}

export type Documents = ReturnType<typeof createDocuments>;
