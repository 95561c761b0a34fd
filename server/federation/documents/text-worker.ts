import { parentPort } from 'node:worker_threads';
import { plainDocumentText } from './document-text.ts';
import { boundUnpacking, pdfText } from './pdf-text.ts';
import type { TextTask } from './text-reader.ts';

// The thread in which documents are read: text-reader.ts gives it one at a time and ends it when it takes too long.
boundUnpacking();
parentPort?.on('message', ({ bytes, contentType }: TextTask) => {
  const read = async () => plainDocumentText(bytes, contentType) ?? (await pdfText(bytes));
  void read().then((text) => parentPort?.postMessage(text, []));
});
