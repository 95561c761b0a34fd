import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { keyedHash } from '../keyed-hash.ts';

/** Whom an objection is about, for the officer's screen and letters. */
export type Objector = { readonly nhsNumber: string; readonly name: string; readonly birthDate: string };

const objector = z.object({ nhsNumber: z.string(), name: z.string(), birthDate: z.string() });
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** The name of a register key: tells one key from another and nothing of either. */
export function keyName(registerKey: Buffer): string {
  return keyedHash(registerKey, 'key-name').slice(0, 12);
}

/**
 * Seals a person with AES-256-GCM: a version byte, a random nonce of 12 bytes, the tag of 16, the text. It opens only in
 * the row whose `id` it was sealed for.
 */
export function seal(registerKey: Buffer, id: string, person: Objector): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', registerKey, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(id));
  const body = Buffer.concat([cipher.update(JSON.stringify(person), 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), body]);
}

/** @throws where the seal is of another version, key or row, or was changed */
export function unseal(registerKey: Buffer, id: string, sealed: Buffer): Objector {
  if (sealed[0] !== version) throw new Error(`an objection is sealed in version ${sealed[0]}, which is not known here`);
  const nonce = sealed.subarray(1, 1 + nonceBytes);
  const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
  const decipher = createDecipheriv('aes-256-gcm', registerKey, nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(id))
    .setAuthTag(tag);
  const body = sealed.subarray(1 + nonceBytes + tagBytes);
  return objector.parse(JSON.parse(Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')));
}
