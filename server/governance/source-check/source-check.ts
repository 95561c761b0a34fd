import { randomBytes, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { object, text } from '../../../src/fhir/json.ts';
import { parseNhsNumber } from '../../../src/fhir/nhs-number.ts';
import type { SourceStatus } from '../../../src/fhir/status.ts';
import type { Config } from '../../config/config.ts';
import type { Source } from '../../config/schema.ts';
import { Fault } from '../../fault.ts';
import type { Asker, NhsPerson, SourceAnswer } from '../../federation/answer.ts';
import { createCapabilities, type Capability } from '../../federation/capability.ts';
import { createFederation } from '../../federation/federation.ts';
import { createHttp } from '../../federation/http.ts';
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

function countedBy(resources: SourceAnswer['resources']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { resourceType } of resources) counts.set(resourceType, (counts.get(resourceType) ?? 0) + 1);
  return counts;
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
  options: { readonly id: string; readonly nhsNumber: string; readonly baseUrl: string },
): Promise<SourceCheck> {
  const configured = config.sources.find((one) => one.id === options.id);
  if (configured === undefined)
    throw new NotChecked(
      `There is no source ${options.id} in sources.json: ${config.sources.map(({ id }) => id).join(', ')}.`,
    );
  const source = unhindered(configured);
  const demographics = config.sources.filter(({ kind }) => kind === 'pds');
  const { http, seen } = watched(createHttp());
  let capability: Capability | undefined;
  const capabilities = createCapabilities(minuteMs);
  const asker = askerOf(config);
  /** Why it failed, as the server's log would have it: never a source's own words. */
  let why: string | undefined;
  const log = pino(
    { level: 'info' },
    { write: (line) => void (why = text(object(JSON.parse(line))?.['detail']) ?? why) },
  );
  const federation = createFederation({
    config: { ...config, sources: [...demographics.filter(({ id }) => id !== source.id), source] },
    viewerClientId: '',
    idKey: randomBytes(32),
    baseUrl: options.baseUrl,
    log,
    isExcluded: () => false,
    connections: {
      http,
      capabilities: {
        ...capabilities,
        of: async (...asked) => (capability = await capabilities.of(...asked)),
      },
      retain: () => undefined,
      close: () => http.close(),
    },
  });

  const done = (address: string, began: number, end: Partial<SourceCheck>): SourceCheck => {
    const { steps, faults } = seen(address);
    return {
      source: { id: source.id, name: source.name, kind: source.kind, address },
      usable: false,
      ended: '',
      status: 'not-asked',
      ms: Math.round(performance.now() - began),
      deadlineMs: source.deadlineMs,
      steps,
      ...nothing,
      faults: [...faults]
        // GP Connect's lists have none by its own specification.
        .filter(([what]) => source.kind !== 'gp-connect' || what !== 'List without an id')
        .map(([what, count]) => ({ what, count })),
      ...end,
    };
  };

  try {
    let began = performance.now();
    const pdsAddress = demographics.at(0)?.baseUrl ?? source.baseUrl;
    let person: NhsPerson;
    try {
      const found = await federation.demographics(options.nhsNumber, asker, AbortSignal.timeout(minuteMs));
      if (source.kind === 'pds')
        return done(pdsAddress, began, {
          usable: true,
          status: found.kind === 'found' ? 'complete' : 'no-record',
          identity: found.kind === 'found' ? 'proved' : 'not proved',
          ended: {
            found: 'It knows the test person.',
            restricted: 'It answers, and marks the test person as restricted. Ask with another --nhs-number.',
            unknown: 'It answers, and does not know the test person. Ask with another --nhs-number.',
          }[found.kind],
        });
      if (found.kind !== 'found')
        return done(source.baseUrl, began, {
          ended: `Not asked: the demographics service says that the test person is ${found.kind}. Ask with another --nhs-number.`,
        });
      person = found.person;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const said = seen(pdsAddress).steps.at(-1)?.ended ?? faultWords(error.cause);
      return done(source.kind === 'pds' ? pdsAddress : source.baseUrl, began, {
        status: source.kind === 'pds' ? 'unavailable' : 'not-asked',
        ended:
          source.kind === 'pds'
            ? `It cannot be used: ${error.detail ?? 'no answer'} (${said}).`
            : `Not asked: the demographics service, which must know the person first, cannot be asked (${said}).`,
      });
    }

    began = performance.now();
    const practice = person.practice === undefined ? undefined : source.practices?.[person.practice];
    if (source.kind === 'gp-connect' && practice === undefined)
      return done(source.baseUrl, began, {
        ended:
          'Not asked: the test person is registered with no practice of this source. Ask with another --nhs-number.',
      });
    const address = practice?.baseUrl ?? source.baseUrl;
    let answer: SourceAnswer | undefined;
    for await (const one of federation.gather(person, asker, '', AbortSignal.timeout(minuteMs))) answer = one;
    if (answer === undefined) throw new Error('a source gave no answer');
    const wire = seen(address);
    const shown = countedBy(answer.resources);
    const hasRecord = answer.status === 'complete' || answer.status === 'partial';
    const came = source.kind === 'gp-connect' ? inR4(wire.came) : wire.came;
    const types = [...new Set([...came.keys(), ...shown.keys()])]
      .filter((type) => type !== 'Patient' && type !== 'OperationOutcome')
      .toSorted()
      .map((type) => ({ type, came: came.get(type) ?? 0, proved: shown.get(type) ?? 0 }));
    return done(address, began, {
      usable: hasRecord || answer.status === 'no-record',
      status: answer.status,
      ended: why === undefined ? answer.text : `${answer.text}: ${faultWords(new SourceError('status', why))}`,
      identity: hasRecord ? 'proved' : answer.status === 'identity-mismatch' ? 'not proved' : 'not asked',
      differsOn: answer.differsOn,
      types,
      lists:
        wire.capability === undefined
          ? undefined
          : {
              fhirVersion: wire.capability.fhirVersion,
              everything: capability?.everything ?? false,
              types: capability?.searches.map(({ type }) => type).toSorted() ?? [],
            },
      codes: codeReport(answer.resources),
    });
  } finally {
    await federation.close();
  }
}
