import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Figure } from './figure.ts';

const dist = join(import.meta.dirname, '..', 'dist');
const targetBytes = 200_000;

/** Static imports and re-exports of a built chunk; `import(…)` is loaded later and does not count. */
function importsOf(code: string): readonly string[] {
  return [
    ...code.matchAll(/(?:^|[;}\n])\s*(?:import|export)\s*(?:[\w$*{][^'"();]*?from\s*)?["']([^"']+\.js)["']/g),
  ].map(([, path]) => basename(path ?? ''));
}

/** The scripts that the viewer's page loads before it can do anything, gzipped: its entry and all that this imports. */
export async function firstLoadFigure(): Promise<Figure> {
  const files = await readdir(dist, { recursive: true }).catch(() => []);
  const page =
    files.find((file) => basename(file) === 'viewer.html') ?? files.find((file) => file.endsWith('index.html'));
  if (page === undefined) throw new Error('there is no viewer page in dist: npm run build');
  const html = await readFile(join(dist, page), 'utf8');
  const scripts = new Map(files.filter((file) => file.endsWith('.js')).map((file) => [basename(file), file]));
  const waiting = [...html.matchAll(/<(?:script|link)\b[^>]*?(?:src|href)="([^"]+\.js)"/g)].map(([, path]) =>
    basename(path ?? ''),
  );
  const seen = new Map<string, number>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const file = scripts.get(name);
    if (file === undefined || seen.has(name)) continue;
    const code = await readFile(join(dist, file));
    seen.set(name, gzipSync(code, { level: 9 }).length);
    waiting.push(...importsOf(code.toString('utf8')));
  }
  if (seen.size === 0) throw new Error(`${page} loads no script`);
  const bytes = [...seen.values()].reduce((total, size) => total + size, 0);
  return {
    what: "the viewer's first-load JavaScript, gzipped",
    measured: { value: bytes / 1000, unit: 'kB' },
    target: '200 kB',
    met: bytes < targetBytes,
    note: `${seen.size} ${seen.size === 1 ? 'file' : 'files'}: the entry and its static imports`,
  };
}
