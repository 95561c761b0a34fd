import type { Joined } from '../federation/answer.ts';
import { hostSource } from '../federation/host-record.ts';
import type { LaunchContext } from '../launch/context.ts';
import type { House } from './house.ts';

/** The host's own record, where this launch brought it and the host's entry still says that it joins. */
export function joinedOf(house: House, { host: id, hostRecord }: LaunchContext): Joined | undefined {
  if (hostRecord === undefined) return undefined;
  const host = house.config.hosts.find((one) => one.id === id);
  if (host?.door !== 'smart' || !host.recordAsSource) return undefined;
  return {
    source: hostSource(host),
    patientId: hostRecord.patientId,
    authorization: () => house.hostAuthorization(hostRecord.tokens),
  };
}
