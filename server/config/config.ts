import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { readCodeList, type ListedCode } from './code-list.ts';
import {
  configFiles,
  type Category,
  type Client,
  type Host,
  type Region,
  type Role,
  type Source,
  type ViewOnly,
} from './schema.ts';

/** A category with its code lists read. */
export type LoadedCategory = Category & { readonly listedCodes: readonly ListedCode[] };

/** The configuration of one deployment, read and checked whole. */
export type Config = {
  readonly region: Region;
  readonly hosts: readonly Host[];
  readonly clients: readonly Client[];
  readonly sources: readonly Source[];
  readonly viewOnly: readonly ViewOnly[];
  readonly roles: readonly Role[];
  readonly categories: readonly LoadedCategory[];
};

/** One fault of the configuration. */
export type ConfigFault = {
  readonly file: string;
  readonly path: string;
  readonly found: string;
  readonly expected: string;
};

/** Every fault of a configuration, so that an operator mends them in one go. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(
      faults
        .map(
          ({ file, path, found, expected }) =>
            `${file}${path === '' ? '' : ` ${path}`}: found ${found}, expected ${expected}`,
        )
        .join('\n'),
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

type FileName = keyof typeof configFiles;
type Read<Name extends FileName> = z.infer<(typeof configFiles)[Name]> | undefined;

function brief(value: unknown): string {
  if (value === undefined) return 'nothing';
  const shown = JSON.stringify(value);
  return shown.length > 80 ? `${shown.slice(0, 77)}…` : shown;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const step of path)
    here = typeof here === 'object' && here !== null ? (here as Record<PropertyKey, unknown>)[step] : undefined;
  return here;
}

async function readJson(folder: string, file: string, faults: ConfigFault[]): Promise<unknown> {
  let content: string;
  try {
    content = await readFile(join(folder, file), 'utf8');
  } catch {
    faults.push({
      file,
      path: '',
      found: 'no such file',
      expected: `a file ${file} in the folder that SMART_CONFIG names`,
    });
    return undefined;
  }
  try {
    return JSON.parse(content) as unknown;
  } catch (error) {
    faults.push({ file, path: '', found: error instanceof Error ? error.message : 'broken JSON', expected: 'JSON' });
    return undefined;
  }
}

async function readFileOf<Name extends FileName>(
  folder: string,
  file: Name,
  faults: ConfigFault[],
): Promise<Read<Name>> {
  const json = await readJson(folder, file, faults);
  if (json === undefined) return undefined;
  const parsed = configFiles[file].safeParse(json);
  if (parsed.success) return parsed.data as Read<Name>;
  for (const issue of parsed.error.issues) {
    const path = issue.path
      .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
      .join('')
      .replace(/^\./, '');
    faults.push({ file, path, found: brief(at(json, issue.path)), expected: issue.message });
  }
  return undefined;
}

/** The values that stand more than once, each said once. */
function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

function unique(file: string, what: string, values: readonly string[], faults: ConfigFault[]): void {
  for (const value of repeated(values))
    faults.push({ file, path: what, found: `${brief(value)} more than once`, expected: `each ${what} once` });
}

async function readCategories(
  folder: string,
  categories: readonly Category[],
  faults: ConfigFault[],
): Promise<readonly LoadedCategory[]> {
  return Promise.all(
    categories.map(async (category) => {
      const lists = await Promise.all(
        category.codes.map(async (name) => {
          const file = `exclusions/${name}`;
          try {
            const { codes, faults: found } = readCodeList(await readFile(join(folder, file), 'utf8'));
            faults.push(...found.map((fault) => ({ file, ...fault })));
            return codes;
          } catch {
            faults.push({
              file: 'exclusions.json',
              path: `categories ${category.id} codes`,
              found: brief(name),
              expected: `a file ${file}`,
            });
            return [];
          }
        }),
      );
      return { ...category, listedCodes: lists.flat() };
    }),
  );
}

/**
 * Reads and checks the whole configuration folder.
 * @throws {ConfigError} with every fault at once: file, path in it, what was found and what was expected
 */
export async function loadConfig(folder: string): Promise<Config> {
  const faults: ConfigFault[] = [];
  const [region, hosts, clients, sources, roles, exclusions] = await Promise.all([
    readFileOf(folder, 'region.json', faults),
    readFileOf(folder, 'hosts.json', faults),
    readFileOf(folder, 'clients.json', faults),
    readFileOf(folder, 'sources.json', faults),
    readFileOf(folder, 'roles.json', faults),
    readFileOf(folder, 'exclusions.json', faults),
  ]);
  const categories = await readCategories(folder, exclusions?.categories ?? [], faults);
  unique('hosts.json', 'id', hosts?.hosts.map((host) => host.id) ?? [], faults);
  unique('clients.json', 'clientId', clients?.clients.map((client) => client.clientId) ?? [], faults);
  unique('sources.json', 'id', sources?.sources.map((source) => source.id) ?? [], faults);
  unique('sources.json', 'label', sources?.sources.map((source) => source.label) ?? [], faults);
  unique('roles.json', 'code', roles?.roles.map((role) => role.code) ?? [], faults);
  unique(
    'exclusions.json',
    'id',
    categories.map((category) => category.id),
    faults,
  );
  const known = new Set(roles?.roles.map((role) => role.code));
  for (const host of roles === undefined ? [] : (hosts?.hosts ?? [])) {
    for (const code of host.roles.filter((one) => !known.has(one))) {
      faults.push({
        file: 'hosts.json',
        path: `${host.id}.roles`,
        found: brief(code),
        expected: 'a code of roles.json',
      });
    }
  }
  if (clients !== undefined && !clients.clients.some((client) => client.launchUri.endsWith('/app/launch'))) {
    faults.push({
      file: 'clients.json',
      path: 'clients',
      found: 'no viewer',
      expected: 'one client whose launchUri ends in /app/launch',
    });
  }
  if (faults.length > 0 || !region || !hosts || !clients || !sources || !roles) throw new ConfigError(faults);
  return {
    region,
    hosts: hosts.hosts,
    clients: clients.clients,
    sources: sources.sources,
    viewOnly: sources.viewOnly,
    roles: roles.roles,
    categories,
  };
}

/** The client that is the viewer: the one whose launch URI ends in `/app/launch`. */
export function viewerOf(config: Config): Client {
  const viewer = config.clients.find((client) => client.launchUri.endsWith('/app/launch'));
  if (viewer === undefined)
    throw new ConfigError([
      {
        file: 'clients.json',
        path: 'clients',
        found: 'no viewer',
        expected: 'one client whose launchUri ends in /app/launch',
      },
    ]);
  return viewer;
}

/** The sources that contribute to a record: all but the demographics service. */
export function contributorsOf(config: Config): readonly Source[] {
  return config.sources.filter((source) => source.kind !== 'pds');
}

/** The one sentence about what is never shown, the same for everyone (viewer-look.md §10). */
export function neverShownSentence(config: Config): string {
  const titles = config.categories.filter((category) => category.enabled).map((category) => category.title);
  return titles.length === 0
    ? 'Nothing is left out of this record on purpose.'
    : `Some things are never shown here, for anyone: ${titles.join(', ')}.`;
}
