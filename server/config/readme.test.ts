import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { readEnvironment } from './environment.ts';
import { hostSchema, roleSchema, sourceSchema } from './schema.ts';
import { sourceAuthSchema } from './source-auth-schema.ts';

const readme = await readFile('README.md', 'utf8');
const schemas: Readonly<Record<string, z.ZodType>> = { source: sourceSchema, host: hostSchema, role: roleSchema };

/** Every JSON snippet of a text, by the word behind `json` that says what it is. */
const snippetsOf = (markdown: string): readonly { readonly kind: string; readonly content: string }[] =>
  [...markdown.matchAll(/^```json ?(\w*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', content = '']) => ({
    kind,
    content,
  }));
const snippets = snippetsOf(readme);
const sourceSnippets = snippetsOf(await readFile('docs/source-auth.md', 'utf8'));

describe('README.md', () => {
  it('shows how to add a source, a host and a role', () => {
    expect(snippets.map(({ kind }) => kind).toSorted()).toEqual(['host', 'role', 'source']);
  });

  it.each([...snippets, ...sourceSnippets])('has a $kind that the configuration takes', ({ kind, content }) => {
    const parsed = schemas[kind]?.safeParse(JSON.parse(content));
    expect(parsed?.error?.issues ?? []).toEqual([]);
    expect(parsed?.success).toBe(true);
  });

  it('tells the defaults of the environment as they are', () => {
    const rows = new Map(
      [...readme.matchAll(/^\| `([A-Z_]+)` +\| ([^|]*?) *\|/gm)].map(([, name, value]) => [name, value]),
    );
    const environment = readEnvironment({});
    expect(rows.get('PORT')).toBe(String(environment.port));
    expect(rows.get('BASE_URL')?.replace('PORT', String(environment.port))).toBe(`\`${environment.baseUrl}\``);
    expect(environment.configDir.endsWith(`/${rows.get('SMART_CONFIG')?.replaceAll('`', '')}`)).toBe(true);
    expect(environment.dataDir.endsWith(`/${rows.get('DATA_DIR')?.replaceAll('`', '')}`)).toBe(true);
    expect(rows.get('LOG_LEVEL')).toBe(`\`${environment.logLevel}\``);
    expect(environment.demoPort).toBe(environment.port + 1);
  });

  it('links to files that are there', () => {
    const links = [...readme.matchAll(/(?<!!)\[[^\]]*\]\(([^)#:]+)\)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('docs/source-auth.md', () => {
  it('has an entry of each proof that a source may want', () => {
    const types = sourceSnippets.map(({ content }) => sourceSchema.parse(JSON.parse(content)).auth.type);
    const all = sourceAuthSchema.options.map((option) => option.shape.type.value);
    expect([...types, 'none'].toSorted()).toEqual(all.toSorted());
  });
});
