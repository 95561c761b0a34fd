import { hash } from 'node:crypto';
import { keyedHash } from '../keyed-hash.ts';

/** The ids under which the facade speaks of things: opaque, stable, unguessable, never equal for two sources. */
export type FacadeIds = {
  /** The id of the one Patient, by NHS number. */
  readonly patient: (nhsNumber: string) => string;
  /** The id of a source's resource. `scope` is the source, and for GP Connect the practice behind it. */
  readonly of: (scope: string, type: string, localId: string) => string;
};

/** A base64url hash as a FHIR id: `_` is not allowed there, `.` is and base64url has none. 43 characters. */
function fhirId(base64url: string): string {
  return base64url.replaceAll('_', '.');
}

/**
 * The facade's ids under one key; every server process with that key gives the same.
 * A record has thousands of them: SHA-512/256 over a secret and the text takes a quarter of an HMAC's time, and is as
 * good as one, since its state is wider than what it gives out and nobody can go on from a known id.
 */
export function createFacadeIds(idKey: Buffer): FacadeIds {
  const secret = keyedHash(idKey, 'facade-resource');
  return {
    patient: (nhsNumber) => fhirId(keyedHash(idKey, 'facade-patient', nhsNumber)),
    // Each part but the last stands behind its length, so that ('ab', 'c') and ('a', 'bc') differ.
    of: (scope, type, localId) =>
      fhirId(hash('sha512-256', `${secret}${scope.length}:${scope}${type.length}:${type}${localId}`, 'base64url')),
  };
}
