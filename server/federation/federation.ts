import type { Config } from '../config/config.ts';
import type { Source } from '../config/schema.ts';
import type { Logger } from '../log.ts';
import { countAnswer } from '../metrics.ts';
import { originOf, type Adapter, type Asked, type Asking as AdapterAsking } from './adapter.ts';
import { Allowance } from './allowance.ts';
import type { Asker, Federation, Joined, Person, SourceAnswer } from './answer.ts';
import type { Credentials, SourceAuth } from './auth/reach.ts';
import { createSourceAuth } from './auth/source-auth.ts';
import { createConnections, type Connections } from './connections.ts';
import { createDocuments, nothingRead, type DocumentReading, type Fetch } from './documents/reading.ts';
import type { SourceDocument } from './documents/source-document.ts';
import { createFacadeIds } from './facade-id.ts';
import { firstCome } from './first-come.ts';
import { configuredSourceOf, reachHost, readHostPerson } from './host-record.ts';
import { within } from './http.ts';
import { kindsOf, type Kind, type Kinds } from './kinds.ts';
import { createLocalCodes, withLocalCodes } from './local-codes.ts';
import { createDemographics } from './pds.ts';
import { isUnder } from './paging.ts';
import { prove, type ProvedRecord } from './proved-record.ts';
import { SourceError } from './source-error.ts';
import { createTrace } from './trace.ts';
import { notAskedWords, partialWords, statusWords, type PartialReason } from './words.ts';

/** How long a document may take to be read by whoever opens it. */
const openMs = 120_000;

/** What a source's data may go to: the apps that it names, or the viewer where it names none. */
function mayReceive(source: Source, clientId: string, viewerClientId: string): boolean {
  if (source.apps === 'all') return true;
  return source.apps === undefined ? clientId === viewerClientId : source.apps.includes(clientId);
}

/**
 * The sources of a region. `viewerClientId` is the app that receives from sources which name none; `idKey` keys the
 * facade's ids; `baseUrl` is our own, told to sources that ask who asks, to whom `credentials` prove it.
 */
export function createFederation(options: {
  readonly config: Pick<Config, 'sources' | 'region' | 'mappings'>;
  /** True for a code of something that is never shown: see `createLocalCodes`. */
  readonly isExcluded: (system: string, code: string) => boolean;
  readonly viewerClientId: string;
  readonly idKey: Buffer;
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly log: Logger;
  /** What stays when the configuration changes; absent: its own. */
  readonly connections?: Connections;
  /** How documents are read. Absent: none is, and so none is shown. */
  readonly documents?: DocumentReading;
  /** How each kind of source is asked; absent: as `kinds.ts` has it. */
  readonly kinds?: Kinds;
}): Federation {
  const { config, viewerClientId, baseUrl, credentials, log } = options;
  const reading = options.documents ?? nothingRead;
  const documents = createDocuments(reading, options.idKey);
  const connections = options.connections ?? createConnections();
  const { http, breakers } = connections;
  const ids = createFacadeIds(options.idKey);
  const contributors = config.sources.filter((source) => source.kind !== 'pds');
  const demographicsSource = config.sources.find((source) => source.kind === 'pds');
  if (demographicsSource === undefined) throw new Error('the configuration has no source of kind pds');
  const auths = new Map(
    config.sources.map((source) => [source.id, createSourceAuth(source, { http, credentials, baseUrl })]),
  );
  const authOf = ({ id }: Source): SourceAuth => {
    const auth = auths.get(id);
    if (auth === undefined) throw new Error(`no source ${id} is configured`);
    return auth;
  };
  const kinds = options.kinds ?? kindsOf(connections);

  const localCodes = new Map(
    [...config.mappings].map(([id, mappings]) => [id, createLocalCodes(mappings, options.isExcluded)] as const),
  );
  const practices = new Map(contributors.flatMap((source) => Object.entries(source.practices ?? {})));
  const labels = new Map(
    contributors.flatMap((source) => [
      ...Object.entries(source.members ?? {}),
      ...(source.kind === 'fhir-r4' ? [[source.ods, source.label] as const] : []),
    ]),
  );

  const guarded = (address: string | undefined, ask: () => Promise<Asked>): Promise<Asked> =>
    address === undefined ? ask() : breakers.guard(address, ask);

  const answerOf = async (
    source: Source,
    person: Person,
    asked: Asked,
    readDocuments: (found: ProvedRecord['documents']) => Promise<readonly SourceDocument[]> = async () => [],
  ): Promise<SourceAnswer> => {
    if (asked.kind === 'nothing') {
      // A practice source that merely does not have this practice says nothing, where another one has it.
      const elsewhere =
        source.kind === 'gp-connect' &&
        person.practice !== undefined &&
        practices.has(person.practice) &&
        source.practices?.[person.practice] === undefined;
      return {
        source,
        origin: asked.origin ?? originOf(source),
        status: asked.status,
        text: elsewhere ? statusWords[asked.status] : (asked.text ?? statusWords[asked.status]),
        resources: [],
        contacts: [],
        differsOn: asked.differsOn ?? [],
        answeredAt: new Date().toISOString(),
        ...(asked.practiceConsent === undefined || elsewhere ? {} : { practiceConsent: asked.practiceConsent }),
      };
    }
    const coded = { ...asked, entries: withLocalCodes(asked.entries, localCodes.get(source.id)) };
    const proved = prove(coded, person, source, ids, (ods) => labels.get(ods));
    if (proved.dropped > 0)
      log.warn({ source: source.id, dropped: proved.dropped }, 'a source sent what is not about the person');
    const answeredAt = new Date().toISOString();
    const read = await readDocuments(proved.documents);
    const reasons = new Set<PartialReason>([...asked.reasons, ...proved.reasons]);
    if (read.some(({ verdict }) => verdict === undefined || verdict.kind === 'beyond')) reasons.add('documents-unread');
    const status = reasons.size === 0 ? 'complete' : 'partial';
    return {
      source,
      origin: asked.origin,
      status,
      text: status === 'complete' ? statusWords.complete : partialWords(reasons),
      resources: proved.resources,
      contacts: proved.contacts,
      differsOn: proved.differsOn,
      ...(asked.dataAsOf === undefined || isAhead(asked.dataAsOf, answeredAt) ? {} : { dataAsOf: asked.dataAsOf }),
      answeredAt,
      ...(read.length === 0 ? {} : { documents: read }),
      ...(asked.practiceConsent === undefined
        ? {}
        : {
            practiceConsent: asked.practiceConsent,
            ...(proved.nobodys.length === 0 ? {} : { unproved: proved.nobodys }),
          }),
    };
  };

  /** The way to a source, or to one practice behind it: with the token of a host's user where the host's own record joins. */
  const reachOf =
    (source: Source, asker: Asker, signal: AbortSignal, own: Joined | undefined): AdapterAsking['reach'] =>
    (practice) =>
      own === undefined
        ? authOf(source).reach({ asker, signal, ...(practice === undefined ? {} : { practice }) })
        : reachHost(own, http);

  /** How documents are fetched: from where the answer came from and from nowhere else, on the same way. */
  const fetchOf = (source: Source, ods: string, reach: AdapterAsking['reach'], signal: AbortSignal): Fetch => {
    let way: ReturnType<AdapterAsking['reach']> | undefined;
    return async (url) => {
      way ??= reach(kinds[source.kind].documentsAt?.(source, ods));
      const reached = await way;
      if (!isUnder(reached.baseUrl, new URL(url))) throw new SourceError('paging', 'a document elsewhere');
      // A store of letters that is down says nothing against the record beside it.
      return breakers.guard(`${reached.baseUrl} documents`, () =>
        reached.http.open({ address: reached.baseUrl, method: 'GET', url, signal }),
      );
    };
  };

  const failed = (source: Source, adapter: Adapter, person: Person, error: SourceError): SourceAnswer => {
    const practice = person.practice === undefined ? undefined : source.practices?.[person.practice];
    const origin =
      practice === undefined || person.practice === undefined
        ? originOf(source)
        : { ods: person.practice, name: practice.name, label: source.label };
    const status = error.kind === 'timeout' ? 'timeout' : 'unavailable';
    return {
      source,
      origin,
      status,
      text: statusWords[status],
      resources: [],
      contacts: [],
      differsOn: [],
      answeredAt: new Date().toISOString(),
      ...(practice === undefined ? {} : adapter.onError),
    };
  };

  const askOne = async (
    source: Source,
    kind: Kind,
    person: Person,
    asker: Asker,
    clientId: string,
    signal: AbortSignal,
    joined: Joined | undefined,
  ): Promise<SourceAnswer> => {
    const adapter = kinds[kind];
    const began = performance.now();
    // What is still under way when the answer is settled is not wanted any more.
    const settled = new AbortController();
    let fault: SourceError | undefined;
    let answer: SourceAnswer;
    try {
      // Whoever may open the record may see whose it is: `apps` does not bind the demographics service.
      if (kind !== 'pds' && !mayReceive(source, clientId, viewerClientId)) {
        const listed = person.practice !== undefined && source.practices?.[person.practice] !== undefined;
        answer = await answerOf(source, person, {
          kind: 'nothing',
          status: 'not-permitted',
          ...(listed ? { practiceConsent: 'unreachable' as const } : {}),
        });
      } else if (!source.sharing && kind !== 'gp-connect') {
        answer = await answerOf(source, person, { kind: 'nothing', status: 'not-sharing' });
      } else {
        const deadlineMs = Math.min(source.deadlineMs, config.region.gatherDeadlineMs);
        const bounded = AbortSignal.any([signal, settled.signal, AbortSignal.timeout(deadlineMs)]);
        const own = joined?.source === source ? joined : undefined;
        const allowance = new Allowance(source.budget, deadlineMs);
        const reach = reachOf(source, asker, bounded, own);
        const asked = await guarded(adapter.addressOf(source, person), async () =>
          adapter.ask({
            source,
            person,
            reach: async (practice) => {
              const reached = await reach(practice);
              return { ...reached, http: within(reached.http, allowance) };
            },
            ...(own === undefined ? {} : { patientId: own.patientId }),
            signal: bounded,
          }),
        );
        answer = await answerOf(source, person, asked, async ({ found, idOf, nameOf }) => {
          if (asked.kind !== 'record') return [];
          const fetch = fetchOf(source, asked.origin.ods, reach, bounded);
          return documents.read(found, { scope: asked.scope, idOf, nameOf }, fetch, bounded);
        });
      }
    } catch (error) {
      fault =
        error instanceof SourceError
          ? error
          : new SourceError('not-fhir', 'an answer that broke its reading', { cause: error });
      if (!(error instanceof SourceError))
        log.error({ source: source.id, err: brief(error) }, 'a source’s answer could not be read');
      answer = failed(source, adapter, person, fault);
    } finally {
      // A reason of our own spares the making of an error, with its stack, for each answer.
      settled.abort('settled');
    }
    log.info(
      {
        source: source.id,
        organisation: answer.origin.ods,
        status: answer.status,
        resources: answer.resources.length,
        durationMs: Math.round(performance.now() - began),
        trace: asker.traceId,
        ...(fault === undefined ? {} : { fault: fault.kind, detail: fault.message }),
      },
      'source asked',
    );
    countAnswer(source.id, answer.status);
    return answer;
  };

  /** The host's record, in the practice's place: its answer is read for dissent before anything leaves. */
  const aboutHostPerson = async function* (
    person: Person,
    asker: Asker,
    clientId: string,
    signal: AbortSignal,
    joined: Joined | undefined,
  ): AsyncGenerator<SourceAnswer> {
    if (joined !== undefined) {
      const answer = await askOne(joined.source, 'fhir-r4', person, asker, clientId, signal, joined);
      const read = answer.status === 'complete' || answer.status === 'partial' || answer.status === 'no-record';
      yield { ...answer, practiceConsent: read ? 'answered' : 'unreachable' };
    }
    for (const source of contributors)
      yield {
        source,
        origin: originOf(source),
        status: 'unavailable',
        notAsked: true,
        text: notAskedWords(joined?.source.name ?? 'the host'),
        resources: [],
        contacts: [],
        differsOn: [],
        answeredAt: new Date().toISOString(),
      };
  };

  return {
    demographics: createDemographics({
      source: demographicsSource,
      auth: authOf(demographicsSource),
      breakers,
      ids,
      practiceName: (ods) => practices.get(ods)?.name,
    }),
    trace: createTrace({ source: demographicsSource, auth: authOf(demographicsSource), breakers }),
    open: async (document, { source, origin }, asker, clientId, signal, joined) => {
      const own = joined?.source.id === source.id ? joined : undefined;
      const listed = own !== undefined || contributors.some((one) => one.id === source.id);
      if (!listed || !source.sharing || !mayReceive(source, clientId, viewerClientId)) return undefined;
      // Until it is open the source has its own deadline; then the reader's pace counts, up to two minutes.
      const late = new AbortController();
      const clock = setTimeout(() => late.abort(new DOMException('', 'TimeoutError')), source.deadlineMs);
      const bounded = AbortSignal.any([signal, late.signal, AbortSignal.timeout(openMs)]);
      try {
        const reach = reachOf(source, asker, bounded, own);
        return await documents.open(document, fetchOf(source, origin.ods, reach, bounded), bounded);
      } finally {
        clearTimeout(clock);
      }
    },
    hostPerson: (joined, signal) => readHostPerson(joined, { http, breakers, ids }, signal),
    gather: async function* gather(person, asker, clientId, signal, joined, only) {
      const gone = new AbortController();
      const all = AbortSignal.any([signal, gone.signal, AbortSignal.timeout(config.region.gatherDeadlineMs)]);
      try {
        if (person.nhsNumber === undefined) {
          yield* aboutHostPerson(person, asker, clientId, all, joined);
          return;
        }
        const twice = joined !== undefined && configuredSourceOf(contributors, joined.source) !== undefined;
        yield* firstCome(
          [demographicsSource, ...contributors, ...(joined === undefined || twice ? [] : [joined.source])]
            .filter((source) => only === undefined || only.has(source.id))
            .map(async (source) => askOne(source, source.kind, person, asker, clientId, all, joined)),
        );
      } finally {
        gone.abort('gone');
      }
    },
    close: async () => {
      await reading.texts.close();
      await connections.close();
    },
  };
}

/** A source whose clock is wrong does not say how fresh its data is: a date to come would hide how old it is (H3). */
function isAhead(dataAsOf: string, answeredAt: string): boolean {
  return Date.parse(dataAsOf) > Date.parse(answeredAt) + 5 * 60_000;
}

/** An error's kind and place without its text, which may quote a patient's data. */
function brief(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return `${error.name} ${
    error.stack
      ?.split('\n')
      .find((line) => line.trim().startsWith('at '))
      ?.trim() ?? ''
  }`;
}
