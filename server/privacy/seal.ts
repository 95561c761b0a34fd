import { z } from 'zod';
import { keyedHash } from '../keyed-hash.ts';
import { sealText, unsealText } from '../sealed.ts';

/** Whom an objection is about, for the officer's screen and letters. */
export type Objector = { readonly nhsNumber: string; readonly name: string; readonly birthDate: string };

const objector = z.object({ nhsNumber: z.string(), name: z.string(), birthDate: z.string() });

/** The name of a register key: tells one key from another and nothing of either. */
export function keyName(registerKey: Buffer): string {
  return keyedHash(registerKey, 'key-name').slice(0, 12);
}

/** Seals a person. It opens only in the row whose `id` it was sealed for. */
export function seal(registerKey: Buffer, id: string, person: Objector): Buffer {
  return sealText(registerKey, id, JSON.stringify(person));
}

/** @throws where the seal is of another version, key or row, or was changed */
export function unseal(registerKey: Buffer, id: string, sealed: Buffer): Objector {
  return objector.parse(JSON.parse(unsealText(registerKey, id, sealed)));
}
