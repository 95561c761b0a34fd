// What must hold for the lock file, so that a clean install stays small and works against any registry.
import { readFileSync } from 'node:fs';

const mostPackages = 600;

/** True where a clean install on this machine has the package: what is built for other systems stays out. */
const isForHere = ({ os, cpu }) =>
  (os === undefined || os.includes(process.platform)) && (cpu === undefined || cpu.includes(process.arch));

/**
 * @param {string} content of package-lock.json
 * @returns {string[]} each fault in a sentence; none where all is well
 */
export function lockFileFaults(content) {
  const { packages } = JSON.parse(content);
  const paths = Object.keys(packages).filter((path) => path.startsWith('node_modules/'));
  const faults = [];
  for (const path of paths)
    if (/(^|\/)node_modules\/(expo|react-native)[^/]*$/.test(path))
      faults.push(`${path} is in the lock file: fhirclient's polyfill must stay replaced (overrides in package.json).`);
  const installed = paths.filter((path) => isForHere(packages[path])).length;
  if (installed >= mostPackages)
    faults.push(`A clean install has ${installed} packages; fewer than ${mostPackages} are allowed.`);
  // npm leaves a platform's package out of the lock file where the registry does not have it; `npm ci` then refuses.
  for (const path of paths)
    for (const name of Object.keys(packages[path].optionalDependencies ?? {}))
      if (!paths.includes(`node_modules/${name}`) && !paths.includes(`${path}/node_modules/${name}`))
        faults.push(
          `${path} wants ${name}, which is not in the lock file: "npm ci" refuses that. Choose another version.`,
        );
  for (const path of paths) {
    const { resolved } = packages[path];
    if (typeof resolved === 'string' && /^[a-z+]+:\/\//.test(resolved))
      faults.push(`${path} names a registry (resolved): set omit-lockfile-registry-resolved and write the file anew.`);
  }
  return faults;
}

if (import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  const faults = lockFileFaults(readFileSync(process.argv[2] ?? 'package-lock.json', 'utf8'));
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
