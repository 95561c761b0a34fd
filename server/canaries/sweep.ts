import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { isObject, lookup } from '../../src/fhir/json.ts';
import { idOf } from '../../src/fhir/resource.ts';
import type { Case } from './case.ts';
import { leaksIn, releasedIn } from './facade-bed.ts';
import type { Generator } from './generator.ts';
import { judged, type Finding } from './judgement.ts';
import {
  allQuestions,
  otherQuestions,
  readQuestions,
  recordQuestions,
  searchQuestions,
  type AskedAfter,
  type Question,
} from './question.ts';
import { nhsNumberOf, sourceIds, type Region, type Session, type SourceId } from './region.ts';
import { askedAfter } from './worlds.ts';

/** An answer, byte for byte as it came. */
export type RawAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly head: string;
  readonly body: Buffer;
};

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
/** A stream that stays open is read for so long. */
const streamMs = 300;

/** Asks as it stands: nothing is decoded, and no path is tidied. */
export function askRaw(
  origin: string,
  token: string | undefined,
  { method, path, headers, body }: Question,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    const asked = httpRequest(
      {
        hostname,
        port,
        method,
        path: `/fhir/${path}`.replaceAll(' ', '%20'),
        agent,
        headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      },
      (answer) => {
        const end = (): void =>
          done({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            head: answer.rawHeaders.join('\n'),
            body: Buffer.concat(chunks),
          });
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('end', end);
        answer.once('error', fail);
        if (answer.headers['content-type']?.startsWith('text/event-stream') === true)
          setTimeout(() => {
            end();
            asked.destroy();
          }, streamMs);
      },
    );
    asked.once('error', fail);
    asked.end(body);
  });
}

const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gunzipSync(bytes),
  br: (bytes) => brotliDecompressSync(bytes),
  zstd: (bytes) => zstdDecompressSync(bytes),
  deflate: (bytes) => inflateSync(bytes),
};

/** The body of an answer as its reader has it. */
export function decodedBody({ headers, body }: RawAnswer): Buffer {
  const decode = lookup(decoders, headers['content-encoding']);
  return decode === undefined || body.byteLength === 0 ? body : decode(body);
}

/** What one person's cases came to. */
export type Swept = {
  readonly cases: readonly { readonly canary: Case; readonly twin: Case }[];
  readonly findings: readonly Finding[];
  readonly asked: number;
};

const facadeId = /[A-Za-z0-9.-]{43}/g;

/**
 * Puts cases into the sources of a region as one person's record, and asks the server over every route: as a clinician every
 * question there is, and as any other role the record in each format, each type, each id and each document.
 * @param generators one for each source, since absolute references are of its base URL
 */
export async function sweep(
  region: Region,
  generators: { readonly [id in SourceId]: Generator },
  range: {
    readonly indexes: readonly number[];
    readonly roles: readonly string[];
    readonly thorough: boolean;
  },
): Promise<Swept> {
  const pairs = range.indexes.map((index, at) => {
    const source = sourceIds[at % sourceIds.length] ?? 'acute';
    return { source, ...generators[source].of(index) };
  });
  const casesAt = (id: SourceId): readonly Case[] =>
    pairs.filter(({ source }) => source === id).flatMap(({ canary, twin }) => [canary, twin]);
  region.hold(nhsNumberOf(range.indexes[0] ?? 0), {
    acute: casesAt('acute').flatMap((one) => one.things),
    community: casesAt('community').flatMap((one) => one.things),
  });
  const byIndex = new Map(pairs.map(({ canary }) => [canary.index, canary]));
  const at = (index: number): Case | undefined => byIndex.get(index);
  const goneAt = new Map<string, Case>();
  for (const id of sourceIds)
    for (const one of casesAt(id))
      for (const { resource, expected } of one.things)
        if (expected === undefined) goneAt.set(region.ids.of(id, resource.resourceType, idOf(resource) ?? ''), one);

  const findings: Finding[] = [];
  let asked = 0;
  /** Every id that was asked for: the audit trail says so, whether there is such a thing or not. */
  const named = new Set<string>();
  /** What of the answer must not be there: a marker, or the id of what is withheld, but where the question itself named it. */
  const ask = async (session: Session, question: Question): Promise<RawAnswer> => {
    const answer = await askRaw(region.origin, session.token, question);
    asked += 1;
    const where = `${session.role} ${question.method} ${question.path.slice(0, 120)}`;
    const body = decodedBody(answer);
    const bytes = Buffer.concat([
      Buffer.from(answer.head),
      Buffer.from('\n'),
      answer.body,
      ...(body === answer.body ? [] : [body]),
    ]);
    findings.push(...leaksIn(bytes, where, at));
    const sent = `${question.path} ${question.body ?? ''}`;
    const isTrail = question.path.startsWith('AuditEvent');
    for (const [id] of sent.matchAll(facadeId)) named.add(id);
    for (const [id] of body.toString('latin1').matchAll(facadeId)) {
      const of = goneAt.get(id);
      if (of === undefined || sent.includes(id) || (isTrail && named.has(id))) continue;
      const { index, category, channel } = of;
      findings.push({ kind: 'leak', index, isTwin: false, category, channel, what: `the id ${id} in ${where}` });
    }
    if (answer.status >= 500) throw new Error(`${where} answered ${answer.status}: ${body.toString().slice(0, 300)}`);
    return answer;
  };

  for (const role of range.roles) {
    const session = await region.launch(role);
    const { person } = session;
    if (person === undefined) {
      for (const path of ['AuditEvent', 'AuditEvent?_count=500', 'Consent', 'Practitioner', 'metadata', 'Condition'])
        await ask(session, { method: 'GET', path });
      continue;
    }
    const after = askedAfter(
      pairs.flatMap(({ canary, twin }) => [canary, twin]),
      {
        person,
        ids: (type, local) =>
          region.ids.of(
            casesAt('acute').some((one) => one.things.some(({ resource }) => resource['id'] === local))
              ? 'acute'
              : 'community',
            type,
            local,
          ),
        sources: sourceIds,
      },
    );
    for (const question of questionsFor(after, role === 'R8000' && range.thorough)) await ask(session, question);
    // Rights narrow what others get: whom everything is shown shows whether everything came.
    if (role !== 'R8000') continue;
    const whole = await ask(session, { method: 'GET', path: `Patient/${person}/$everything` });
    const body: unknown = JSON.parse(decodedBody(whole).toString());
    const released = releasedIn(body);
    for (const id of sourceIds) {
      const mine = new Map([...released].filter(([, one]) => JSON.stringify(one['meta']).includes(`/source/${id}"`)));
      // A Binary that the source keeps beside its record is opened by its link, and no part of the record.
      const cases = casesAt(id).map((one) => ({
        ...one,
        things: one.things.filter(({ resource }) => resource.resourceType !== 'Binary'),
      }));
      findings.push(...judged(cases, mine, (type, local) => region.ids.of(id, type, local), `Patient/${person}`));
    }
    for (const { canary, twin, source } of pairs)
      for (const { resource, expected } of [...canary.things, ...twin.things]) {
        if (resource.resourceType !== 'Binary' || expected === undefined) continue;
        const path = `Binary/${region.ids.of(source, 'Binary', idOf(resource) ?? '')}`;
        const answer = await ask(session, { method: 'GET', path });
        if (answer.status === 200 && decodedBody(answer).equals(Buffer.from(String(resource['data']), 'base64')))
          continue;
        const { index, category, channel } = twin;
        findings.push({
          kind: 'lost',
          index,
          isTwin: true,
          category,
          channel,
          what: `${path} answered ${answer.status}`,
        });
      }
  }
  const distinct = new Map(findings.map((one) => [`${one.kind} ${one.index} ${one.isTwin} ${one.what}`, one]));
  return { cases: pairs, findings: [...distinct.values()], asked };
}

function questionsFor(after: AskedAfter, thorough: boolean): readonly Question[] {
  const some = { ...after, gone: after.gone.slice(0, 3), codes: after.codes.slice(0, 2) };
  if (thorough) return [...allQuestions({ ...some, shown: [] }), ...readQuestions(after), standing(after)];
  return [
    ...recordQuestions(some).filter((_, index) => index % 8 === 0),
    ...searchQuestions({ ...some, gone: some.gone.slice(0, 1), codes: [] }).filter((_, index) => index % 23 === 0),
    ...readQuestions({ ...after, shown: after.shown.slice(0, 5), gone: after.gone.slice(0, 12) }),
    ...otherQuestions(some),
    standing(after),
  ];
}

function standing({ person }: AskedAfter): Question {
  return { method: 'GET', path: `Patient/${person}/$standing` };
}

/** Lines in pieces that are looked through one after the other: a long run's log is large. */
function* inPieces(lines: readonly string[]): Iterable<Buffer> {
  const atOnce = 500;
  for (let from = 0; from < lines.length; from += atOnce)
    yield Buffer.from(lines.slice(from, from + atOnce).join('\n'));
}

/**
 * Looks through what a server leaves behind: its log, every row of its database and every file of its data folder. The
 * server has ended.
 */
export async function remains(region: Region, at: (index: number) => Case | undefined): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const piece of inPieces(region.log().split('\n'))) findings.push(...leaksIn(piece, 'the log', at));
  const database = await PGlite.create({ dataDir: join(region.dataDir, 'pglite') });
  try {
    const tables = await database.query<{ name: string }>(
      `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of tables.rows) {
      const { rows } = await database.query<{ row: unknown }>(`select row_to_json(one) as row from ${name} as one`);
      const lines = rows.map(({ row }) => JSON.stringify(isObject(row) ? row : {}));
      for (const piece of inPieces(lines)) findings.push(...leaksIn(piece, `the table ${name}`, at));
    }
  } finally {
    await database.close();
  }
  // The rows have been looked through to the depth: in the files it is enough to see each form by itself.
  for await (const entry of glob('**/*', { cwd: region.dataDir, withFileTypes: true }))
    if (entry.isFile()) {
      const file = join(entry.parentPath, entry.name);
      findings.push(...leaksIn(await readFile(file), `the file ${file.slice(region.dataDir.length + 1)}`, at, 1));
    }
  return findings;
}
