import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, preview } from 'vite';
import { chromium } from '@playwright/test';
import { isObject, objects, text } from '../src/fhir/json.ts';
import { storiesConfig } from '../src/viewer/stories/vite.config.ts';

/*
 * npm run lighthouse: the accessibility score of key pages, by a Lighthouse of one version that npm fetches for this run
 * and that is no dependency; by the Chromium of CHROMIUM_PATH, else Playwright's own. Exits with 1 where a page has less than 100, and says why.
 */
const version = '13.5.0';
const pages = [
  'state=whole',
  'state=whole&section=timeline',
  'state=whole&section=medicines',
  'state=whole&section=results',
  'state=whole&section=about',
  'state=drawer',
  'state=hung',
  'state=refused',
];

const run = promisify(execFile);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

type Score = { readonly score: number; readonly faults: readonly string[] };

function scoreOf(report: unknown): Score {
  const categories = isObject(report) ? report['categories'] : undefined;
  const accessibility = isObject(categories) ? categories['accessibility'] : undefined;
  const audits = isObject(report) ? report['audits'] : undefined;
  if (!isObject(accessibility) || !isObject(audits)) throw new Error('Lighthouse gave no accessibility score');
  const faults = objects(accessibility['auditRefs']).flatMap((ref) => {
    const audit = audits[text(ref['id']) ?? ''];
    return isObject(audit) && audit['score'] === 0 ? [text(audit['title']) ?? ''] : [];
  });
  return { score: Math.round(Number(accessibility['score']) * 100), faults };
}

const folder = await mkdtemp(join(tmpdir(), 'ohc-lighthouse-'));
const chromiumPath = process.env['CHROMIUM_PATH'] ?? chromium.executablePath();
const config = {
  ...storiesConfig({ at: '2026-11-20T09:42:00Z', outDir: join(folder, 'stories') }),
  logLevel: 'warn',
} as const;
await build(config);
const server = await preview({ ...config, preview: { port: 0, host: '127.0.0.1' } });
try {
  const origin = new URL(server.resolvedUrls?.local[0] ?? '').origin;
  for (const page of pages) {
    const file = join(folder, 'report.json');
    const flags = ['--headless=new', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])].join(' ');
    await run(
      'npm',
      [
        'exec',
        '--yes',
        `--package=lighthouse@${version}`,
        '--',
        'lighthouse',
        `${origin}/app/stories.html?${page}`,
        '--only-categories=accessibility',
        '--preset=desktop',
        '--output=json',
        `--output-path=${file}`,
        `--chrome-flags=${flags}`,
        '--quiet',
      ],
      // Elsewhere, so that the project's own packages are not looked at.
      { cwd: folder, env: { ...process.env, CHROME_PATH: chromiumPath }, maxBuffer: 64 * 1024 * 1024 },
    );
    const { score, faults } = scoreOf(JSON.parse(await readFile(file, 'utf8')));
    say(`${String(score).padStart(3)}  ${page}${faults.length === 0 ? '' : `: ${faults.join('; ')}`}`);
    if (score < 100) process.exitCode = 1;
  }
} finally {
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
