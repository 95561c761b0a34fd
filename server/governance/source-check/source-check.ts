import { randomBytes, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { number, object, text } from '../../../src/fhir/json.ts';
import { parseNhsNumber } from '../../../src/fhir/nhs-number.ts';
import type { SourceStatus } from '../../../src/fhir/status.ts';
import type { Config } from '../../config/config.ts';
import type { Source } from '../../config/schema.ts';
import { Fault } from '../../fault.ts';
import type { Credentials } from '../../federation/auth/reach.ts';
import type { Asker, Demographics, Federation, SourceAnswer } from '../../federation/answer.ts';
import type { Capability } from '../../federation/capability.ts';
import { createConnections } from '../../federation/connections.ts';
import { nothingRead } from '../../federation/documents/reading.ts';
import { createTextReader } from '../../federation/documents/text-reader.ts';
import { createFederation } from '../../federation/federation.ts';
import { SourceError } from '../../federation/source-error.ts';
import { codeReport, type CodeReport } from './local-codes.ts';
import { faultWords, watched, type Wire } from './wire.ts';

/** What a source did when it was asked about a test person. Counts and codes; nothing of a record. */
export type SourceCheck = {
  readonly source: {
    readonly id: string;
    readonly name: string;
    readonly kind: Source['kind'];
    readonly address: string;
  };
  /** False where nothing of this source would reach anybody's screen. */
  readonly usable: boolean;
  /** How it ended, in the words of the screen, or why it could not be asked. */
  readonly ended: string;
  readonly status: SourceStatus | 'not-asked';
  readonly ms: number;
  readonly deadlineMs: number;
  readonly steps: Wire['steps'];
  readonly lists:
    { readonly fhirVersion: string; readonly everything: boolean; readonly types: readonly string[] } | undefined;
  readonly identity: 'proved' | 'not proved' | 'not asked';
  /** The fields of the person that differ, never their values. */
  readonly differsOn: readonly string[];
  /** What came of each type, and how much of that is proved to be the person's and would be shown to a role that sees all. */
  readonly types: readonly { readonly type: string; readonly came: number; readonly proved: number }[];
  readonly codes: CodeReport;
  readonly faults: readonly { readonly what: string; readonly count: number }[];
};

/** Why a check is not done, in a sentence for whoever asked. */
export class NotChecked extends Error {}

const minuteMs = 60_000;
const notAbout = 'a thing that is about somebody else, or does not say about whom';

/**
 * A number that nobody has: those that begin with 9 are kept for tests. A check is on nobody's behalf and on no audit
 * trail, so that no real person may be looked up by it.
 * @throws {NotChecked}
 */
export function testNumber(given: string | undefined): string {
  if (given === undefined) throw new NotChecked('Name a test person: --nhs-number, or testPerson in region.json.');
  const number = parseNhsNumber(given);
  if (number === undefined) throw new NotChecked('--nhs-number is no NHS number: its check digit is wrong.');
  if (!number.startsWith('9'))
    throw new NotChecked('--nhs-number must be a test person’s, which begins with 9: a check is on no audit trail.');
  return number;
}

function askerOf({ hosts, region, roles }: Config): Asker {
  const [host] = hosts;
  const [role] = roles;
  return {
    userId: 'source-check',
    userName: 'Source check',
    organisation: { ods: host?.organisation ?? '', name: host?.organisationName ?? region.name },
    role: { code: role?.code ?? '', title: role?.title ?? '' },
    traceId: randomUUID(),
  };
}

/** The source as if it shared with everybody, so that it is asked at all. */
function unhindered(source: Source): Source {
  const { practices } = source;
  return {
    ...source,
    sharing: true,
    apps: 'all',
    ...(practices === undefined
      ? {}
      : {
          practices: Object.fromEntries(
            Object.entries(practices).map(([ods, practice]) => [ods, { ...practice, sharing: true }]),
          ),
        }),
  };
}

/** Types of GP Connect's STU3 that R4 has as one. */
const requests: ReadonlySet<string> = new Set(['ReferralRequest', 'ProcedureRequest']);

function inR4(came: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [type, count] of came) {
    const now = requests.has(type) ? 'ServiceRequest' : type;
    counts.set(now, (counts.get(now) ?? 0) + count);
  }
  return counts;
}

const nothing: Pick<SourceCheck, 'identity' | 'differsOn' | 'types' | 'lists' | 'codes'> = {
  identity: 'not asked',
  differsOn: [],
  types: [],
  lists: undefined,
  codes: { unmapped: [], mapped: 0, wordsAlone: 0 },
};

/**
 * Asks a source about a test person, by the same code as a launch does, and tells what came of it. Whether it shares, and
 * with which apps, is left aside: that is what is to be decided.
 * @throws {NotChecked} where there is no such source
 */
export async function checkSource(
  config: Config,
  options: {
    readonly id: string;
    readonly nhsNumber: string;
    readonly baseUrl: string;
    readonly credentials: Credentials;
  },
): Promise<SourceCheck> {
  const configured = config.sources.find((one) => one.id === options.id);
  if (configured === undefined)
    throw new NotChecked(
      `There is no source ${options.id} in sources.json: ${config.sources.map(({ id }) => id).join(', ')}.`,
    );
  const source = unhindered(configured);
  const demographics = config.sources.filter(({ kind }) => kind === 'pds');
  // The demographics service is asked about every person: what it does is no part of another source's check.
  const beside = new Set(source.kind === 'pds' ? [] : demographics.map(({ baseUrl }) => baseUrl));
  const connections = createConnections();
  const { http, seen } = watched(connections.http, beside);
  let capability: Capability | undefined;
  const asker = askerOf(config);
  /** Why it failed, and how much of what it sent is not about the person: from the server's log, never a source's words. */
  let why: string | undefined;
  let dropped = 0;
  const log = pino(
    { level: 'info' },
    {
      write: (line) => {
        const said = object(JSON.parse(line));
        if (said?.['source'] !== source.id) return;
        why = text(said['detail']) ?? why;
        dropped += number(said['dropped']) ?? 0;
      },
    },
  );
  const federation = createFederation({
    config: { ...config, sources: [...demographics.filter(({ id }) => id !== source.id), source] },
    viewerClientId: '',
    idKey: randomBytes(32),
    baseUrl: options.baseUrl,
    credentials: options.credentials,
    log,
    isExcluded: () => false,
    // They are read as in a launch, and nothing is looked for in them or kept.
    documents: {
      ...nothingRead,
      texts: createTextReader(),
      readBytes: config.region.documents.readMegabytes * 1024 * 1024,
    },
    connections: {
      ...connections,
      http,
      capabilities: {
        ...connections.capabilities,
        of: async (...asked) => (capability = await connections.capabilities.of(...asked)),
      },
    },
  });

  let began = performance.now();
  const done = (address: string, wire: Wire, end: Partial<SourceCheck>): SourceCheck => ({
    source: { id: source.id, name: source.name, kind: source.kind, address },
    usable: false,
    ended: '',
    status: 'not-asked',
    ms: Math.round(performance.now() - began),
    deadlineMs: source.deadlineMs,
    steps: wire.steps,
    ...nothing,
    faults: [...wire.faults, ...(dropped === 0 ? [] : [[notAbout, dropped] as const])]
      // GP Connect's lists have none by its own specification.
      .filter(([what]) => source.kind !== 'gp-connect' || what !== 'List without an id')
      .map(([what, count]) => ({ what, count })),
    ...end,
  });
  const unasked: Wire = { steps: [], came: new Map(), fhirVersion: undefined, faults: new Map() };

  try {
    const asked = await askDemographics(federation, options.nhsNumber, asker);
    const first = seen();
    if (source.kind === 'pds')
      return done(source.baseUrl, first, {
        usable: asked.kind !== 'failed',
        status: asked.kind === 'found' ? 'complete' : asked.kind === 'failed' ? 'unavailable' : 'no-record',
        identity: asked.kind === 'found' ? 'proved' : 'not asked',
        ended: {
          found: 'It knows the test person.',
          restricted: 'It answers, and marks the test person as restricted. Ask with another --nhs-number.',
          unknown: 'It answers, and does not know the test person. Ask with another --nhs-number.',
          failed: `It cannot be used: ${first.steps.find(({ ok }) => !ok)?.ended ?? (asked.kind === 'failed' ? asked.why : '')}.`,
        }[asked.kind],
      });
    if (asked.kind !== 'found')
      return done(source.baseUrl, unasked, {
        ended: `Not asked: the demographics service must know the test person first, and ${
          asked.kind === 'failed' ? 'cannot be asked' : `says ${asked.kind}`
        }. Check it, or ask with another --nhs-number.`,
      });

    began = performance.now();
    const { person } = asked;
    const practice = person.practice === undefined ? undefined : source.practices?.[person.practice];
    const address = practice?.baseUrl ?? source.baseUrl;
    if (source.kind === 'gp-connect' && practice === undefined)
      return done(address, unasked, {
        ended:
          'Not asked: the test person is registered with no practice of this source. Ask with another --nhs-number.',
      });
    let answer: SourceAnswer | undefined;
    for await (const one of federation.gather(person, asker, '', AbortSignal.timeout(minuteMs))) {
      if (one.source.id === source.id) answer = one;
    }
    if (answer === undefined) throw new Error('a source gave no answer');
    const wire = seen();
    const hasRecord = answer.status === 'complete' || answer.status === 'partial';
    return done(address, wire, {
      usable: hasRecord || answer.status === 'no-record',
      status: answer.status,
      ended: why === undefined ? answer.text : `${answer.text}: ${faultWords(new SourceError('status', why))}`,
      identity: hasRecord ? 'proved' : answer.status === 'identity-mismatch' ? 'not proved' : 'not asked',
      differsOn: answer.differsOn,
      types: typesOf(source.kind === 'gp-connect' ? inR4(wire.came) : wire.came, answer.resources),
      lists:
        wire.fhirVersion === undefined
          ? undefined
          : {
              fhirVersion: wire.fhirVersion,
              everything: capability?.everything ?? false,
              types: capability?.searches.map(({ type }) => type).toSorted() ?? [],
            },
      codes: codeReport(answer.resources),
    });
  } finally {
    await federation.close();
  }
}

/** Asks the demographics service, and takes what decides nothing as an answer too. */
async function askDemographics(
  federation: Federation,
  nhsNumber: string,
  asker: Asker,
): Promise<Demographics | { readonly kind: 'failed'; readonly why: string }> {
  try {
    return await federation.demographics(nhsNumber, asker, AbortSignal.timeout(minuteMs));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind: 'failed', why: error.detail ?? faultWords(error.cause) };
  }
}

function typesOf(came: ReadonlyMap<string, number>, resources: SourceAnswer['resources']): SourceCheck['types'] {
  const shown = Map.groupBy(resources, ({ resourceType }) => resourceType);
  return [...new Set([...came.keys(), ...shown.keys()])]
    .filter((type) => type !== 'Patient' && type !== 'OperationOutcome')
    .toSorted()
    .map((type) => ({ type, came: came.get(type) ?? 0, proved: shown.get(type)?.length ?? 0 }));
}
