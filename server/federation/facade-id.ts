import { createSecretKey } from 'node:crypto';
import { keyedHash } from '../keyed-hash.ts';

/** The ids under which the facade speaks of things: opaque, stable, unguessable, never equal for two sources. */
export type FacadeIds = {
  /** The id of the one Patient, by NHS number. */
  readonly patient: (nhsNumber: string) => string;
  /** The id of a source's resource. `scope` is the source, and for GP Connect the practice behind it. */
  readonly of: (scope: string, type: string, localId: string) => string;
};

/** A base64url hash as a FHIR id: `_` is not allowed there, `.` is and base64url has none. 43 characters. */
function fhirId(hash: string): string {
  return hash.replaceAll('_', '.');
}

/** The facade's ids under one key; every server process with that key gives the same. */
export function createFacadeIds(idKey: Buffer): FacadeIds {
  const key = createSecretKey(idKey);
  return {
    patient: (nhsNumber) => fhirId(keyedHash(key, 'facade-patient', nhsNumber)),
    of: (scope, type, localId) => fhirId(keyedHash(key, 'facade-resource', scope, type, localId)),
  };
}
