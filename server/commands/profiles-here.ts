import { profileCommands } from '../governance/profile-command.ts';
import type { OpenCommands } from './on-store.ts';

/** What `npm run profiles` does, on the store itself. */
export const open: OpenCommands = async ({ config, secrets, db, audit }) => ({
  commands: profileCommands({ config, db, idKey: secrets.idKey, audit }),
});
