import { linkKeyOf } from '../../config/link-key.ts';
import type { Config } from '../../config/config.ts';
import type { EncryptedLinkHost } from '../../config/schema.ts';
import { undecided } from '../../fault.ts';
import type { DoorHandler } from '../door.ts';
import { refuse } from '../page/refusal.ts';
import { requireOwnWindow } from '../sign-in/standing.ts';
import type { SignInDoor } from '../sign-in/sign-in.ts';
import { linkBytes } from './cipher.ts';
import { readLink } from './link.ts';

/** What the door needs. */
export type EncryptedLinkDeps = { readonly config: Config; readonly signIn: SignInDoor };

/** The door. */
export type EncryptedLinkDoor = { readonly enter: DoorHandler; readonly finish: DoorHandler };

/**
 * The door of EPRs that can only fill in a URL and encrypt it with a fixed key. The link says which person; who asks is
 * said by the sign-in alone, since whoever has a link can send it again. The person is not looked at before that.
 */
export function createEncryptedLinkDoor({ config, signIn }: EncryptedLinkDeps): EncryptedLinkDoor {
  return {
    enter: async (req, attempt) => {
      requireOwnWindow(req);
      const { host: id, c } = req.query;
      const host = config.hosts.find((one): one is EncryptedLinkHost => one.door === 'encrypted-link' && one.id === id);
      if (host === undefined) throw refuse('context-issuer', 'no host of that id has encrypted links');
      attempt.known = { detail: { claimedHost: host.id } };
      if (typeof c !== 'string' || linkBytes(host.cipher, c) === undefined)
        throw refuse('link-malformed', 'not of the form that the cipher gives');
      const link = { c, arrivedAt: Date.now() };
      // GCM proves itself: what was altered is refused at once. What CBC gives for an altered link is looked at only for
      // a user who is known and counted, so that nobody else can try what it gives.
      if (host.cipher === 'aes-256-gcm') {
        const key = linkKeyOf(host, process.env);
        if (key === undefined) throw undecided(`the environment has no key in ${host.keyEnv}`);
        readLink(host, key, link);
      }
      return signIn.arrive(host, { link }, req.headers.cookie);
    },
    finish: signIn.finish,
  };
}
