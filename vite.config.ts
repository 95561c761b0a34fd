import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * The viewer's build. Two pages: `viewer.html`, which the server sends at `/app/launch`, and `callback.html`, at
 * `/app/callback`; what they load lies under `/app/assets/`. No inline script: the pages' policy forbids it.
 * The story page (`stories.html`) is for looking without a server and is no entry of the build.
 */
export default defineConfig({
  root: at('src/viewer'),
  base: '/app/',
  publicDir: at('public'),
  plugins: [react()],
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
