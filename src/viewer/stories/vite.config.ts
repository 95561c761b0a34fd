import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import react from '@vitejs/plugin-react';
import { defineConfig, type InlineConfig, type Plugin } from 'vite';
import viewer from '../../../vite.config.ts';
import { clinician, pageStates, type PageState } from './states.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

/** Every person and role that a state asks for, as `release-records.ts` takes them. */
const ofStates = [
  ...new Set(Object.values<PageState>(pageStates).map(({ person, role = clinician }) => `${person}:${role}`)),
];

/**
 * The demo's records as the server lets them go. A process of its own prints them: nothing here imports the server.
 * @param at the moment at which the demo stands, and then the states' people alone; absent: now, and everyone
 */
async function demoRecords(at: string | undefined): Promise<string> {
  const which = at === undefined ? ['--all'] : ['--at', at];
  const command = ['server/demo/release-records.ts', ...which, ...ofStates];
  const { stdout } = await run(process.execPath, command, { cwd: root, maxBuffer: 256 * 1024 * 1024 });
  return stdout;
}

const workerOfMsw = (): Promise<string> =>
  readFile(new URL('../../../node_modules/msw/lib/mockServiceWorker.js', import.meta.url), 'utf8');

/** Puts what stands in the place of a server beside the page: the records, and msw's service worker. */
function answers(at: string | undefined): Plugin {
  const assets: Readonly<Record<string, { readonly type: string; readonly read: () => Promise<string> }>> = {
    'demo-records.json': { type: 'application/json', read: () => demoRecords(at) },
    'mockServiceWorker.js': { type: 'text/javascript', read: workerOfMsw },
  };
  const read = new Map<string, Promise<string>>();
  const once = (name: string, asset: (typeof assets)[string]): Promise<string> => {
    const known = read.get(name) ?? asset.read();
    read.set(name, known);
    return known;
  };
  return {
    name: 'demo-answers',
    configureServer: ({ middlewares }) => {
      middlewares.use((request, response, next) => {
        if (request.url !== '/' && request.url !== '/app/') next();
        else response.writeHead(302, { location: '/app/stories.html' }).end();
      });
      for (const [name, asset] of Object.entries(assets))
        middlewares.use(`/app/${name}`, (_request, response, next) => {
          once(name, asset).then((body) => response.setHeader('content-type', asset.type).end(body), next);
        });
    },
    async generateBundle() {
      for (const [fileName, asset] of Object.entries(assets))
        this.emitFile({ type: 'asset', fileName, source: await once(fileName, asset) });
    },
  };
}

/**
 * The page of stories: the viewer's own build with another entry, never a part of what is shipped.
 * @param options.at the moment (ISO) at which the demo stands; absent: now
 * @param options.outDir where it is built to: absolute, or in the project's folder
 */
export function storiesConfig(options: { readonly at?: string; readonly outDir?: string } = {}): InlineConfig {
  const { outDir = 'test-results/stories' } = options;
  return {
    ...viewer,
    configFile: false,
    plugins: [react(), answers(options.at)],
    build: {
      ...viewer.build,
      outDir: resolve(root, outDir),
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { input: [`${root}src/viewer/stories.html`] },
    },
  };
}

export default defineConfig(storiesConfig());
