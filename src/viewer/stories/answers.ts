import { http, HttpResponse, type HttpHandler } from 'msw';
import { endingOf, errorOutcome, outcome, sourceOutcomeId } from '../../fhir/outcome.ts';
import { isObject } from '../../fhir/json.ts';
import { isResource, type Resource } from '../../fhir/resource.ts';
import { recordStatusOf, type SourceStatus } from '../../fhir/status.ts';
import { ohc, sourceUri } from '../../fhir/systems.ts';
import { pages, stateWords } from '../words.ts';
import type { Released, ReleasedRecord } from './released.ts';
import type { PageState } from './states.ts';

/** Between one source and the next. */
const betweenMs = 25;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** What one source sent, and how it ended; undefined: it never does. */
type SourceAnswer = {
  readonly id: string;
  readonly lines: readonly string[];
  readonly status: SourceStatus | undefined;
};

function resourceOf(line: string): Resource | undefined {
  const value: unknown = JSON.parse(line);
  return isResource(value) ? value : undefined;
}

function endingLine(id: string, status: SourceStatus, at: number): string {
  return JSON.stringify(
    outcome({
      id: sourceOutcomeId(id),
      severity: 'warning',
      issue: 'incomplete',
      system: ohc.sourceStatus,
      code: status,
      text: stateWords(status, ''),
      meta: { source: sourceUri(id), lastUpdated: new Date(at).toISOString() },
    }),
  );
}

/** A source's lines as the state has them: whole, only its outcome, or nothing at all. */
function answerOf(batch: readonly string[], asState: PageState['sources'], at: number): SourceAnswer | undefined {
  const ending = endingOf(resourceOf(batch.at(-1) ?? '{}'));
  if (ending?.of !== 'source') return undefined;
  const { sourceId: id, status } = ending;
  const wanted = asState?.[id];
  if (wanted === undefined) return { id, lines: batch, status };
  if (wanted === 'asking') return { id, lines: [], status: undefined };
  // What came of a source that answered in part is shown.
  const given = wanted === 'partial' ? batch.slice(0, -1) : [];
  return { id, lines: [...given, endingLine(id, wanted, at)], status: wanted };
}

/** The record's stream as the server would send it in this state, a source at a time. */
function streamOf(
  record: ReleasedRecord,
  state: PageState,
  at: number,
  only: ReadonlySet<string> | undefined,
): ReadableStream<Uint8Array> {
  const batches = record.batches ?? [];
  const edited = (line: string): string => {
    const resource = state.edit === undefined ? undefined : resourceOf(line);
    return resource === undefined || state.edit === undefined ? line : JSON.stringify(state.edit(resource));
  };
  const patient = batches[0] ?? [];
  const sources = batches
    .map((batch) => answerOf(batch, state.sources, at))
    .filter((one) => one !== undefined)
    .filter(({ id }) => only?.has(id) !== false)
    // In one order, whoever was quicker when they were asked.
    .toSorted((one, other) => one.id.localeCompare(other.id));
  const waits = sources.some(({ status }) => status === undefined);
  const whole = recordStatusOf(sources.flatMap(({ status }) => status ?? []));
  const closing = JSON.stringify(
    outcome({
      id: 'record',
      severity: 'information',
      issue: 'informational',
      system: ohc.sourceStatus,
      code: only === undefined ? whole : 'partial',
      text: '',
    }),
  );
  const grown = (batches.at(-1) ?? []).slice(0, -1);
  const more = (state.more ?? []).map((one) => JSON.stringify(one));
  const encoder = new TextEncoder();
  return new ReadableStream({
    async start(controller) {
      const write = (lines: readonly string[]): void => {
        if (lines.length > 0) controller.enqueue(encoder.encode(lines.map((line) => `${edited(line)}\n`).join('')));
      };
      write([...patient, ...more]);
      for (const { lines } of sources) {
        await pause(betweenMs);
        write(lines);
      }
      await pause(betweenMs);
      if (waits && state.answer !== 'cut') return;
      if (state.answer !== 'cut') write([...grown, closing]);
      controller.close();
    },
  });
}

/** The server's word on whether the record may still be shown: it stands, until the state's event. */
function standing(state: PageState): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(encoder.encode('event: standing\ndata: {}\n\n'));
      if (state.happens !== 'objection') return;
      await pause(1500);
      controller.enqueue(encoder.encode('event: refused\ndata: {}\n\n'));
      controller.close();
    },
  });
  return new HttpResponse(body, { headers: { 'content-type': 'text/event-stream' } });
}

function outcomeAnswer(status: number, code: string, words: string): Response {
  return HttpResponse.json(errorOutcome(status === 403 ? 'forbidden' : 'transient', code, words), { status });
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (one) => one.codePointAt(0) ?? 0);

/** What the server answers in this state. */
export function answersOf(released: Released, state: PageState, record: ReleasedRecord): readonly HttpHandler[] {
  let asked = 0;
  const everything = (request: Request): Response => {
    asked += 1;
    const ids = new URL(request.url).searchParams.get('_source');
    const answer = asked > 1 ? 'whole' : (state.answer ?? 'whole');
    if (record.batches === undefined || answer === 'refused')
      return outcomeAnswer(403, 'record-refused', pages.refused.title);
    if (answer === 'undecided') return outcomeAnswer(503, 'undecided', pages.undecided);
    if (answer === 'session-ended') return new HttpResponse(null, { status: 401 });
    if (answer === 'unreachable') return HttpResponse.error();
    const now: PageState = asked > 1 ? { ...state, sources: {}, answer: 'whole' } : state;
    const only = ids === null ? undefined : new Set(ids.split(','));
    return new HttpResponse(streamOf(record, now, Date.now(), only), {
      headers: { 'content-type': 'application/fhir+ndjson' },
    });
  };
  const looked =
    state.daysSinceLook === undefined
      ? {}
      : { lastLooked: new Date(released.at - state.daysSinceLook * 86_400_000).toISOString() };
  const practitioner = {
    resourceType: 'Practitioner',
    id: 'own',
    name: [{ text: record.userName }],
    identifier: [{ system: 'https://fhir.hl7.org.uk/Id/gmc-number', value: '7000123' }],
  };
  return [
    http.get('/app/region.json', () => HttpResponse.json({ ...released.region })),
    http.get(/\/fhir\/Patient\/[^/]+\/\$everything/, ({ request }) => everything(request)),
    http.get(/\/fhir\/Patient\/[^/]+\/\$standing/, () => standing(state)),
    http.get(/\/fhir\/Patient\/[^/]+\/\$looked/, () => HttpResponse.json(looked)),
    http.post(/\/fhir\/Patient\/[^/]+\/\$looked/, () => HttpResponse.json({})),
    http.get('/fhir/Practitioner/own', () => HttpResponse.json(practitioner)),
    http.put('/fhir/Practitioner/own', async ({ request }) => {
      const sent: unknown = await request.json();
      return HttpResponse.json(isObject(sent) ? sent : practitioner);
    }),
    http.get('/fhir/Binary/:id', ({ params }) => {
      const document = record.documents.get(String(params['id']));
      return document === undefined
        ? outcomeAnswer(404, 'not-found', 'There is no such document in this record.')
        : new HttpResponse(bytesOf(document.data), { headers: { 'content-type': document.contentType } });
    }),
    // Of this server alone: the viewer's own files are read from folders of that name too.
    http.all('/fhir/*', () =>
      outcomeAnswer(404, 'not-found', 'There is nothing here: the viewer runs without a server.'),
    ),
  ];
}
