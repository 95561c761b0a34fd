import { narrow as narrowScopes } from '../auth/scope.ts';
import { Fault } from '../fault.ts';
import type { LaunchContext } from '../launch/context.ts';
import { askerOf } from './asker.ts';
import { gate } from './gate.ts';
import { heldFor } from './gather.ts';
import type { House } from './house.ts';

/**
 * True where an app may ask for more of the record than who the person is: the sources are asked for no other. What it
 * does ask for nobody knows yet, only what it is registered for and what the role allows.
 */
function needsRecord({ config }: Pick<House, 'config'>, { clientId, role }: LaunchContext): boolean {
  const registered = config.clients.find((one) => one.clientId === clientId)?.scope.split(' ') ?? [];
  const allowed = config.roles.find((one) => one.code === role)?.scopes ?? [];
  return narrowScopes(registered, allowed).some((scope) => /^patient\/(?!Patient\.)/.test(scope));
}

/**
 * Begins to gather the record of a launch that has just been handed over, so that it is often there already when the app
 * asks for it. Nothing leaves by this: it asks the gate, and then the sources as a request would, and what they answer
 * waits for a request of this launch (`gather.ts`), which is asked at the gate anew, heeds consent, withholds, narrows and
 * records before anything is released. Where the gate says no, nobody is asked and nothing is kept.
 * @param requestId of the launch's own request, for the sources' trace headers
 */
export function beginGathering(
  house: House,
  context: LaunchContext & { readonly gathering: string },
  requestId: string,
): void {
  const { host, user, patient, hostRecord, gathering } = context;
  if ((patient === undefined && hostRecord === undefined) || !needsRecord(house, context)) return;
  house.early.begin({ key: gathering, user: JSON.stringify([host, user.id]) }, async (signal) => {
    const asker = askerOf(house, context, requestId);
    const { person, joined } = await gate(house, { session: { context }, signal }, asker).catch((error: unknown) => {
      house.log.info({ requestId, code: error instanceof Fault ? error.code : 'exception' }, 'nothing gathered early');
      throw error;
    });
    return {
      what: heldFor(gathering, context, person),
      answers: house.federation.gather(person, asker, context.clientId, signal, joined),
    };
  });
}
