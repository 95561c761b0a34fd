import type { Source } from '../config/schema.ts';
import { SourceError } from './source-error.ts';

/** How much one source may send about one person, as `sources.json` has it. */
export type Budget = Source['budget'];

/** FHIR as it is really sent has a value (a member, an item of a list) in every 19 bytes; what is denser is made to swell. */
const bytesOfAValue = 12;

/**
 * What is left to one source while it is asked about one person: bytes as they are unpacked, entries, and time. All
 * requests of that asking share one, so that many small answers weigh what one large one does.
 */
export class Allowance {
  readonly pages: number;
  #bytes: number;
  #entries: number;
  #values: number;
  #spent = 0;
  readonly #until: number;

  constructor(budget: Budget, deadlineMs: number) {
    this.pages = budget.pages;
    this.#bytes = budget.bytes;
    this.#entries = budget.entries;
    this.#values = Math.ceil(budget.bytes / bytesOfAValue);
    this.#until = performance.now() + deadlineMs;
  }

  /** Bytes taken so far. */
  get spent(): number {
    return this.#spent;
  }

  /** Milliseconds until the asking ends; never negative. */
  get leftMs(): number {
    return Math.max(0, this.#until - performance.now());
  }

  /** @throws {SourceError} `too-large` where there is no room for them */
  takeBytes(count: number): void {
    this.#spent += count;
    this.#bytes -= count;
    if (this.#bytes < 0) throw new SourceError('too-large', 'more bytes than its budget');
  }

  /** @throws {SourceError} `too-large` where there is no room for them */
  takeEntries(count: number): void {
    this.#entries -= count;
    if (this.#entries < 0) throw new SourceError('too-large', 'more entries than its budget');
  }

  /** @throws {SourceError} `too-large` where they are packed denser than any record is */
  takeValues(count: number): void {
    this.#values -= count;
    if (this.#values < 0) throw new SourceError('too-large', 'more values than its budget');
  }
}
