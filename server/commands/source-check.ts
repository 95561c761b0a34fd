import { parseArgs } from 'node:util';
import { watchCertificates } from '../config/certificate-watch.ts';
import { loadConfig, type Config } from '../config/config.ts';
import { readEnvironment, type Environment } from '../config/environment.ts';
import { loadSecrets } from '../config/secrets.ts';
import type { Credentials } from '../federation/auth/reach.ts';
import { checkSource, testNumber } from '../governance/source-check/source-check.ts';
import { createLog } from '../log.ts';
import { sourceCheckText } from './source-check-text.ts';

const usage = `npm run source:check -- <id> [--nhs-number <number>] [--json]

Asks a source of sources.json about a test person, by the same code as a launch does, and says what works, how fast, what it
lists, which local codes have no map and what does not conform. The person is testPerson of region.json unless said. Nothing
of a record is printed: counts and codes alone. The exit code is 1 where nothing of it would reach anybody's screen.`;

/** What the server proves itself with, where any source wants that; read, and nothing made. */
async function credentialsOf({ sources }: Config, { secretsDir }: Environment): Promise<Credentials> {
  const env = process.env;
  if (sources.every(({ auth }) => auth.type === 'none' || auth.type === 'gp-connect-jwt'))
    return { keys: [], certificates: { of: () => undefined }, env };
  const { launchKeys } = await loadSecrets(secretsDir, { mayMake: false, made: () => undefined });
  const certificates = await watchCertificates(sources, { folder: secretsDir, log: createLog('silent') });
  certificates.stop();
  return { keys: launchKeys, certificates, env };
}

/** `npm run source:check -- …` */
try {
  const { positionals, values } = parseArgs({
    options: {
      'nhs-number': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: true,
  });
  const [id, ...rest] = positionals;
  if (values.help || id === undefined) console.log(usage);
  else {
    if (rest.length > 0) throw new Error(`${rest[0]} is one word too many: one source at a time.`);
    const environment = readEnvironment(process.env);
    const config = await loadConfig(environment.configDir);
    const nhsNumber = testNumber(values['nhs-number'] ?? config.region.testPerson);
    const credentials = await credentialsOf(config, environment);
    const check = await checkSource(config, { id, nhsNumber, baseUrl: environment.baseUrl, credentials });
    console.log(values.json ? JSON.stringify(check, null, 2) : sourceCheckText(check));
    if (!check.usable) process.exitCode = 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
