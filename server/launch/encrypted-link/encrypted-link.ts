import type { DoorHandler } from '../door.ts';
import type { PendingAuthorizations } from '../openid/pending.ts';
import type { SignInDoor } from '../sign-in/sign-in.ts';
import { refuse } from '../page/refusal.ts';

/** What the door needs. */
export type EncryptedLinkDeps = { readonly pending: PendingAuthorizations; readonly signIn: SignInDoor };

/** The door. */
export type EncryptedLinkDoor = { readonly enter: DoorHandler; readonly finish: DoorHandler };

/** Not open yet: a configuration with such a host is refused at the start. */
export function createEncryptedLinkDoor(_deps: EncryptedLinkDeps): EncryptedLinkDoor {
  const shut: DoorHandler = async () => {
    throw refuse('invalid-request', 'no context');
  };
  return { enter: shut, finish: shut };
}
