import { setTimeout as sleep } from 'node:timers/promises';
import type { Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import type { AuditEntry } from '../audit/entry.ts';
import type { Config } from '../config/config.ts';
import type { Source } from '../config/schema.ts';
import type { Demographics, Federation, HostPerson, SourceAnswer } from '../federation/answer.ts';
import type { LaunchSession } from '../launch/context.ts';
import { createLog } from '../log.ts';
import type { ConsentAnswer } from '../privacy/consent-answer.ts';
import { createRecordWithholding } from '../privacy/withhold.ts';
import { createEarly } from './early.ts';
import { createHeld, type HeldLimits } from './held.ts';
import type { DisclosureRequest, House } from './house.ts';

export const nhsNumber = '9990000018';
export const practice = 'M83001';

export function source(id: string, kind: Source['kind'] = 'fhir-r4'): Source {
  return {
    id,
    name: id,
    ods: 'RJE',
    label: id.toUpperCase(),
    kind,
    baseUrl: 'http://127.0.0.1:9',
    auth: { type: 'none' },
    contributes: [],
    deadlineMs: 1000,
    budget: { bytes: 1_048_576, entries: 1_000, pages: 10 },
    sharing: true,
    aggregate: false,
    setting: 'acute',
    usualDelayHours: 0,
    search: 'post',
  };
}

export function answer(id: string, more: Partial<SourceAnswer> = {}): SourceAnswer {
  return {
    source: source(id, more.practiceConsent === undefined ? 'fhir-r4' : 'gp-connect'),
    origin: { ods: 'RJE', name: id, label: id.toUpperCase() },
    status: 'complete',
    text: 'Answered',
    resources: [condition(id, '195967001')],
    contacts: [],
    differsOn: [],
    answeredAt: '2026-11-20T09:41:00.000Z',
    ...more,
  };
}

export function condition(id: string, code: string): Resource {
  return {
    resourceType: 'Condition',
    id,
    code: { coding: [{ system: system.snomed, code }] },
    subject: { reference: 'Patient/p' },
  };
}

/** A consent code as a record holds it. */
export function statement(code: string, date: string): Resource {
  return {
    resourceType: 'Observation',
    id: `s${code}${date}`,
    status: 'final',
    code: { coding: [{ system: system.snomed, code }] },
    subject: { reference: 'Patient/p' },
    effectiveDateTime: date,
  };
}
export const dissent = (date: string): Resource => statement('416409005', date);
export const consent = (date: string): Resource => statement('417528008', date);

/** A role that may see everything. */
export const clinician: Config['roles'][number] = {
  code: 'R8000',
  title: 'Clinician',
  scopes: ['patient/*.rs', 'user/Practitioner.r'],
  supervised: false,
  registration: [],
};

export const session: LaunchSession = {
  launchId: 'launch-1',
  clientId: 'viewer',
  scopes: ['patient/*.rs'],
  context: {
    host: 'epr',
    user: { id: 'u1', name: 'Dr Test' },
    organisation: { ods: 'RJE', name: 'Trust' },
    role: 'R8000',
    patient: { nhsNumber, birthDate: '1961-04-17' },
    clientId: 'viewer',
  },
};

export const found: Demographics = {
  kind: 'found',
  person: { nhsNumber, birthDate: '1961-04-17', practice, patient: { resourceType: 'Patient', id: 'p' } },
};

/** A house whose sources answer as told, in this order, and what it has done so far. */
export function house(options: {
  readonly answers?: readonly (SourceAnswer | Error)[];
  readonly demographics?: Demographics | Error;
  readonly objected?: boolean | Error;
  readonly hostPerson?: HostPerson | Error;
  readonly last?: ConsentAnswer;
  readonly region?: Partial<Config['region']>;
  readonly audit?: (entry: AuditEntry) => Promise<void>;
  /** Instead of the filter: what is left of each answer. */
  readonly withhold?: (resources: readonly Resource[]) => readonly Resource[];
  readonly roles?: Config['roles'];
  readonly held?: HeldLimits;
  readonly open?: Federation['open'];
  readonly categories?: Config['categories'];
  readonly isShared?: House['isShared'];
}): House & {
  readonly audited: AuditEntry[];
  readonly remembered: ConsentAnswer['answer'][];
  readonly asked: string[];
} {
  const { withhold } = options;
  const audited: AuditEntry[] = [];
  const remembered: ConsentAnswer['answer'][] = [];
  const asked: string[] = [];
  const or = async <Value>(value: Value | Error): Promise<Value> => {
    if (value instanceof Error) throw value;
    return value;
  };
  return {
    audited,
    remembered,
    asked,
    config: {
      region: {
        name: 'Region',
        contacts: { pals: '01632 960 100', email: 'a@b.example', reverseEmail: 'a@b.example' },
        notices: [],
        consentAnswerDays: 7,
        consentAnswerFreshHours: 24,
        practiceUnreachable: 'refuse',
        receivedObjectionHides: true,
        test: true,
        accessReasons: [{ code: 'direct-care', title: 'I am looking after this person now' }],
        idleLockMinutes: 15,
        gatherDeadlineMs: 1000,
        documents: { readMegabytes: 5, openMegabytes: 50 },
        ...options.region,
      },
      hosts: [],
      clients: [],
      roles: options.roles ?? [clinician],
      viewOnly: [],
      categories: options.categories ?? [],
      mappings: new Map(),
      sources: [source('gp', 'gp-connect'), source('acute')],
    },
    federation: {
      demographics: () => or(options.demographics ?? found),
      trace: async () => undefined,
      async *gather(_person, _asker, _clientId, _signal, _joined, only) {
        for (const one of options.answers ?? []) {
          await sleep(1);
          if (one instanceof Error) throw one;
          if (only?.has(one.source.id) === false) continue;
          asked.push(one.source.id);
          yield one;
        }
      },
      open: options.open ?? (async () => undefined),
      hostPerson: () => or(options.hostPerson ?? new Error('no host person')),
      close: async () => undefined,
    },
    hostAuthorization: async () => 'Bearer host',
    register: { hides: () => or(options.objected ?? false), watch: () => () => undefined },
    consentState: async () => ({ objected: await or(options.objected ?? false), lastConsent: options.last }),
    consentAnswers: {
      remember: async (_nhsNumber, _practice, said) => void remembered.push(said),
    },
    beginWithholding:
      withhold === undefined ? createRecordWithholding(options.categories ?? []) : () => (all) => () => withhold(all),
    held: createHeld(options.held),
    early: createEarly(),
    isShared: options.isShared ?? (() => true),
    audit: {
      record: async (entry) => {
        await options.audit?.(entry);
        audited.push(entry);
      },
    },
    log: createLog('silent'),
  };
}

export function request(more: Partial<DisclosureRequest> = {}): DisclosureRequest {
  return { session, what: '$everything', signal: new AbortController().signal, requestId: 'request-1', ...more };
}
