import { codeOf } from '../fhir/coding.ts';
import { object, objects } from '../fhir/json.ts';
import { endingOf, wordsOf } from '../fhir/outcome.ts';
import { LaunchFailure } from './failure.ts';
import type { Session } from './session.ts';

/** How the stream of a record ended, for the state of the page. */
export type StreamEnd =
  /** The closing line came. */
  | { readonly kind: 'closed' }
  /** It broke off: what came is shown. */
  | { readonly kind: 'cut'; readonly at: number }
  /** The record may not be shown: refused at the gate, or while it ran. Nothing of it stays on the screen. */
  | { readonly kind: 'refused' }
  /** Whether it may be shown could not be checked. */
  | { readonly kind: 'undecided'; readonly text: string | undefined }
  | { readonly kind: 'session-ended' }
  /** Nothing came at all. */
  | { readonly kind: 'unreachable' };

/** Whole lines of NDJSON out of a stream of texts; a last line without its end counts too. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const chunk of chunks) {
    const pieces = (rest + chunk).split('\n');
    rest = pieces.pop() ?? '';
    const lines = pieces.filter((line) => line.trim() !== '');
    if (lines.length > 0) yield lines;
  }
  if (rest.trim() !== '') yield [rest];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function refusal(response: Response): Promise<StreamEnd> {
  const body = parsed(await response.text());
  const code = codeOf(object(objects(object(body)?.['issue'])[0]?.['details']));
  if (response.status === 403) return { kind: 'refused' };
  if (response.status === 503 && code === 'undecided') return { kind: 'undecided', text: wordsOf(body) };
  return { kind: 'unreachable' };
}

/** The texts of a body, as they come. */
export async function* textsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield decoder.decode(value, { stream: true });
    }
    yield decoder.decode();
  } finally {
    reader.releaseLock();
  }
}

/**
 * Asks for the whole record as NDJSON and hands on its lines as they arrive, unparsed (the worker parses them).
 * @param at the clock, ms since 1970
 */
export async function streamRecord(
  session: Session,
  patientId: string,
  options: {
    readonly onLines: (lines: readonly string[]) => void;
    readonly signal: AbortSignal;
    /** The ids of the sources to ask; absent: all. */
    readonly sources?: readonly string[];
    readonly at?: () => number;
  },
): Promise<StreamEnd> {
  const now = options.at ?? Date.now;
  let any = false;
  try {
    const some = options.sources === undefined ? '' : `?_source=${encodeURIComponent(options.sources.join(','))}`;
    const response = await session.fetch(`Patient/${encodeURIComponent(patientId)}/$everything${some}`, {
      headers: { accept: 'application/fhir+ndjson' },
      signal: options.signal,
    });
    if (!response.ok || response.body === null) return await refusal(response);
    for await (const lines of linesOf(textsOf(response.body))) {
      any = true;
      // Only the last line of a chunk can be the record's closing line: nothing follows it.
      const ending = endingOf(parsed(lines.at(-1) ?? ''));
      if (ending?.of === 'record' && ending.status === 'refused') return { kind: 'refused' };
      options.onLines(lines);
      if (ending?.of === 'record') return { kind: 'closed' };
    }
    return { kind: 'cut', at: now() };
  } catch (error) {
    if (error instanceof LaunchFailure && error.code === 'session-ended') return { kind: 'session-ended' };
    return any ? { kind: 'cut', at: now() } : { kind: 'unreachable' };
  }
}
