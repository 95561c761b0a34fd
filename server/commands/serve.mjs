// `npm run serve`: the server alone, for production. Builds the viewer where that is missing; no demo.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildMissing, command, installedNode, installMissing, onOrphaned, root, Sentence } from './install.mjs';

const usage = `npm run serve

Starts the server alone, on the configuration that SMART_CONFIG names. README.md tells the environment.`;

/** The server in a process of its own, on Node 24: signals go to it, and its exit code is this command's. */
function runServer() {
  return new Promise((done) => {
    const child = spawn(installedNode(), [join(root, 'server', 'main.ts')], { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.on('error', (error) => {
      console.error(`The server could not be started: ${error.message}.`);
      done(1);
    });
    child.on('exit', (code, signal) => done(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)));
  });
}

await command(async () => {
  const [unknown] = process.argv.slice(2).filter((one) => one !== '--help' && one !== '-h');
  if (unknown !== undefined) throw new Sentence(`${unknown} is not an option: npm run serve takes none.`, 2);
  if (process.argv.length > 2) {
    console.log(usage);
    return;
  }
  const say = (line) => console.error(line);
  if (!existsSync(join(root, 'node_modules')) || !existsSync(join(root, 'dist'))) {
    await installMissing(say);
    await buildMissing(say, { fresh: false });
  }
  onOrphaned(() => process.kill(process.pid, 'SIGTERM'));
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24) await import('../main.ts');
  else process.exitCode = await runServer();
});
