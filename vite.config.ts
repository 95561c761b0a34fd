import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Puts beside each script and style what the server sends of it, coded once and for all: `x.js.br`, `x.js.gz`. */
const coded: Plugin = {
  name: 'coded-assets',
  apply: 'build',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const [fileName, made] of Object.entries(bundle)) {
        const source = Buffer.from(made.type === 'chunk' ? made.code : made.source);
        if (!/\.(?:m?js|css|svg|wasm)$/.test(fileName) || source.length < 1024) continue;
        this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotliCompressSync(source) });
        this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(source, { level: 9 }) });
      }
    },
  },
};

/** What pdf.js fetches while it reads a letter: character maps, the standard fonts, and the decoders that need no WebAssembly. */
const pdfParts: Plugin = {
  name: 'pdf-parts',
  apply: 'build',
  async generateBundle() {
    const home = at('node_modules/pdfjs-dist');
    const { version } = JSON.parse(await readFile(`${home}/package.json`, 'utf8')) as { readonly version: string };
    const parts = {
      cmaps: /\.bcmap$|^LICENSE/,
      standard_fonts: /\.(?:pfb|ttf)$|^LICENSE/,
      wasm: /_nowasm_fallback\.js$|^LICENSE/,
    };
    for (const [folder, wanted] of Object.entries(parts))
      for (const name of (await readdir(`${home}/${folder}`)).filter((one) => wanted.test(one)))
        this.emitFile({
          type: 'asset',
          fileName: `assets/pdfjs-${version}/${folder}/${name}`,
          source: await readFile(`${home}/${folder}/${name}`),
        });
  },
};

/**
 * The viewer's build. Two pages: `viewer.html`, which the server sends at `/app/launch`, and `callback.html`, at
 * `/app/callback`; what they load lies under `/app/assets/`. No inline script: the pages' policy forbids it.
 * The page of stories (`stories.html`, `npm run viewer`) is no entry of the build: it has a configuration of its own.
 */
export default defineConfig({
  root: at('src/viewer'),
  base: '/app/',
  publicDir: at('public'),
  plugins: [react(), pdfParts, coded],
  // What fhirclient names for browsers of another age; every browser that can run the viewer has it built in.
  resolve: {
    alias: {
      'isomorphic-webcrypto': at('src/launch/webcrypto/index.js'),
      debug: at('src/launch/silent-debug/index.cjs'),
    },
  },
  define: { FHIRCLIENT_PURE: 'true' },
  build: {
    outDir: at('dist'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [at('src/viewer/viewer.html'), at('src/viewer/callback.html')] },
  },
  worker: { format: 'es' },
  server: { fs: { strict: false } },
});
