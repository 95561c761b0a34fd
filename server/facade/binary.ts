import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { permits } from '../auth/scope.ts';
import type { House } from '../disclosure/house.ts';
import { openDocument } from '../disclosure/open.ts';
import { rightsOf } from '../disclosure/rights.ts';
import { Fault } from '../fault.ts';
import type { Opened } from '../federation/documents/reading.ts';
import type { LaunchSession } from '../launch/context.ts';
import { notHereWords, type Asking } from './asking.ts';
import { fileNameOf, servedAs } from './binary-type.ts';
import { checkLook, givenUpWith } from './disclosed.ts';
import { rangeOf, type ByteRange } from './range.ts';
import { missingWords } from './read.ts';
import { sendFhir } from './send.ts';

const megabyte = 1024 * 1024;
/** What is sent within a resource is held whole and grows by a third: less of it than of a stream. */
const withinResource = 8 * megabyte;

/** Types whose scope lets the content of their attachments be read: it is a part of them. */
const holders = ['Binary', 'DocumentReference', 'DiagnosticReport', 'Media', 'Communication', 'Consent'] as const;

const tooLarge = (): Fault =>
  new Fault(
    'too-large',
    'This document is larger than can be opened here. Ask the organisation that holds it for a copy.',
  );

/**
 * `GET Binary/[id]`: a document of the record, through us and as it comes. Who may read what it is attached to may open it;
 * for anyone else, and where it is withheld, it is as one that never was. With `Accept: application/fhir+json` it is a
 * Binary resource.
 */
export async function answerBinary(
  { house, asking }: { readonly house: House; readonly asking: Asking },
  id: string,
  request: Request,
  response: Response,
): Promise<void> {
  const session = await asking.session(request);
  await permitDocuments(house, asking, request, session);
  const { what: _what, ...asked } = givenUpWith(house, session, '', request, response);
  const opening = await openDocument(house, asked, id);
  if (opening.kind === 'nothing') throw new Fault('not-found', opening.whole ? notHereWords : missingWords);
  const { document } = opening;
  try {
    const limit = house.config.region.documents.openMegabytes * megabyte;
    if (document.size !== undefined && document.size > limit) throw tooLarge();
    const asResource = request.accepts()[0] === 'application/fhir+json';
    if (asResource) await sendResource(document, id, response);
    else await sendContent(document, limit, request, response);
  } finally {
    document.body.destroy();
  }
}

async function permitDocuments(house: House, asking: Asking, request: Request, session: LaunchSession): Promise<void> {
  const { scopes } = rightsOf(house.config, session);
  if (!holders.some((type) => permits(scopes, type, 'read')))
    await asking.permit(request, session, 'DocumentReference', 'read');
}

/** Nothing of a document runs, loads anything or is taken for what it is not, in whatever it is opened. */
const sandboxed = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

async function sendResource(document: Opened, id: string, response: Response): Promise<void> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of document.body as AsyncIterable<Buffer>) {
    length += chunk.byteLength;
    if (length > withinResource)
      throw new Fault(
        'too-large',
        'This document is too large to be sent within a resource: ask for it without Accept: application/fhir+json.',
      );
    chunks.push(chunk);
  }
  const { type } = servedAs(document.contentType, document.sniffed);
  response.set(sandboxed);
  sendFhir(response, 200, {
    resourceType: 'Binary',
    id,
    contentType: type,
    data: Buffer.concat(chunks, length).toString('base64'),
  });
}

/**
 * The bytes that lie within a range.
 * @throws {Fault} `too-large` once more than `limit` have come; `record-refused`, `undecided` where they may not be shown now
 */
async function* within(
  body: AsyncIterable<Buffer>,
  range: ByteRange,
  limit: number,
  response: Response,
): AsyncGenerator<Buffer> {
  let at = 0;
  for await (const chunk of body) {
    const start = at;
    at += chunk.byteLength;
    if (at > limit) throw tooLarge();
    const piece = chunk.subarray(Math.max(0, range.from - start), Math.max(0, range.to + 1 - start));
    checkLook(response);
    if (piece.byteLength > 0) yield piece;
    // What lies behind the range is not waited for.
    if (at > range.to) return;
  }
}

async function sendContent(document: Opened, limit: number, request: Request, response: Response): Promise<void> {
  const { type, inline } = servedAs(document.contentType, document.sniffed);
  const { size } = document;
  // There is no ETag, so a condition on one never holds, and all is sent.
  const wanted = request.get('if-range') === undefined ? request.get('range') : undefined;
  const range = size === undefined ? 'none' : rangeOf(wanted, size);
  if (range === 'unsatisfiable') {
    response.set('Content-Range', `bytes */${size ?? 0}`);
    throw new Fault('range-not-satisfiable', 'The document does not reach as far as the range that was asked for.');
  }
  response.set(sandboxed).set({
    'Content-Type': type,
    'Content-Disposition': `${inline ? 'inline' : 'attachment'}; filename="${fileNameOf(type)}"`,
    'Accept-Ranges': size === undefined ? 'none' : 'bytes',
  });
  if (range !== 'none') {
    response.status(206).set('Content-Range', `bytes ${range.from}-${range.to}/${size ?? 0}`);
    response.set('Content-Length', String(range.to - range.from + 1));
  } else if (size !== undefined) response.set('Content-Length', String(size));
  if (request.method === 'HEAD') return void response.end();
  const all: ByteRange = { from: 0, to: Number.MAX_SAFE_INTEGER };
  const body = within(document.body as AsyncIterable<Buffer>, range === 'none' ? all : range, limit, response);
  await pipeline(body, response).catch((error: unknown) => {
    // Whoever asked has gone: there is nobody to tell.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
  });
}
