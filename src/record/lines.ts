export type LineReader = {
  /** The whole lines that a chunk ends; what is left waits for the next chunk. */
  push(chunk: Uint8Array | string): readonly unknown[];
  /** The last line, where it had no end. */
  end(): readonly unknown[];
  /** Lines so far that were no JSON. */
  readonly broken: number;
};

/**
 * Reads NDJSON in chunks as the network cuts them, within a line or within a character.
 * A line that is no JSON is counted in `broken` and never stops the rest (H2: it is said that something could not be read).
 */
export function createLineReader(): LineReader {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let broken = 0;

  function parse(lines: readonly string[]): unknown[] {
    const values: unknown[] = [];
    for (const line of lines) {
      if (line.trim() === '') continue;
      try {
        values.push(JSON.parse(line));
      } catch {
        broken += 1;
      }
    }
    return values;
  }

  return {
    push(chunk) {
      const decoded = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      const lastBreak = decoded.lastIndexOf('\n');
      if (lastBreak < 0) {
        parts.push(decoded);
        return [];
      }
      parts.push(decoded.slice(0, lastBreak));
      const whole = parts.join('');
      parts = [decoded.slice(lastBreak + 1)];
      return parse(whole.split('\n'));
    },
    end() {
      parts.push(decoder.decode());
      const rest = parts.join('');
      parts = [];
      return parse(rest.split('\n'));
    },
    get broken() {
      return broken;
    },
  };
}
