import { abandoned, SourceError } from './source-error.ts';

/** What may be gone in a moment: a connection that the other side had closed, a process that starts anew. */
const passing: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'UND_ERR_SOCKET']);

/** How a failed request is told apart: its time was up, whoever asked is gone, or the connection failed. */
export function transportFault(error: unknown, signal: AbortSignal): SourceError {
  if (error instanceof SourceError) return error;
  if (signal.aborted) return abandoned(signal);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return new SourceError('timeout', `no answer in time (${code})`, { cause: error });
  if (code.startsWith('Z_')) return new SourceError('not-fhir', `cannot be unpacked (${code})`, { cause: error });
  return new SourceError('connection', `connection failed (${code})`, {
    cause: error,
    passesInMs: passing.has(code) ? 0 : undefined,
  });
}
