import { createCipheriv, randomBytes } from 'node:crypto';
import type { HostPerson } from './host.ts';

/** The two ways in which an EPR of this kind can encrypt. */
export type LinkCipher = 'aes-256-gcm' | 'aes-256-cbc';

/** The key as the server reads it from `DEMO_LINK_KEY`: 64 hexadecimal digits. */
export function newLinkKey(): Buffer {
  return randomBytes(32);
}

/** What a link says, as the `template` of the host's entry has it. `now`: ms since 1970. */
export function linkText({ nhsNumber, birthDate }: Pick<HostPerson, 'nhsNumber' | 'birthDate'>, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return `nhs=${nhsNumber}&dob=${birthDate}&t=${time}`;
}

/** The text encrypted, base64url: nonce (12 bytes), ciphertext, tag (16) for GCM; IV (16), ciphertext for CBC. */
export function encryptedLink(text: string, cipher: LinkCipher, key: Buffer): string {
  if (cipher === 'aes-256-gcm') {
    const nonce = randomBytes(12);
    const gcm = createCipheriv('aes-256-gcm', key, nonce);
    return Buffer.concat([nonce, gcm.update(text, 'utf8'), gcm.final(), gcm.getAuthTag()]).toString('base64url');
  }
  const iv = randomBytes(16);
  const cbc = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([iv, cbc.update(text, 'utf8'), cbc.final()]).toString('base64url');
}
