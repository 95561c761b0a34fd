import type { RegionView } from '../fhir/region.ts';
import { createRecord } from '../record/builder.ts';
import { parseLine } from '../record/line.ts';
import { createSender } from '../record/patch.ts';
import { productHierarchyOf, type Products } from '../record/product-hierarchy.ts';
import type { RecordBuilder } from '../record/record.ts';
import type { FromWorker, ToWorker } from './record-messages.ts';

/**
 * Holds the record off the page's thread: parses lines, groups them, and sends what has changed: what comes after a pause
 * at once, then at most every `everyMs`, and never so often that grouping takes more than a third of the time. While the organisations are asked again the record on the screen stays, until the new one is whole.
 */
const everyMs = 60;
/** How many resources are read for a search to come before whoever asks next has a turn. */
const readAtOnce = 500;
let shown: RecordBuilder | undefined;
let next: RecordBuilder | undefined;
/** When the organisations were asked, for the record that is shown and for the next. */
let shownAskedAt = 0;
let nextAskedAt = 0;
let since: number | undefined;
/** Knows what the page has. */
let sender = createSender();
/** When the record was last sent, and how long that took, ms. */
let sentAt = Number.NEGATIVE_INFINITY;
let tookMs = 0;
let forgotten = 0;
/** The last asking that has ended. */
let ended: number | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let reading: ReturnType<typeof setTimeout> | undefined;

function post(message: FromWorker): void {
  self.postMessage(message, { transfer: [] });
}

function show(): void {
  clearTimeout(timer);
  timer = undefined;
  if (shown === undefined) return;
  const began = performance.now();
  const { portions, patch } = sender.send(shown.snapshot());
  for (const portion of portions) post({ kind: 'groups', forgotten, portion });
  post({ kind: 'record', forgotten, ended, patch, askedAt: shownAskedAt });
  sentAt = performance.now();
  tookMs = sentAt - began;
  reading ??= setTimeout(readOn, everyMs);
}

function showSoon(): void {
  timer ??= setTimeout(show, Math.max(0, sentAt + Math.max(everyMs, 2 * tookMs) - performance.now()));
}

/** Reads what arrived for the searches to come, while nobody waits for anything else. */
function readOn(): void {
  reading = shown?.prepareSearch(readAtOnce) === true ? setTimeout(readOn, 0) : undefined;
}

/** What brand and generic are compared by: asked for once, where the region has it. */
let products: Products;

function compare(): void {
  shown?.compareBy(products);
  next?.compareBy(products);
}

async function fetchProducts(): Promise<void> {
  products = 'coming';
  try {
    const response = await fetch('/app/medicines.json', { credentials: 'omit' });
    if (!response.ok) throw new Error(`medicines.json: ${response.status}`);
    products = productHierarchyOf(await response.json());
  } catch {
    // Then each row says that they are not compared.
    products = undefined;
  }
  compare();
  if (shown !== undefined) showSoon();
}

function mark(): void {
  if (since === undefined) return;
  shown?.markSince(since);
  next?.markSince(since);
}

function begin(region: RegionView, now: number, sources: readonly string[] | undefined): void {
  if (region.medicines === true && products === undefined) void fetchProducts();
  if (shown === undefined) {
    shown = createRecord(region, now);
    shownAskedAt = now;
    compare();
    show();
  } else if (sources === undefined) {
    next = createRecord(region, now);
    nextAskedAt = now;
  } else {
    // Most of it is as old as it was.
    next = shown.without(sources);
    nextAskedAt = shownAskedAt;
  }
  compare();
  mark();
}

function take(message: ToWorker): void {
  switch (message.kind) {
    case 'begin':
      begin(message.region, message.now, message.sources);
      return;
    case 'since':
      since = message.at;
      mark();
      if (shown !== undefined) showSoon();
      return;
    case 'lines':
      (next ?? shown)?.add(message.lines.map(parseLine), message.at);
      if (next === undefined) showSoon();
      return;
    case 'end': {
      // An asking that broke off takes nothing from the screen that stood there before.
      const whole = next !== undefined && next.snapshot().status !== 'asking';
      if (whole) {
        shown = next;
        shownAskedAt = nextAskedAt;
      }
      next = undefined;
      ended = message.run;
      show();
      return;
    }
    case 'forget':
      shown = undefined;
      next = undefined;
      sender = createSender();
      forgotten += 1;
      clearTimeout(timer);
      timer = undefined;
      return;
    case 'detail':
      post({ kind: 'detail', question: message.question, detail: shown?.detail(message.id) });
      return;
    case 'search':
      if (timer !== undefined) show();
      post({ kind: 'found', question: message.question, answer: shown?.search(message.query) });
  }
}

self.addEventListener('message', (event: MessageEvent<ToWorker>) => take(event.data));
