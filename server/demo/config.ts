import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, object, objects, type JsonObject } from '../../src/fhir/json.ts';

/** The origin of the demo as the shipped configuration writes it. */
const shippedOrigin = 'http://127.0.0.1:3001';

/** What the derived configuration has beyond the shipped one. */
export type Additions = {
  /** The origin at which this demo really listens. */
  readonly demoUrl: string;
  /** A source more. */
  readonly source?: object | undefined;
  /** Practices more, by ODS code, for the source of kind `gp-connect`. */
  readonly practices?: Readonly<Record<string, object>>;
  /** Hosts more. */
  readonly hosts?: readonly object[];
};

/** The value with every URL of the demo moved to where it really listens. */
function moved(value: unknown, demoUrl: string): unknown {
  if (typeof value === 'string')
    return value === shippedOrigin || value.startsWith(`${shippedOrigin}/`)
      ? demoUrl + value.slice(shippedOrigin.length)
      : value;
  if (Array.isArray(value)) return value.map((one) => moved(one, demoUrl));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, moved(inner, demoUrl)]));
}

function withSources(json: JsonObject, { source, practices = {} }: Additions): JsonObject {
  const sources = objects(json['sources']).map((one) =>
    one['kind'] === 'gp-connect' ? { ...one, practices: { ...object(one['practices']), ...practices } } : one,
  );
  return { ...json, sources: source === undefined ? sources : [...sources, source] };
}

function withAdditions(file: string, json: JsonObject, additions: Additions): JsonObject {
  if (file === 'sources.json') return withSources(json, additions);
  if (file !== 'hosts.json' || additions.hosts === undefined) return json;
  return { ...json, hosts: [...objects(json['hosts']), ...additions.hosts] };
}

/**
 * Writes the configuration that this run of the demo gives to the server: a copy of `from`, so that what an operator
 * edits there counts, with the demo's URLs at its real port and with what the records folder brings.
 */
export async function writeDemoConfig(from: string, to: string, additions: Additions): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const path = join(from, entry.name);
    if (!entry.isFile() || !entry.name.endsWith('.json') || entry.name.endsWith('.schema.json')) {
      await cp(path, join(to, entry.name), { recursive: true });
      continue;
    }
    const content = await readFile(path, 'utf8');
    const json = moved(parse(content), additions.demoUrl);
    // What is no JSON goes on as it is: the server says where the fault is.
    const written = isObject(json) ? JSON.stringify(withAdditions(entry.name, json, additions), null, 2) : content;
    await writeFile(join(to, entry.name), written);
  }
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
