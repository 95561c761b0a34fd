import { STATUS_CODES } from 'node:http';
import type { Request, Response } from 'express';
import { isObject, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { idOf, type Resource } from '../../src/fhir/resource.ts';
import { Fault } from '../fault.ts';
import type { Logger } from '../log.ts';
import { isLenient, parametersOfUrl } from './format.ts';
import { invalid } from './general-parameter.ts';
import { jsonBody } from './json-body.ts';
import { answerTo, sendFhir } from './send.ts';

/** One entry's request: a read or a search, as it would be asked by itself. */
export type EntryAsked = {
  readonly type: string;
  /** Of a read; undefined for a search. */
  readonly id: string | undefined;
  readonly given: URLSearchParams;
  readonly lenient: boolean;
};

const mostEntries = 50;
/** So many entries are worked on at once: a batch holds no more of the server than a page of an app that asks singly. */
const atOnce = 4;

const bundleOf = jsonBody('a Bundle', '256kb');

/**
 * The entries of a batch.
 * @throws {Fault} `invalid-request` for anything but a Bundle of type `batch` with entries, `too-large` for too many
 */
export function entriesIn(body: unknown): readonly JsonObject[] {
  if (!isObject(body) || body['resourceType'] !== 'Bundle') throw invalid('Send a Bundle of type batch.');
  if (body['type'] === 'transaction')
    throw invalid(
      'A transaction is all or nothing, and here every entry is checked and answered by itself. Send it as a batch.',
    );
  if (body['type'] !== 'batch') throw invalid('A Bundle that is sent here is of type batch.');
  const { entry } = body;
  if (entry !== undefined && !(Array.isArray(entry) && entry.every(isObject)))
    throw invalid('The entries of the Bundle cannot be read.');
  const entries = objects(entry);
  if (entries.length > mostEntries) throw new Fault('too-large', `A batch takes at most ${mostEntries} entries.`);
  return entries;
}

/**
 * What one entry asks for.
 * @param base the FHIR base URL, which may stand before its `url`
 * @throws {Fault} `read-only`, `not-supported`, `invalid-request`
 */
export function askedBy(entry: JsonObject, base: string, lenient: boolean): EntryAsked {
  const [request] = objects(entry['request']);
  const url = text(request?.['url']);
  if (url === undefined) throw invalid('An entry of a batch has a request with a method and a url.');
  if (request?.['method'] !== 'GET')
    throw new Fault('read-only', 'A batch takes reads and searches, by GET: this record is changed where it was made.');
  const own = url.startsWith(`${base}/`) ? url.slice(base.length + 1) : url;
  const [, type, id] = /^([A-Z][A-Za-z]{1,60})(?:\/([A-Za-z0-9\-.]{1,64}))?(?:\?.*)?$/.exec(own) ?? [];
  if (type === undefined)
    throw new Fault('not-supported', 'A batch takes reads and searches: Observation/1, Observation?code=718-7.');
  return { type, id, given: parametersOfUrl(own), lenient };
}

const statusOf = (status: number): string => `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();

function found(resource: Resource, base: string): JsonObject {
  const id = idOf(resource);
  return {
    ...(id === undefined ? {} : { fullUrl: `${base}/${resource.resourceType}/${id}` }),
    resource,
    response: { status: statusOf(200) },
  };
}

function refused({ status, outcome }: { readonly status: number; readonly outcome: Resource }): JsonObject {
  return { response: { status: statusOf(status), outcome } };
}

/**
 * `POST` at the base: a batch of reads and searches. Each is answered as if it were asked by itself, by the same code:
 * with a gate, a row on the audit trail and a status of its own, in the order in which they were asked.
 * @param base the FHIR base URL
 * @param answer answers one entry; what it throws becomes the status of that entry
 * @throws {Fault} for a Bundle that cannot be read; then no entry is answered
 */
export async function answerBatch(
  {
    base,
    log,
    answer,
  }: {
    readonly base: string;
    readonly log: Logger;
    readonly answer: (asked: EntryAsked) => Promise<Resource>;
  },
  request: Request,
  response: Response,
): Promise<void> {
  const entries = entriesIn(await bundleOf(request, response));
  const lenient = isLenient(request);
  const results: JsonObject[] = entries.map(() => ({}));
  const one = async (entry: JsonObject): Promise<Resource> => answer(askedBy(entry, base, lenient));
  const waiting = entries.entries();
  const work = async (): Promise<void> => {
    for (const [place, entry] of waiting)
      results[place] = await one(entry).then(
        (resource) => found(resource, base),
        (error: unknown) => refused(answerTo(error, request, log)),
      );
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  sendFhir(response, 200, {
    resourceType: 'Bundle',
    type: 'batch-response',
    // FHIR has no empty lists.
    ...(results.length === 0 ? {} : { entry: results }),
  });
}
