import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

type ProcessTime = {
  readonly pid: number;
  readonly parent: number;
  readonly ms: number;
  readonly residentBytes: number;
};

/** `/proc/<pid>/stat`: after the name in brackets, fields 4 (parent), 14 and 15 (user and system ticks), 24 (pages). */
function fromProc(): readonly ProcessTime[] {
  const msPerTick = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const pageBytes = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const field = (n: number): number => Number(fields[n - 3]);
        return [
          {
            pid: Number(name),
            parent: field(4),
            ms: (field(14) + field(15)) * msPerTick,
            residentBytes: field(24) * pageBytes,
          },
        ];
      } catch {
        return []; // It ended while it was read.
      }
    });
}

/** Where there is no /proc: `ps` gives hundredths of a second on some systems and whole seconds on others. */
function fromPs(): readonly ProcessTime[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,time=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = '', parent = '', time = '', rss = ''] = line.trim().split(/\s+/);
      const seconds = time.split(':').reduce((total, part) => total * 60 + Number(part), 0);
      return { pid: Number(pid), parent: Number(parent), ms: seconds * 1000, residentBytes: Number(rss) * 1024 };
    });
}

/**
 * Processor time (ms, user and system, all threads) and resident memory of a process and all that it started.
 * Read from outside, so that the server needs no switch for it.
 */
export function usageOf(pid: number): { readonly ms: number; readonly residentBytes: number } {
  let all: readonly ProcessTime[];
  try {
    all = fromProc();
  } catch {
    all = fromPs();
  }
  const family = new Set([pid]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const one of all) if (family.has(one.parent)) family.add(one.pid);
  }
  const mine = all.filter((one) => family.has(one.pid));
  return {
    ms: mine.reduce((total, one) => total + one.ms, 0),
    residentBytes: mine.reduce((total, one) => total + one.residentBytes, 0),
  };
}
