import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { configFiles } from '../config/schema.ts';

/** The JSON Schema of each configuration file, by the name of the file that it stands in. */
export function configSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(configFiles).map(([file, schema]) => [
      file.replace('.json', '.schema.json'),
      // As an author writes the file: what has a default may be left out.
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`,
    ]),
  );
}

/** The schema files of a folder that are missing or say something else than the code does. */
export async function outdatedSchemas(folder: string): Promise<readonly string[]> {
  const outdated: string[] = [];
  for (const [name, content] of configSchemas())
    if ((await readFile(join(folder, name), 'utf8').catch(() => '')) !== content) outdated.push(name);
  return outdated;
}

// `npm run config:schema`: editors check the configuration while it is typed.
if (import.meta.main) {
  for (const [name, content] of configSchemas()) await writeFile(join('smart-config', name), content);
  console.log(`Wrote ${configSchemas().size} schemas beside the files of smart-config.`);
}
