import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isObject, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { loadConfig } from '../config/config.ts';
import { readEnvironment } from '../config/environment.ts';
import { replaceFile } from '../config/replace-file.ts';
import { readCommand, usage, type ClientEntry } from './client-arguments.ts';
import { Refusal } from './refusal.ts';
import { configText } from './config-text.ts';

const file = 'clients.json';
const takesEffect = 'Servers that run take it within seconds.';

async function readJson(path: string): Promise<JsonObject> {
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(`${path} cannot be read (${error.code}).`);
  });
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    json = undefined;
  }
  if (!isObject(json)) throw new Refusal(`${path} is not a JSON object.`);
  return json;
}

/** Puts other clients in the place of those that are there, where the configuration with them is fine as a whole. */
async function replaceClients(folder: string, change: (clients: readonly JsonObject[]) => unknown): Promise<void> {
  const path = join(folder, file);
  const before = await readJson(path);
  const content = configText({ ...before, clients: change(objects(before['clients'])) });
  const trial = await mkdtemp(join(tmpdir(), 'ohc-clients-'));
  try {
    await cp(folder, trial, { recursive: true });
    await writeFile(join(trial, file), content);
    await loadConfig(trial);
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
  await replaceFile(path, content, (await stat(path)).mode & 0o777);
}

async function add(folder: string, entry: ClientEntry, jwksFile: string | undefined): Promise<void> {
  const jwks = jwksFile === undefined ? {} : { jwks: await readJson(jwksFile) };
  const secret = entry.clientAuth === 'client_secret_basic' ? randomBytes(32).toString('base64url') : undefined;
  const hash = secret === undefined ? {} : { secretHash: createHash('sha256').update(secret).digest('base64url') };
  await replaceClients(folder, (clients) => {
    if (clients.some((one) => one['clientId'] === entry.clientId))
      throw new Refusal(`${entry.clientId} is registered already. Remove it first, or take another --id.`);
    return [...clients, { ...entry, ...jwks, ...hash }];
  });
  console.log(`${entry.clientId} is registered in ${join(folder, file)}. ${takesEffect}`);
  if (secret !== undefined) console.log(`Its secret, shown this once: ${secret}`);
}

async function list(folder: string): Promise<void> {
  for (const { clientId, clientAuth, redirectUris, until, name, owner } of (await loadConfig(folder)).clients)
    console.log(
      [
        clientId,
        redirectUris.length === 0 ? `${clientAuth} (backend)` : clientAuth,
        until === undefined ? 'no end' : `until ${until}`,
        name,
        owner,
      ].join('\t'),
    );
}

async function remove(folder: string, id: string): Promise<void> {
  await replaceClients(folder, (clients) => {
    const left = clients.filter((one) => text(one['clientId']) !== id);
    if (left.length === clients.length) throw new Refusal(`${id} is not registered.`);
    return left;
  });
  console.log(`${id} is removed from ${join(folder, file)}. ${takesEffect}`);
}

/** `npm run clients -- …`: the SMART apps that may launch on this server. */
try {
  const command = readCommand(process.argv.slice(2));
  const { configDir } = readEnvironment(process.env);
  if (command.command === 'help') console.log(usage);
  else if (command.command === 'add') await add(configDir, command.client, command.jwksFile);
  else if (command.command === 'list') await list(configDir);
  else await remove(configDir, command.id);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
