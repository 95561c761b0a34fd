import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { isObject, object, objects, text, texts, type JsonObject } from '../../src/fhir/json.ts';
import { readCodeList, type ListedCode } from './code-list.ts';
import { descendantsOf, readHierarchy, type Hierarchy } from './hierarchy.ts';
import { readConceptMap, type Mapping } from './concept-map.ts';
import {
  categorySchema,
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
export type LoadedCategory = Category & {
  readonly listedCodes: readonly ListedCode[];
  /** The codes of what would be false without what is withheld. */
  readonly falselyRemaining: readonly ListedCode[];
};

/** The configuration of one deployment, read and checked whole. */
export type Config = {
  readonly region: Region;
  readonly hosts: readonly Host[];
  readonly clients: readonly Client[];
  readonly sources: readonly Source[];
  readonly viewOnly: readonly ViewOnly[];
  readonly roles: readonly Role[];
  readonly categories: readonly LoadedCategory[];
  /** What the local codes of a source mean, by its id; of the sources that bring a ConceptMap. */
  readonly mappings: ReadonlyMap<string, readonly Mapping[]>;
  /** Virtual medicinal products with their actual ones, where the region gives them. */
  readonly medicines?: Hierarchy;
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
type Parsed<Name extends FileName> = z.infer<(typeof configFiles)[Name]>;
type Issue = z.core.$ZodIssue;

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

function pathOf(steps: readonly PropertyKey[]): string {
  return steps
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** What a rule of the schema wants, in words that follow "expected". */
function expectedOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return typeWords[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map((value) => brief(value)).join(', ')}`;
  if (issue.code === 'invalid_format' && issue.format === 'url') return 'a URL that begins http:// or https://';
  const [, kinds] = /^Invalid discriminator value\. Expected (.*)$/.exec(issue.message) ?? [];
  if (kinds !== undefined) return `one of ${kinds.replaceAll(' | ', ', ').replaceAll("'", '')}`;
  return issue.message.replace(/^(Invalid input: expected |Too (small|big): expected )/, '');
}

function faultsOf(file: string, json: unknown, issue: Issue): readonly ConfigFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { file, path: pathOf(path), found: brief(at(json, path)), expected: 'no field of this name' };
    });
  }
  const found = brief(at(json, issue.path));
  return [{ file, path: pathOf(issue.path), found, expected: expectedOf(issue) }];
}

function parsedJson(file: string, content: string, faults: ConfigFault[]): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch (error) {
    faults.push({ file, path: '', found: error instanceof Error ? error.message : 'broken JSON', expected: 'JSON' });
    return undefined;
  }
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
  return parsedJson(file, content, faults);
}

/** A file as it stands, for the rules that reach over several files, and as its schema has it where that fits. */
type Read<Name extends FileName> = { readonly json: unknown; readonly parsed: Parsed<Name> | undefined };

async function readFileOf<Name extends FileName>(
  folder: string,
  file: Name,
  faults: ConfigFault[],
): Promise<Read<Name>> {
  const json = await readJson(folder, file, faults);
  if (json === undefined) return { json, parsed: undefined };
  const parsed = configFiles[file].safeParse(json);
  if (parsed.success) return { json, parsed: parsed.data as Parsed<Name> };
  faults.push(...parsed.error.issues.flatMap((issue) => faultsOf(file, json, issue)));
  return { json, parsed: undefined };
}

/** The values that stand more than once, each said once. */
function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

function unique(file: string, what: string, rows: readonly JsonObject[], faults: ConfigFault[]): void {
  for (const value of repeated(rows.map((row) => text(row[what])).filter((one) => one !== undefined)))
    faults.push({ file, path: what, found: `${brief(value)} more than once`, expected: `each ${what} once` });
}

/** The categories that fit the schema: each alone, so that the code lists of the others are checked all the same. */
function categoriesOf(exclusions: Read<'exclusions.json'>): readonly Category[] {
  return (
    exclusions.parsed?.categories ??
    objects(object(exclusions.json)?.['categories']).flatMap((one) => {
      const parsed = categorySchema.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    })
  );
}

/** Reads a file of a hierarchy, from the folder on; undefined, and a fault, where that fails. */
async function readNamedHierarchy(
  folder: string,
  name: string,
  at: Pick<ConfigFault, 'file' | 'path'>,
  faults: ConfigFault[],
): Promise<Hierarchy | undefined> {
  try {
    return await readHierarchy(resolve(folder, name));
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error;
    const expected = isMissing || !(error instanceof Error) ? 'a file of this name that can be read' : error.message;
    faults.push({ ...at, found: brief(name), expected });
    return undefined;
  }
}

/** Reads the files of the SNOMED CT hierarchy that exclusions.json names. */
async function readHierarchies(
  folder: string,
  exclusions: Read<'exclusions.json'>,
  faults: ConfigFault[],
): Promise<readonly Hierarchy[]> {
  const at = { file: 'exclusions.json', path: 'hierarchy' };
  const names = exclusions.parsed?.hierarchy ?? [];
  const read = await Promise.all(names.map((name) => readNamedHierarchy(folder, name, at, faults)));
  return read.filter((one) => one !== undefined);
}

/** Codes with all that lies below those of SNOMED CT. */
function withDescendants(codes: readonly ListedCode[], hierarchies: readonly Hierarchy[]): readonly ListedCode[] {
  const ids = codes.filter((one) => one.system === 'SNOMED CT').map((one) => one.code);
  const below = descendantsOf(ids, hierarchies);
  return [...codes, ...below.map((code) => ({ system: 'SNOMED CT' as const, code, term: '' }))];
}

async function readCategories(
  folder: string,
  categories: readonly Category[],
  hierarchies: readonly Hierarchy[],
  faults: ConfigFault[],
): Promise<readonly LoadedCategory[]> {
  const listed = async (
    category: Category,
    field: string,
    names: readonly string[],
  ): Promise<readonly ListedCode[]> => {
    const lists = await Promise.all(
      names.map(async (name) => {
        const file = `exclusions/${name}`;
        try {
          const { codes, faults: found } = readCodeList(await readFile(join(folder, file), 'utf8'));
          faults.push(...found.map((fault) => ({ file, ...fault })));
          return codes;
        } catch {
          const path = `categories ${category.id} ${field}`;
          faults.push({ file: 'exclusions.json', path, found: brief(name), expected: `a file ${file}` });
          return [];
        }
      }),
    );
    return withDescendants(lists.flat(), hierarchies);
  };
  return Promise.all(
    categories.map(async (category) => ({
      ...category,
      services: [...category.services, ...descendantsOf(category.services, hierarchies)],
      listedCodes: await listed(category, 'codes', category.codes),
      falselyRemaining: await listed(category, 'falseRemains.codes', category.falseRemains?.codes ?? []),
    })),
  );
}

/** Reads the ConceptMaps that the sources name, in the order in which they name them. */
async function readMappings(
  folder: string,
  sources: Read<'sources.json'>,
  faults: ConfigFault[],
): Promise<ReadonlyMap<string, readonly Mapping[]>> {
  const read = async (name: string, index: number): Promise<readonly Mapping[]> => {
    const file = `concept-maps/${name}`;
    const content = await readFile(join(folder, file), 'utf8').catch(() => undefined);
    if (content === undefined) {
      const path = `sources[${index}].conceptMaps`;
      faults.push({ file: 'sources.json', path, found: brief(name), expected: `a file ${file}` });
      return [];
    }
    const json = parsedJson(file, content, faults);
    if (json === undefined) return [];
    const map = readConceptMap(json);
    faults.push(
      ...map.faults.map(({ path, message }) => ({
        file,
        path: pathOf(path),
        found: brief(at(json, path)),
        expected: message,
      })),
    );
    return map.mappings;
  };
  const ofSources = await Promise.all(
    (sources.parsed?.sources ?? []).map(async ({ id, conceptMaps = [] }, index) => {
      const maps = await Promise.all(conceptMaps.map((name) => read(name, index)));
      return [id, maps.flat()] as const;
    }),
  );
  return new Map(ofSources.filter(([, mappings]) => mappings.length > 0));
}

const noViewer: ConfigFault = {
  file: 'clients.json',
  path: 'clients',
  found: 'no viewer',
  expected: 'one client whose launchUri ends in /app/launch',
};

/** The rules over several rows or files, on what stands in them: also where a row has a fault of its own. */
function crossFaults(
  json: Readonly<Record<'hosts' | 'clients' | 'sources' | 'roles' | 'exclusions', unknown>>,
): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  const rows = (file: keyof typeof json, member: string): readonly JsonObject[] =>
    objects(object(json[file])?.[member]);
  const hosts = rows('hosts', 'hosts');
  const clients = rows('clients', 'clients');
  const sources = rows('sources', 'sources');
  const roles = rows('roles', 'roles');
  unique('hosts.json', 'id', hosts, faults);
  unique('clients.json', 'clientId', clients, faults);
  unique('sources.json', 'id', sources, faults);
  unique('sources.json', 'label', sources, faults);
  unique('roles.json', 'code', roles, faults);
  unique('exclusions.json', 'id', rows('exclusions', 'categories'), faults);
  const known = new Set(roles.map((role) => text(role['code'])));
  hosts.forEach((host, index) => {
    for (const code of isObject(json.roles) ? texts(host['roles']).filter((one) => !known.has(one)) : [])
      faults.push({
        file: 'hosts.json',
        path: `hosts[${index}].roles`,
        found: brief(code),
        expected: 'a code of roles.json',
      });
  });
  if (isObject(json.clients) && !clients.some((client) => text(client['launchUri'])?.endsWith('/app/launch')))
    faults.push(noViewer);
  const demographics = sources.filter((source) => source['kind'] === 'pds').length;
  if (isObject(json.sources) && demographics !== 1)
    faults.push({
      file: 'sources.json',
      path: 'sources',
      found: `${demographics} of kind pds`,
      expected: 'exactly one source of kind pds',
    });
  return faults;
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
  const hierarchies = await readHierarchies(folder, exclusions, faults);
  const products = region.parsed?.medicines;
  const medicines =
    products === undefined
      ? undefined
      : await readNamedHierarchy(folder, products, { file: 'region.json', path: 'medicines' }, faults);
  const [categories, mappings] = await Promise.all([
    readCategories(folder, categoriesOf(exclusions), hierarchies, faults),
    readMappings(folder, sources, faults),
  ]);
  faults.push(
    ...crossFaults({
      hosts: hosts.json,
      clients: clients.json,
      sources: sources.json,
      roles: roles.json,
      exclusions: exclusions.json,
    }),
  );
  if (
    faults.length > 0 ||
    !region.parsed ||
    !hosts.parsed ||
    !clients.parsed ||
    !sources.parsed ||
    !roles.parsed ||
    !exclusions.parsed
  )
    throw new ConfigError(faults);
  const all = exclusions.parsed.switchedOff;
  return {
    region: region.parsed,
    hosts: hosts.parsed.hosts,
    clients: clients.parsed.clients,
    sources: sources.parsed.sources,
    viewOnly: sources.parsed.viewOnly,
    roles: roles.parsed.roles.map(titled),
    categories:
      all === undefined ? categories : categories.map((one) => ({ ...one, enabled: false, switchedOff: all })),
    mappings,
    ...(medicines === undefined ? {} : { medicines }),
  };
}

/** A role whose holder is supervised says so wherever its title stands: on the screen, on the registration page, to sources. */
function titled(role: Role): Role {
  return role.supervised && !/supervised/i.test(role.title) ? { ...role, title: `${role.title} (supervised)` } : role;
}

/** The client that is the viewer: the one whose launch URI ends in `/app/launch`. */
export function viewerOf(config: Config): Client {
  const viewer = config.clients.find((client) => client.launchUri.endsWith('/app/launch'));
  if (viewer === undefined) throw new ConfigError([noViewer]);
  return viewer;
}

/** The sources that contribute to a record: all but the demographics service. */
export function contributorsOf(config: Config): readonly Source[] {
  return config.sources.filter((source) => source.kind !== 'pds');
}

/** What the region has decided to show after all: by whom, when and why. */
export type SwitchedOff = { readonly id: string; readonly title: string } & NonNullable<Category['switchedOff']>;

/** Each category that is switched off, whether by itself or with all the others. */
export function switchedOffIn(config: Pick<Config, 'categories'>): readonly SwitchedOff[] {
  return config.categories.flatMap(({ id, title, enabled, switchedOff }) =>
    enabled || switchedOff === undefined ? [] : [{ id, title, ...switchedOff }],
  );
}

/** The one sentence about what is never shown, the same for everyone (viewer-look.md §10). */
export function neverShownSentence(config: Config): string {
  const titles = config.categories.filter((category) => category.enabled).map((category) => category.title);
  return titles.length === 0
    ? 'Nothing is left out of this record on purpose.'
    : `Some things are never shown here, for anyone: ${titles.join(', ')}.`;
}
