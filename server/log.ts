import { pino, type Logger } from 'pino';

export type { Logger };

/** Ten digits that may be an NHS number, however they are spaced: no line of the log may hold them. */
const nhsNumberLike = /(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)/g;

/**
 * The structured log of the server: JSON lines on stdout. Callers log ids, codes and counts, never a person's name or
 * number; as a net below that, headers that carry secrets are redacted and anything like an NHS number is masked.
 */
export function createLog(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: [
      'req.headers.authorization',
      'req.headers.cookie',
      '*.password',
      '*.access_token',
      '*.refresh_token',
      '*.code',
    ],
    hooks: {
      streamWrite: (line) => line.replace(nhsNumberLike, '[number]'),
    },
  });
}
