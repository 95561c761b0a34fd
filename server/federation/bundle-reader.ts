import { isObject, type JsonObject } from '../../src/fhir/json.ts';
import type { Allowance } from './allowance.ts';
import { parseJson } from './json-text.ts';
import { SourceError } from './source-error.ts';

/** Entries are read so many bytes at a time: about two milliseconds of work. */
const groupBytes = 256 * 1024;
/** What one entry, and all that stands beside the entries, may at most be: beyond it, it could not be read in slices. */
const maxPieceBytes = 8 * 1024 * 1024;
const maxPieceValues = 100_000;
const maxPieceDepth = 1_000;

const quote = 0x22;
const comma = 0x2c;
const openList = 0x5b;
const backslash = 0x5c;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
const separator = Buffer.from(',');
const listBegins = Buffer.from('[');
const listEnds = Buffer.from(']');
const bundleEnds = Buffer.from(']}');

/** What was read; `body` is undefined where it is no JSON. `whole`: false where the text ended before its end. */
export type Read = { readonly body: unknown; readonly whole: boolean };

/**
 * Reads a Bundle while it arrives, so that a large one never holds the event loop, and one that breaks off leaves the
 * entries that came whole. It finds where entries begin and end by their brackets alone, and leaves the reading of each
 * to `JSON.parse`, some hundred at a time. An entry that is none, or too large to be read in a slice, stands in the
 * result as `null`: it is counted as unreadable. Any other JSON is read as well, whole, where it is no larger than one
 * entry may be.
 */
export class BundleReader {
  readonly #allowance: Allowance;
  readonly #entries: unknown[] = [];
  /** The text outside the entries; the entries' list stands empty in it. */
  readonly #frame: Buffer[] = [];
  #frameBytes = 0;
  /** Pieces of the frame up to the bracket that opens the entries; undefined before that. */
  #head: number | undefined;
  #group: Buffer[] = [];
  #groupSize = 0;
  #piece: Buffer[] = [];
  #pieceSize = 0;
  #values = 0;
  #passedOver = false;
  #stray = false;

  #depth = 0;
  #inEntries = false;
  #inString = false;
  #escaped = false;
  /** The last string at the depth of the Bundle's members, as far as it is short: the name of the member that follows. */
  #name = '';

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /** Takes the next bytes. @throws {SourceError} `too-large` */
  push(chunk: Buffer): void {
    let kept = 0;
    let at = 0;
    const end = chunk.length;
    while (at < end) {
      if (this.#inString) {
        const from = at;
        at = this.#skipString(chunk, at);
        if (this.#depth === 1 && this.#name.length < 16)
          this.#name += chunk.toString('latin1', from, Math.min(at, from + 16));
        if (this.#inString) break;
        at += 1;
        continue;
      }
      const byte = chunk[at];
      if (byte === quote) {
        this.#inString = true;
        if (this.#depth === 1) this.#name = '';
        if (this.#inEntries && this.#depth === 2) this.#stray = true;
      } else if (byte === comma) {
        this.#values += 1;
        if (this.#inEntries && this.#depth === 2) {
          this.#endItem();
          kept = at + 1;
        }
      } else if (byte === openObject || byte === openList) {
        this.#depth += 1;
        this.#values += 1;
        if (this.#depth > maxPieceDepth) this.#passedOver = true;
        if (byte === openList && this.#depth === 2 && !this.#inEntries && this.#name === 'entry') {
          this.#keepFrame(chunk.subarray(kept, at + 1));
          this.#head ??= this.#frame.length;
          this.#inEntries = true;
          this.#passedOver = false;
          this.#values = 0;
          kept = at + 1;
        } else if (this.#inEntries && this.#depth === 3) kept = at;
      } else if (byte === closeObject || byte === closeList) {
        this.#depth -= 1;
        if (this.#inEntries && this.#depth === 2) {
          this.#endEntry(chunk.subarray(kept, at + 1));
          kept = at + 1;
        } else if (this.#inEntries && this.#depth === 1) {
          this.#endItem();
          this.#inEntries = false;
          kept = at;
        }
      } else if (this.#inEntries && this.#depth === 2 && byte !== undefined && byte > 0x20) this.#stray = true;
      at += 1;
    }
    const rest = chunk.subarray(kept);
    if (!this.#inEntries) this.#keepFrame(rest);
    else if (this.#depth > 2) this.#keepPiece(rest);
    if (this.#groupSize >= groupBytes) this.#readGroup();
  }

  /** What came. Of a text that ended early, a Bundle with the entries that came whole, where any did. */
  end(): Read {
    this.#readGroup();
    const head = this.#head;
    if (head === undefined) {
      const body = this.#parseFrame(this.#frame);
      return { body, whole: body !== undefined };
    }
    if (this.#depth === 0 && !this.#inString) {
      const frame = this.#parseFrame(this.#frame);
      if (isObject(frame)) return { body: this.#filled(frame), whole: true };
    }
    const begun = this.#parseFrame([...this.#frame.slice(0, head), bundleEnds]);
    const some = isObject(begun) && this.#entries.some((entry) => entry !== null);
    return { body: some ? this.#filled(begun) : undefined, whole: false };
  }

  #filled(frame: JsonObject): JsonObject {
    return { ...frame, entry: this.#entries };
  }

  #parseFrame(pieces: readonly Buffer[]): unknown {
    try {
      return parseJson(Buffer.concat(pieces));
    } catch {
      return undefined;
    }
  }

  /** The place of the quote that ends the string, or the end of the chunk where it goes on. */
  #skipString(chunk: Buffer, from: number): number {
    const end = chunk.length;
    let at = from;
    if (this.#escaped) {
      this.#escaped = false;
      at += 1;
    }
    for (; at < end; at += 1) {
      const byte = chunk[at];
      if (byte === quote) {
        this.#inString = false;
        return at;
      }
      if (byte === backslash) {
        at += 1;
        if (at === end) this.#escaped = true;
      }
    }
    return end;
  }

  #keepFrame(bytes: Buffer): void {
    this.#frameBytes += bytes.length;
    if (this.#frameBytes > maxPieceBytes || this.#values > maxPieceValues || this.#depth > maxPieceDepth)
      throw new SourceError('too-large', 'more beside its entries than is read');
    if (bytes.length > 0) this.#frame.push(bytes);
  }

  #keepPiece(bytes: Buffer): void {
    this.#pieceSize += bytes.length;
    if (this.#pieceSize > maxPieceBytes || this.#values > maxPieceValues) this.#passedOver = true;
    if (this.#passedOver) this.#piece = [];
    else this.#piece.push(bytes);
  }

  #endEntry(last: Buffer): void {
    this.#keepPiece(last);
    this.#allowance.takeEntries(1);
    this.#allowance.takeValues(this.#values);
    if (this.#passedOver) {
      // In its place, so that what has no id is named by its place as ever.
      this.#readGroup();
      this.#entries.push(null);
    } else {
      const [only] = this.#piece;
      this.#group.push(this.#piece.length === 1 && only !== undefined ? only : Buffer.concat(this.#piece));
      this.#groupSize += this.#pieceSize;
    }
    this.#piece = [];
    this.#pieceSize = 0;
    this.#values = 0;
    this.#passedOver = false;
    if (this.#groupSize >= 2 * groupBytes) this.#readGroup();
  }

  /** At a comma between entries, or where their list ends: what stood there and was no object is unreadable. */
  #endItem(): void {
    if (this.#stray) {
      this.#allowance.takeEntries(1);
      this.#readGroup();
      this.#entries.push(null);
    }
    this.#stray = false;
  }

  #readGroup(): void {
    const group = this.#group;
    if (group.length === 0) return;
    this.#group = [];
    this.#groupSize = 0;
    const joined = group.flatMap((entry, index) => (index === 0 ? [listBegins, entry] : [separator, entry]));
    try {
      const read = parseJson(Buffer.concat([...joined, listEnds]));
      if (Array.isArray(read) && read.length === group.length) {
        for (const entry of read as readonly unknown[]) this.#entries.push(entry);
        return;
      }
    } catch {
      // One of them is broken: each is read by itself.
    }
    for (const entry of group) this.#entries.push(this.#parseFrame([entry]) ?? null);
  }
}
