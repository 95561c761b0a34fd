import type { Asker } from '../federation/answer.ts';
import type { LaunchContext } from '../launch/context.ts';
import type { House } from './house.ts';

/** On whose behalf the sources are asked for a launch. `requestId` stands for it in their trace headers. */
export function askerOf({ config }: Pick<House, 'config'>, context: LaunchContext, requestId: string): Asker {
  const { user, organisation, role } = context;
  return {
    userId: user.id,
    userName: user.name,
    organisation,
    role: { code: role, title: config.roles.find((one) => one.code === role)?.title ?? role },
    ...(user.registration === undefined ? {} : { registration: user.registration }),
    ...(user.sds === undefined ? {} : { sds: user.sds }),
    traceId: requestId,
  };
}
