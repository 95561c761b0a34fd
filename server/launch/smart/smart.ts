import type { DoorHandler } from '../door.ts';
import type { PendingAuthorizations } from '../openid/pending.ts';
import { refuse } from '../page/refusal.ts';

/** What the door needs. */
export type SmartDeps = { readonly pending: PendingAuthorizations };

/** The door. */
export type SmartDoor = { readonly enter: DoorHandler; readonly finish: DoorHandler };

/** Not open yet: a configuration with such a host is refused at the start. */
export function createSmartDoor(_deps: SmartDeps): SmartDoor {
  const shut: DoorHandler = async () => {
    throw refuse('invalid-request', 'no context');
  };
  return { enter: shut, finish: shut };
}
