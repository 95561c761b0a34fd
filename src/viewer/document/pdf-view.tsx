import { styled } from '@mui/material/styles';
import { PasswordException, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { useWidth } from '../parts/width.ts';
import { documents } from '../words.ts';
import { countIn, mark, rangesIn } from './found.ts';
import { PdfPage, type PageSize } from './pdf-page.tsx';
import { readPdf, wordsOf } from './pdf.ts';
import { Paper } from './paper.tsx';
import { scrollWithin } from './scrolled.ts';
import type { Found, Shown, ViewProps } from './shown.ts';

const Inner = styled('div')({ width: 'max-content', minWidth: '100%' });

/** Where each thing that was found stands: its page, and which of that page's it is. */
type Find = { readonly page: number; readonly nth: number };

/** What is looked for, in the pages that are drawn and in those that are not. */
class Finder {
  private readonly pdf: PDFDocumentProxy;
  private readonly words = new Map<number, string>();
  /** The text layers of the pages that are drawn now. */
  readonly layers = new Map<number, HTMLElement>();
  private finds: readonly Find[] = [];
  private pattern: RegExp | undefined;
  private at: Find | undefined;
  private turn = 0;

  constructor(pdf: PDFDocumentProxy) {
    this.pdf = pdf;
  }

  /** Reads page by page, so that the last letter typed is the one that counts. */
  async find(pattern: RegExp | undefined): Promise<Found> {
    this.turn += 1;
    const mine = this.turn;
    this.pattern = pattern;
    this.at = undefined;
    const finds: Find[] = [];
    const last = pattern === undefined ? 0 : this.pdf.numPages;
    for (let number = 1; number <= last; number += 1) {
      const known = this.words.get(number);
      const words = known ?? (await wordsOf(await this.pdf.getPage(number)));
      if (mine !== this.turn) return { count: this.finds.length, unread: 0 };
      this.words.set(number, words);
      const count = pattern === undefined ? 0 : countIn(words, pattern);
      for (let nth = 0; nth < count; nth += 1) finds.push({ page: number, nth });
    }
    this.finds = finds;
    this.paint();
    return { count: finds.length, unread: [...this.words.values()].filter((words) => words.trim() === '').length };
  }

  /** @returns the page to turn to */
  choose(index: number): number | undefined {
    this.at = this.finds[index];
    return this.at?.page;
  }

  /** Marks what is found on the drawn pages. @returns the one that is looked at, where its page is drawn */
  paint(): Range | undefined {
    const { pattern, at } = this;
    const ranges =
      pattern === undefined ? [] : [...this.layers].map(([page, layer]) => [page, rangesIn(layer, pattern)] as const);
    const here = at === undefined ? undefined : ranges.find(([page]) => page === at.page)?.[1][at.nth];
    mark(
      window,
      ranges.flatMap(([, found]) => found),
      here,
    );
    return here;
  }
}

/** A PDF, page below page, each as wide as there is room. */
export function PdfView({ bytes, name, zoom, onShown, onPage, onUnshown }: ViewProps): ReactElement {
  const [area, width] = useWidth<HTMLDivElement>(600);
  const [pdf, setPdf] = useState<PDFDocumentProxy>();
  const [sizes, setSizes] = useState<ReadonlyMap<number, PageSize>>(new Map());
  const [near, setNear] = useState<ReadonlySet<number>>(new Set([1]));
  const finder = useMemo(() => (pdf === undefined ? undefined : new Finder(pdf)), [pdf]);
  const waiting = useRef(false);

  useEffect(() => {
    const task = readPdf(bytes);
    let gone = false;
    const open = async (): Promise<void> => {
      const opened = await task.promise;
      const first = (await opened.getPage(1)).getViewport({ scale: 1 });
      if (gone) return;
      setSizes(new Map([[1, { width: first.width, height: first.height }]]));
      setPdf(opened);
    };
    open().catch((error: unknown) => {
      if (!gone) onUnshown(error instanceof PasswordException ? 'password' : 'broken');
    });
    return () => {
      gone = true;
      mark(window, []);
      void task.destroy();
    };
  }, [bytes, onUnshown]);

  const scrollTo = useCallback(
    (page: number) => {
      const sheet = area.current?.querySelector(`[data-page="${page}"]`);
      if (sheet != null && area.current !== null) scrollWithin(area.current, sheet.getBoundingClientRect(), 0);
    },
    [area],
  );

  useEffect(() => {
    if (pdf === undefined || finder === undefined) return;
    const shown: Shown = {
      pages: pdf.numPages,
      turnTo: scrollTo,
      find: (pattern) => finder.find(pattern),
      reveal: (index) => {
        const page = finder.choose(index);
        if (page === undefined) return;
        const here = finder.paint();
        waiting.current = here === undefined;
        if (here === undefined) scrollTo(page);
        else if (area.current !== null) scrollWithin(area.current, here.getBoundingClientRect(), 0.5);
      },
    };
    onShown(shown);
  }, [pdf, finder, area, scrollTo, onShown]);

  // Which pages are near the view, and which of them is the one that is read.
  useEffect(() => {
    const root = area.current;
    if (pdf === undefined || root === null) return undefined;
    const seen = new Set<number>();
    const drawing = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const page = Number((target as HTMLElement).dataset['page']);
          if (isIntersecting) seen.add(page);
          else seen.delete(page);
        }
        setNear(new Set(seen));
      },
      { root, rootMargin: '100% 0px' },
    );
    for (const page of root.querySelectorAll('[data-page]')) drawing.observe(page);
    const read = (): void => {
      const middle = root.getBoundingClientRect().top + root.clientHeight / 3;
      const pages = [...root.querySelectorAll<HTMLElement>('[data-page]')];
      const at = pages.findLast((page) => page.getBoundingClientRect().top <= middle) ?? pages[0];
      onPage(Number(at?.dataset['page'] ?? 1));
    };
    read();
    root.addEventListener('scroll', read, { passive: true });
    return () => {
      drawing.disconnect();
      root.removeEventListener('scroll', read);
    };
  }, [pdf, area, onPage]);

  const onSize = useCallback(
    (number: number, size: PageSize) =>
      setSizes((before) => {
        const known = before.get(number);
        return known?.width === size.width && known.height === size.height
          ? before
          : new Map([...before, [number, size]]);
      }),
    [],
  );
  const onWords = useCallback(
    (number: number, words: HTMLElement | undefined) => {
      if (finder === undefined) return;
      if (words === undefined) finder.layers.delete(number);
      else finder.layers.set(number, words);
      const here = finder.paint();
      if (here === undefined || !waiting.current) return;
      // The page of what is looked at has just been drawn.
      waiting.current = false;
      if (area.current !== null) scrollWithin(area.current, here.getBoundingClientRect(), 0.5);
    },
    [finder, area],
  );

  const usual = sizes.get(1) ?? { width: 595, height: 842 };
  return (
    <Paper ref={area} name={name}>
      {pdf === undefined ? (
        <p role="status">{documents.drawing}</p>
      ) : (
        <Inner>
          {Array.from({ length: pdf.numPages }, (_, index) => {
            const size = sizes.get(index + 1) ?? usual;
            return (
              <PdfPage
                key={index}
                pdf={pdf}
                number={index + 1}
                size={size}
                scale={Math.max(0.1, ((width - 34) / size.width) * zoom)}
                near={near.has(index + 1)}
                onSize={onSize}
                onWords={onWords}
              />
            );
          })}
        </Inner>
      )}
    </Paper>
  );
}
