import { randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { Demographics, Federation } from '../federation/answer.ts';

/** How long the demographics service may take to say who an objector is. */
const patienceMs = 15_000;

/** Asks the demographics service on behalf of the register: nobody's launch, the organisation of the first host. */
export function identityCheck(
  federation: Pick<Federation, 'demographics'>,
  config: Pick<Config, 'region' | 'hosts'>,
): (nhsNumber: string) => Promise<Demographics> {
  const [host] = config.hosts;
  const organisation = { ods: host?.organisation ?? '', name: host?.organisationName ?? config.region.name };
  return (nhsNumber) =>
    federation.demographics(
      nhsNumber,
      {
        userId: 'objections-register',
        userName: 'Objections register',
        organisation,
        role: { code: '', title: 'Records officer' },
        traceId: randomUUID(),
      },
      AbortSignal.timeout(patienceMs),
    );
}
