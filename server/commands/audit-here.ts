import { auditCommands } from '../governance/audit-command.ts';
import type { OpenCommands } from './on-store.ts';

/** What `npm run audit` does, on the store itself. */
export const open: OpenCommands = async ({ environment, config, secrets, audit }) => ({
  commands: auditCommands({ config, trail: audit, idKey: secrets.idKey, dataDir: environment.dataDir }),
});
