import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { isObject, objects, type JsonObject } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { ohc, system } from '../../../src/fhir/systems.ts';
import { Fault } from '../../fault.ts';
import type { Objection, ObjectionStatus } from '../../privacy/objection.ts';
import type { Register } from '../../privacy/register.ts';

const terminology = 'http://terminology.hl7.org/CodeSystem';
const scope = { coding: [{ system: `${terminology}/consentscope`, code: 'patient-privacy' }] };
const category = [{ coding: [{ system: system.actCode, code: 'INFA', display: 'information access' }] }];
const policyRule = { coding: [{ system: system.actCode, code: 'OPTOUT', display: 'opt-out' }] };
const provision = { type: 'deny' };

const day = (date: Date): string => date.toISOString().slice(0, 10);

/** An objection as a Consent: all of the person's record is denied to all who look here. */
export function consentOf(objection: Objection): Resource {
  const { id, status, channel, requester, route, receivedAt, dueAt, version, person, history, review } = objection;
  return {
    resourceType: 'Consent',
    id,
    meta: { versionId: String(version), lastUpdated: (history.at(-1)?.at ?? receivedAt).toISOString() },
    extension: [
      {
        url: ohc.objectionRequest,
        extension: [
          { url: 'channel', valueCode: channel },
          { url: 'requester', valueCode: requester },
        ],
      },
      { url: ohc.objectionRoute, valueCode: route },
      { url: ohc.objectionDue, valueDate: day(dueAt) },
      ...(review === undefined
        ? []
        : [
            {
              url: ohc.objectionReview,
              extension: [
                { url: 'birthday', valueDate: review.birthday },
                { url: 'age', valueInteger: review.age },
                { url: 'due', valueBoolean: review.due },
              ],
            },
          ]),
      ...history.map(({ action, by, reason, weighed, at }) => ({
        url: ohc.objectionHistory,
        extension: [
          { url: 'action', valueCode: action },
          { url: 'by', valueString: by },
          ...(reason === undefined ? [] : [{ url: 'reason', valueString: reason }]),
          ...(weighed === undefined ? [] : [{ url: 'weighed', valueString: weighed }]),
          { url: 'at', valueInstant: at.toISOString() },
        ],
      })),
    ],
    status,
    scope,
    category,
    patient: {
      extension: [
        {
          url: ohc.objectionIdentity,
          extension: [
            { url: 'birthDate', valueDate: person.birthDate },
            { url: 'name', valueString: person.name },
          ],
        },
      ],
      type: 'Patient',
      identifier: { system: system.nhsNumber, value: person.nhsNumber },
    },
    dateTime: receivedAt.toISOString(),
    ...(person.practice === undefined
      ? {}
      : { organization: [{ identifier: { system: system.odsOrganisation, value: person.practice } }] }),
    policyRule,
    provision,
  };
}

function wrong(text: string): Fault {
  return new Fault('form-invalid', text);
}

const member = z.looseObject({ url: z.string() });
const extensions = z.array(member).length(1);

/**
 * What may be received. Nothing else is taken: what is not understood, such as a provision for one organisation alone,
 * could make it mean less than an objection to all.
 */
const received = z.strictObject({
  resourceType: z.literal('Consent'),
  meta: z.unknown().optional(),
  status: z.enum(['draft', 'proposed']),
  scope: z.strictObject({ coding: z.tuple([z.looseObject({ code: z.literal('patient-privacy') })]) }).optional(),
  category: z.array(z.unknown()).optional(),
  policyRule: z.strictObject({ coding: z.tuple([z.looseObject({ code: z.literal('OPTOUT') })]) }).optional(),
  provision: z.strictObject({ type: z.literal('deny') }).optional(),
  extension: extensions,
  patient: z.strictObject({
    type: z.literal('Patient').optional(),
    identifier: z.strictObject({ system: z.literal(system.nhsNumber), value: z.string() }),
    extension: extensions,
  }),
});

const request = z.strictObject({
  channel: z.enum(['gp', 'pals', 'email', 'post', 'host']),
  requester: z.enum(['person', 'guardian', 'representative']),
});
const identity = z.strictObject({ birthDate: z.iso.date(), name: z.string().trim().min(1).max(500) });

/** The parts of the one extension with this URL, by their names; undefined where there is none, or a part comes twice. */
function partsOf(extension: unknown, url: string): JsonObject | undefined {
  const [only, ...more] = objects(extension).filter((one) => one['url'] === url);
  const parts = objects(only?.['extension']).map((one) => {
    const { url: name, ...value } = one;
    return [String(name), Object.values(value).at(0)] as const;
  });
  if (only === undefined || more.length > 0 || new Set(parts.map(([name]) => name)).size < parts.length)
    return undefined;
  return Object.fromEntries(parts);
}

/**
 * Reads an objection that is sent in.
 * @throws {Fault} `form-invalid` in words that say what is missing or not understood
 */
export function readConsent(body: unknown): Omit<Parameters<Register['raise']>[0], 'by' | 'as'> {
  const read = received.safeParse(body);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw wrong(
      `Send a Consent with status draft or proposed, patient.identifier (NHS number), its identity and its request, and nothing else: ${issue?.path.join('.') || 'Consent'} is not as expected.`,
    );
  }
  const { status, patient } = read.data;
  const who = identity.safeParse(partsOf(patient.extension, ohc.objectionIdentity));
  if (!who.success) throw wrong(`The extension ${ohc.objectionIdentity} of patient has birthDate and name.`);
  const how = request.safeParse(partsOf(read.data.extension, ohc.objectionRequest));
  if (!how.success)
    throw wrong(
      `The extension ${ohc.objectionRequest} has channel (gp, pals, email, post, host) and requester (person, guardian, representative).`,
    );
  return { status, nhsNumber: patient.identifier.value, ...who.data, ...how.data };
}

/** How an objection moves on: what is done where it has one status and is sent back with another. */
const steps: Readonly<Record<string, 'submit' | 'uphold' | 'decline' | 'withdraw' | 'review'>> = {
  'draft proposed': 'submit',
  'draft active': 'uphold',
  'draft rejected': 'decline',
  'draft inactive': 'withdraw',
  'proposed active': 'uphold',
  'proposed rejected': 'decline',
  'proposed inactive': 'withdraw',
  'active inactive': 'withdraw',
  'active active': 'review',
  'proposed proposed': 'review',
};

/** A text of at most 500 characters in the one extension with this URL; undefined where there is none. */
function textOf(given: readonly JsonObject[], url: string): string | undefined {
  const [only, ...more] = given.filter((one) => one['url'] === url);
  const value = only?.['valueString'];
  if (only === undefined) return undefined;
  if (more.length > 0 || typeof value !== 'string' || value.trim() === '' || value.length > 500)
    throw wrong(`The extension ${url} stands once and has valueString, at most 500 characters.`);
  return value;
}

/** What is to become of an objection. */
export type Update = { readonly reason: string } & (
  | { readonly step: 'uphold' | 'decline'; readonly weighed: string | undefined }
  | { readonly step: 'submit' | 'withdraw' | 'review' }
  | { readonly step: 'reverse'; readonly name: string; readonly birthDate: string }
);

/** Extensions that are sent with a change and are no part of the objection; when a review is due moves with the day. */
const free: readonly unknown[] = [
  ohc.objectionReason,
  ohc.objectionReview,
  ohc.objectionWeighed,
  ohc.objectionReversal,
];

/**
 * Reads what is to become of an objection from the Consent that is sent back: as it was read, or as much of it as the
 * sender kept, with the status that it is to have and the reason.
 * @throws {Fault} `form-invalid`; `conflict` where it does not move so from the status that it has now
 */
export function readUpdate(body: unknown, now: Objection): Update {
  if (!isObject(body) || body['resourceType'] !== 'Consent' || body['id'] !== now.id)
    throw wrong('Send the Consent that has this id.');
  const { status, meta: _meta, text: _text, extension, ...rest } = body;
  const current = consentOf(now);
  const given = objects(extension);
  const reason = textOf(given, ohc.objectionReason);
  if (reason === undefined) throw wrong(`Say why, in an extension ${ohc.objectionReason} with valueString.`);
  const weighed = textOf(given, ohc.objectionWeighed);
  const known = objects(current['extension']);
  const isAsItWas =
    Object.entries(rest).every(([name, value]) => isDeepStrictEqual(value, current[name])) &&
    given.every((one) => free.includes(one['url']) || known.some((other) => isDeepStrictEqual(one, other)));
  if (!isAsItWas) throw wrong('Only the status of an objection can be changed. All else stays as it was read.');
  const step = steps[`${now.status} ${String(status)}`];
  if (step === undefined)
    throw new Fault('conflict', `An objection that is ${statusWords[now.status]} does not move to this status.`);
  const isDecision = step === 'uphold' || step === 'decline';
  if (weighed !== undefined && !isDecision) throw wrong(`The extension ${ohc.objectionWeighed} belongs to a decision.`);
  if (given.some((one) => one['url'] === ohc.objectionReversal)) {
    const who = identity.safeParse(partsOf(extension, ohc.objectionReversal));
    if (step !== 'withdraw' || !who.success)
      throw wrong(`The extension ${ohc.objectionReversal} has birthDate and name, and ends an objection: inactive.`);
    return { step: 'reverse', reason, ...who.data };
  }
  return isDecision ? { step, reason, weighed } : { step, reason };
}

const statusWords: Readonly<Record<ObjectionStatus, string>> = {
  draft: 'a draft',
  proposed: 'received',
  active: 'upheld',
  rejected: 'declined',
  inactive: 'withdrawn',
};
