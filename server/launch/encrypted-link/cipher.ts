import { createDecipheriv } from 'node:crypto';
import type { EncryptedLinkHost } from '../../config/schema.ts';

const [ivBytes, nonceBytes, tagBytes, blockBytes] = [16, 12, 16, 16];
/** Far above what a number, a date and a time can need. */
const longestLink = 1024;

/**
 * The bytes of a link's `c`, base64url or base64 (a `+` that a URL has made into a space is taken for one).
 * Undefined where it is not that, or not of a length that the cipher gives: this needs no key, so it tells nothing.
 */
export function linkBytes(cipher: EncryptedLinkHost['cipher'], c: string): Buffer | undefined {
  const given = c
    .replaceAll(' ', '+')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/={1,2}$/, '');
  if (given.length > longestLink || !/^[A-Za-z0-9+/]+$/.test(given)) return undefined;
  const bytes = Buffer.from(given, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== given) return undefined;
  const fits =
    cipher === 'aes-256-cbc'
      ? bytes.length >= ivBytes + blockBytes && bytes.length % blockBytes === 0
      : bytes.length > nonceBytes + tagBytes;
  return fits ? bytes : undefined;
}

/**
 * Opens a link: iv (16) and ciphertext for CBC; nonce (12), ciphertext and tag (16) for GCM. Undefined for another key,
 * for what was changed, for bad padding and for what is no text, alike.
 */
export function openLink(cipher: EncryptedLinkHost['cipher'], key: Buffer, bytes: Buffer): string | undefined {
  try {
    const plain =
      cipher === 'aes-256-cbc'
        ? (() => {
            const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, ivBytes));
            return Buffer.concat([decipher.update(bytes.subarray(ivBytes)), decipher.final()]);
          })()
        : (() => {
            const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
              authTagLength: tagBytes,
            }).setAuthTag(bytes.subarray(-tagBytes));
            return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
          })();
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch {
    return undefined;
  }
}
