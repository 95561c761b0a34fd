import type { EncryptedLinkHost } from '../../config/schema.ts';
import { refuse } from '../page/refusal.ts';
import { linkBytes, openLink } from './cipher.ts';
import { readTemplate } from './template.ts';

/** A link as it came, and when. It is told stale by when it came, not by how long the sign-in took. */
export type AskedLink = { readonly c: string; readonly arrivedAt: number };

/** How long a link works that says when it was made, and how far the EPR's clock may stand from ours. */
const linkMs = 5 * 60_000;
const clockSkewMs = 60_000;

/**
 * The person that a link is about.
 * @throws {Fault} `link-malformed`, one and the same for everything that is wrong with it; `link-stale`
 */
export function readLink(
  host: EncryptedLinkHost,
  key: Buffer,
  { c, arrivedAt }: AskedLink,
): { readonly nhsNumber: string; readonly birthDate: string } {
  const bytes = linkBytes(host.cipher, c);
  const plain = bytes === undefined ? undefined : openLink(host.cipher, key, bytes);
  const content = plain === undefined ? undefined : readTemplate(host.template, plain);
  if (content === undefined) throw refuse('link-malformed', 'not what the host’s key and template give');
  const { madeAt, ...person } = content;
  if (madeAt !== undefined && (arrivedAt - madeAt > linkMs + clockSkewMs || madeAt - arrivedAt > clockSkewMs))
    throw refuse('link-stale', madeAt > arrivedAt ? 'from the future' : 'too old');
  return person;
}
