import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../log.ts';
import { CertificateError, readClientCertificate, type ClientCertificate } from './client-certificate.ts';
import type { Source } from './schema.ts';

/** The client certificates of the sources that want one. */
export type ClientCertificates = {
  /** The certificate in use towards a source; undefined for a source that wants none. */
  readonly of: (sourceId: string) => ClientCertificate | undefined;
  /** A sentence for each that ends within thirty days, has ended, or does not count yet. */
  readonly warnings: () => readonly string[];
  /** Looks at the files now: takes what changed into use, and logs what is near its end. */
  readonly check: () => Promise<void>;
  readonly stop: () => void;
};

const everyMs = 60_000;
const dayMs = 86_400_000;
const warnDays = 30;

/**
 * Reads the client certificates of the sources and looks at their files every minute: a renewed one is taken into use
 * without a restart, a broken one is kept out with a line in the log, and the one of before stays. What ends within
 * thirty days is logged once a day; what has ended, as an error.
 * @throws {CertificateError} with every file that cannot be used at the start
 */
export async function watchCertificates(
  sources: readonly Pick<Source, 'id' | 'auth'>[],
  options: {
    readonly folder: string;
    readonly log: Logger;
    readonly now?: () => number;
    /** Those of the configuration before this one: what did not change stays the same object, and its connections. */
    readonly before?: Pick<ClientCertificates, 'of'>;
  },
): Promise<ClientCertificates> {
  const { folder, log, now = Date.now } = options;
  const inUse = new Map<string, ClientCertificate>();
  for (const { id, auth } of sources) {
    const known = auth.type === 'spine-proxy' ? options.before?.of(id) : undefined;
    if (known !== undefined) inUse.set(id, known);
  }
  /** What was said last of a source, so that it is said once: its fault, and the days that are left. */
  const said = new Map<string, string>();

  const sayOnce = (about: string, what: string, say: () => void): void => {
    if (said.get(about) !== what) say();
    said.set(about, what);
  };

  const sayEnd = (source: string, { endsAt }: ClientCertificate): void => {
    const days = Math.ceil((endsAt - now()) / dayMs);
    if (days > warnDays) return;
    const ends = new Date(endsAt).toISOString();
    sayOnce(`${source} end`, `${ends} ${days}`, () =>
      endsAt <= now()
        ? log.error({ source, ends }, 'a client certificate is past its end: the source is not asked')
        : log.warn({ source, ends, days }, 'a client certificate ends soon'),
    );
  };

  /** Reads the files of one source; gives a sentence for each fault, and then what was in use stays. */
  const read = async ({ id, auth }: Pick<Source, 'id' | 'auth'>): Promise<readonly string[]> => {
    if (auth.type !== 'spine-proxy') return [];
    try {
      const certificate = await readClientCertificate(folder, auth);
      // The same object as long as it is the same certificate: connections are kept by it.
      if (isDeepStrictEqual(inUse.get(id), certificate)) return [];
      if (inUse.has(id))
        log.info(
          { source: id, ends: new Date(certificate.endsAt).toISOString() },
          'took a new client certificate into use',
        );
      inUse.set(id, certificate);
      return [];
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      return error.lines.map((line) => `sources.json: ${id} wants a client certificate: ${line}`);
    }
  };

  const sayEnds = (): void => inUse.forEach((certificate, source) => sayEnd(source, certificate));

  const faults = (await Promise.all(sources.map(read))).flat();
  if (faults.length > 0) throw new CertificateError(faults);
  sayEnds();

  const check = async (): Promise<void> => {
    for (const source of sources) {
      const lines = await read(source);
      const about = `${source.id} fault`;
      if (lines.length === 0) said.delete(about);
      else
        sayOnce(about, lines.join(' '), () =>
          log.error({ source: source.id, why: lines }, 'the files of a client certificate are broken: kept out'),
        );
    }
    sayEnds();
  };
  const careful = (): Promise<void> =>
    check().catch((error: unknown) => log.error({ err: error }, 'the client certificates could not be looked at'));
  const timer = inUse.size === 0 ? undefined : setInterval(() => void careful(), everyMs);
  timer?.unref();

  return {
    of: (sourceId) => inUse.get(sourceId),
    warnings: () =>
      [...inUse].flatMap(([source, { startsAt, endsAt }]) => {
        const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
        const certificate = `The client certificate towards ${source}`;
        if (startsAt > now())
          return [`${certificate} counts from ${day(startsAt)} on: the source is not asked until then.`];
        if (endsAt <= now()) return [`${certificate} ended on ${day(endsAt)}: the source is not asked.`];
        return endsAt - now() > warnDays * dayMs ? [] : [`${certificate} ends on ${day(endsAt)}.`];
      }),
    check: careful,
    stop: () => clearInterval(timer),
  };
}
