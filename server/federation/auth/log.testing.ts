import { pino } from 'pino';
import type { Logger } from '../../log.ts';

/** A log that keeps each line as it is, with nothing redacted: what is not in it was never handed to it. */
export function loggedTo(): { readonly log: Logger; readonly logged: readonly string[] } {
  const logged: string[] = [];
  return { log: pino({ level: 'trace', base: null }, { write: (line: string) => void logged.push(line) }), logged };
}
