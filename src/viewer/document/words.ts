/** What is said of a document that is open; loaded with the reader. */
export const reading = {
  save: 'Save a copy',
  close: 'Close document',
  loading: (got: string, of: string | undefined) =>
    of === undefined ? `Loading the document, ${got} so far` : `Loading the document, ${got} of ${of}`,
  whyNot: {
    gone: 'This document cannot be shown here. It may have been withdrawn, or may not be shown to you. Ask the organisation that holds it.',
    'too-large': 'This document is larger than can be opened here. Ask the organisation that holds it for a copy.',
    later: 'The organisation that holds this document cannot give it now.',
    ended: 'Your session has ended, so the document was not loaded.',
    failed: 'The document did not arrive whole, so it is not shown.',
  },
  unshown: {
    password:
      'This document is locked with a password and cannot be shown here. You can save it and open it with another program.',
    broken: 'This document cannot be read here as a whole. You can save it and open it with another program.',
    'too-large':
      'A page of this document is too large to be drawn here. You can save it and open it with another program.',
  },
  notHere: (kind: string) =>
    `This is a ${kind}, which cannot be shown here. You can save it and open it with another program.`,
  saveNote: 'A saved copy is on this computer for anyone who uses it. Delete it when you have read it.',
  bar: 'Reading the document',
  page: (n: number) => `Page ${n}`,
  pageOf: (pages: number) => `of ${pages}`,
  pageNumber: 'Page',
  previousPage: 'Previous page',
  nextPage: 'Next page',
  pageFailed: (n: number) => `Page ${n} could not be drawn. Save the document to read it.`,
  scanPage: (n: number) => `Scanned page ${n}: a picture, which cannot be read aloud`,
  smaller: 'Smaller',
  larger: 'Larger',
  search: 'Search in this document',
  found: (at: number, n: number) => `${at} of ${n}`,
  notFound: 'Not found in its words',
  picturesUnsearched: (n: number) =>
    n === 1 ? '1 page is a picture and was not searched' : `${n} pages are pictures and were not searched`,
  noSearch: 'A picture: its words cannot be searched',
  previousFind: 'Previous find',
  nextFind: 'Next find',
  pictures: (n: number) =>
    `${n === 1 ? '1 picture' : `${n} pictures`} of this document ${n === 1 ? 'is' : 'are'} not shown here. Save it to see ${n === 1 ? 'it' : 'them'}.`,
  xmlWords:
    'This is data for computers: only its words are shown here, not its codes and values. Save it to have all of it.',
  ask: (label: string, contact: string | undefined) =>
    contact === undefined ? `Queries: ${label}.` : `Queries: ${label}, ${contact}.`,
};
