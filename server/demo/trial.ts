import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { isObject } from '../../src/fhir/json.ts';
import { loadConfig, type Config } from '../config/config.ts';
import { readEnvironment } from '../config/environment.ts';
import type { SignedContextHost } from '../config/schema.ts';
import { bodies } from '../launch/registration/registration-body.ts';
import { millbrook, trentside, type HostSystem, type HostUser } from './hosts/host.ts';
import { contextClaims, keysOf } from './hosts/signing.ts';
import { people } from './people.ts';

/** Something that ends a command, told in one sentence. */
export class Sentence extends Error {}

/** What is tried: who looks at whom, and from where. */
export type Asked = {
  readonly person?: string | undefined;
  readonly birthDate?: string | undefined;
  readonly host?: string | undefined;
  readonly role?: string | undefined;
  readonly user?: string | undefined;
};

/** A launch to be tried at a demo that was started on this data folder. */
export type Trial = {
  readonly baseUrl: string;
  readonly config: Config;
  readonly user: HostUser;
  readonly role: string;
  /** A context that the demo's host signs now, with more claims where they are given. Good for two minutes. */
  readonly sign: (more?: Readonly<Record<string, unknown>>) => Promise<string>;
};

const notStarted = (folder: string): Sentence =>
  new Sentence(`No demo has been started on ${folder}: run npm start first, with the same DATA_DIR.`);

async function privateKey(folder: string, host: string): Promise<JWK> {
  const content = await readFile(join(folder, 'host-keys.json'), 'utf8').catch(() => {
    throw notStarted(folder);
  });
  const keys: unknown = JSON.parse(content);
  const key = isObject(keys) ? keys[host.replace(/^demo-/, '')] : undefined;
  if (!isObject(key)) throw new Sentence(`The demo has no key for ${host}.`);
  return key;
}

function hostOf(config: Config, id: string): SignedContextHost {
  const hosts = config.hosts.filter((one) => one.door === 'signed-context');
  const host = hosts.find((one) => one.id === id);
  if (host === undefined)
    throw new Sentence(`--host: ${id} signs no contexts: one of ${hosts.map((one) => one.id).join(', ')}.`);
  return host;
}

/** The host's user of that id or role; where it has none of that role, one who is made up for the trial. */
function userOf(config: Config, system: HostSystem | undefined, role: string, id: string | undefined): HostUser {
  const known = system?.users.find((user) => (id === undefined ? user.role === role : user.id === id));
  if (known !== undefined) return { ...known, role };
  const [body] = config.roles.find((one) => one.code === role)?.registration ?? [];
  return {
    id: id ?? `trial.${role.toLowerCase()}`,
    name: 'Sam Trial',
    post: 'Trial',
    role,
    ...(body === undefined ? {} : { registration: { body, number: bodies[body].example } }),
  };
}

function personOf({ person, birthDate }: Asked): { nhsNumber: string; birthDate: string; family: string } {
  if (person === undefined) throw new Sentence('--person: is missing. docs/demo.md lists the people.');
  const nhsNumber = person.replaceAll(/\s/g, '');
  const known = people.find((one) => one.nhsNumber === nhsNumber);
  const born = birthDate ?? known?.birthDate;
  if (born === undefined) throw new Sentence('--birth-date: is missing, since the demo does not know this NHS number.');
  return { nhsNumber, birthDate: born, family: known?.family ?? 'Trial' };
}

/**
 * Gets a launch ready, by the keys and the configuration of the demo that runs on `DATA_DIR`.
 * @throws {Sentence} where there is no demo, or what is asked cannot be
 */
export async function openTrial(asked: Asked): Promise<Trial> {
  const { baseUrl, dataDir } = readEnvironment(process.env);
  const folder = join(dataDir, 'demo');
  const id = asked.host ?? 'demo-millbrook';
  const config = await loadConfig(join(folder, 'smart-config')).catch(() => {
    throw notStarted(folder);
  });
  const host = hostOf(config, id);
  const jwk = await privateKey(folder, id);
  const system = [millbrook, trentside].find((one) => id === `demo-${one.id}`);
  const role = asked.role ?? system?.users.find((user) => user.id === asked.user)?.role ?? 'R8000';
  if (!host.roles.includes(role)) throw new Sentence(`--role: ${id} has no ${role}: one of ${host.roles.join(', ')}.`);
  const user = userOf(config, system, role, asked.user);
  const person = personOf(asked);
  const keys = await keysOf(jwk);
  return {
    baseUrl,
    config,
    user,
    role,
    sign: (more = {}) => {
      const urls = { issuer: host.issuer, audience: baseUrl };
      const claims = contextClaims({ organisation: host.organisation }, user, person, urls);
      return keys.sign({ ...claims, ...more }, Math.floor(Date.now() / 1000));
    },
  };
}

/** Options that both commands of a trial take. */
export const askedOptions = {
  person: { type: 'string' },
  'birth-date': { type: 'string' },
  host: { type: 'string' },
  role: { type: 'string' },
  user: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Runs a command to its end; what ends it is told in one line. */
export async function runCommand(act: () => Promise<string>): Promise<void> {
  try {
    process.stdout.write(`${await act()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

/** Fetches at the server of the demo. */
export async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'manual' });
  } catch {
    throw new Sentence(
      `No server answers at ${new URL(url).origin}: start it with npm start, or set PORT or BASE_URL to where it is.`,
    );
  }
}
