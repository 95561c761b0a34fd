import { resolve } from 'node:path';
import { ConfigError, loadConfig } from '../config/config.ts';

/** `npm run config:check [-- folder]`: every fault of the configuration, one a line, or one line that says it is fine. */
const folder = resolve(process.argv[2] ?? process.env['SMART_CONFIG'] ?? 'smart-config');
try {
  const config = await loadConfig(folder);
  const codes = config.categories.reduce((total, category) => total + category.listedCodes.length, 0);
  console.log(
    [
      `The configuration is fine: ${config.hosts.length} hosts`,
      `${config.clients.length} clients`,
      `${config.sources.length} sources`,
      `${config.roles.length} roles`,
      `${config.categories.length} exclusion categories with ${codes} codes.`,
    ].join(', '),
  );
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
