import { request } from 'node:http';
import { endingOf } from '../src/fhir/outcome.ts';
import type { Session } from './launch.ts';
import type { Region } from './region.ts';

/** What one stream brought: its bytes, and how each source and the record ended (`record`), in the stream's own words. */
export type Streamed = { readonly bytes: number; readonly endings: ReadonlyMap<string, string> };

/**
 * Reads one person's record as a stream, at the pace at which it comes. Lines are counted and thrown away but for the
 * outcomes. @throws where it is not answered with 200, or is cut before its last line
 */
export function readStream(region: Region, session: Session, signal: AbortSignal): Promise<Streamed> {
  return new Promise((done, fail) => {
    const asked = request(
      `${region.fhir}/Patient/${session.patient}/$everything`,
      { headers: { accept: 'application/fhir+ndjson', authorization: `Bearer ${session.token}` }, signal },
      (response) => {
        let bytes = 0;
        let rest = '';
        const endings = new Map<string, string>();
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          const lines = (rest + chunk.toString('latin1')).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) {
            if (!line.startsWith('{"resourceType":"OperationOutcome"')) continue;
            const ending = endingOf(JSON.parse(line));
            if (ending !== undefined) endings.set(ending.of === 'record' ? 'record' : ending.sourceId, ending.status);
          }
        });
        response.on('error', fail);
        response.on('end', () => {
          if (response.statusCode === 200 && endings.has('record')) done({ bytes, endings });
          else fail(new Error(`the stream answered ${response.statusCode} and had ${endings.size} endings`));
        });
      },
    );
    asked.on('error', fail);
    asked.end();
  });
}
