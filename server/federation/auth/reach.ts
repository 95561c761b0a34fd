import type { JWK } from 'jose';
import type { ClientCertificates } from '../../config/certificate-watch.ts';
import type { Asker } from '../answer.ts';
import type { Http } from '../http.ts';

/** One GP practice behind a GP Connect source, and what is wanted of it. */
export type PracticeServer = {
  /** ODS code. */
  readonly ods: string;
  /** As configured; undefined where a directory knows it. */
  readonly baseUrl: string | undefined;
  /** The Spine's id of the operation that is asked for. */
  readonly interaction: string;
};

/** For whom, until when and, at a GP Connect source, where something is asked. */
export type Reaching = {
  readonly asker: Asker;
  readonly signal: AbortSignal;
  readonly practice?: PracticeServer;
};

/** A FHIR server that can be asked. */
export type Reached = {
  /** Its own base URL: requests are written for it, and references of its answers begin with it, whatever stands between. */
  readonly baseUrl: string;
  /** Requests through it carry our proof, and go to that base URL alone. */
  readonly http: Http;
};

/** How it is proved to a source who asks, and on whose behalf. One way for every request of every kind of source. */
export type SourceAuth = {
  /** @throws {SourceError} `credentials` where we cannot prove ourselves to it; what its own servers throw */
  readonly reach: (reaching: Reaching) => Promise<Reached>;
};

/** What this server has to prove itself with. */
export type Credentials = {
  /** Private keys, of each `alg` the one that signs first; looked at anew for each assertion, since they are rotated. */
  readonly keys: readonly JWK[];
  readonly certificates: Pick<ClientCertificates, 'of'>;
  /** Holds the API keys under the names that the configuration gives them. */
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Everything that the types of proof are made from. */
export type AuthOptions = {
  readonly http: Http;
  readonly credentials: Credentials;
  /** Our own base URL, told to sources that ask who asks. */
  readonly baseUrl: string;
};
