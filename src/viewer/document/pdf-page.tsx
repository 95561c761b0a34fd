import { styled } from '@mui/material/styles';
import { TextLayer, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { reading } from './words.ts';

/** A sheet of paper with the page drawn on it, and its words above, unseen, to be selected, found and read aloud. */
const Sheet = styled('div')(({ theme }) => ({
  position: 'relative',
  margin: `0 auto ${theme.spacing(3)}`,
  backgroundColor: '#fff',
  border: `1px solid ${theme.vars.palette.ohc.control}`,
  '& canvas': { display: 'block', width: '100%', height: '100%' },
  // After pdf.js's own sheet of styles (web/pdf_viewer.css), as much of it as a text layer needs.
  '& .words': {
    position: 'absolute',
    inset: 0,
    overflow: 'clip',
    colorScheme: 'only light',
    forcedColorAdjust: 'none',
    lineHeight: 1,
    letterSpacing: 'normal',
    wordSpacing: 'normal',
    textAlign: 'initial',
    textSizeAdjust: 'none',
    transformOrigin: '0 0',
    '--min-font-size': '1',
    '--text-scale-factor': 'calc(var(--total-scale-factor) * var(--min-font-size))',
    '--min-font-size-inv': 'calc(1 / var(--min-font-size))',
  },
  '& .words span, & .words br': {
    color: 'transparent',
    position: 'absolute',
    whiteSpace: 'pre',
    cursor: 'text',
    transformOrigin: '0% 0%',
    userSelect: 'text',
  },
  '& .words > :not(.markedContent), & .words .markedContent span:not(.markedContent)': {
    zIndex: 1,
    '--font-height': '0',
    fontSize: 'calc(var(--text-scale-factor) * var(--font-height))',
    '--scale-x': '1',
    '--rotate': '0deg',
    transform: 'rotate(var(--rotate)) scaleX(var(--scale-x)) scale(var(--min-font-size-inv))',
  },
  '& .words .markedContent': { display: 'contents' },
  '& .words ::selection': { background: 'rgb(0 94 184 / 30%)', color: 'transparent' },
}));

/** Device pixels that one page may have: beyond, it is drawn coarser rather than not at all. */
const mostPixels = 16_000_000;

export type PageSize = { readonly width: number; readonly height: number };

/** One page of a PDF. It is drawn when it comes near the view, and given back when it leaves it. */
export function PdfPage(props: {
  readonly pdf: PDFDocumentProxy;
  readonly number: number;
  /** In points, as far as it is known. */
  readonly size: PageSize;
  readonly scale: number;
  readonly near: boolean;
  readonly onSize: (number: number, size: PageSize) => void;
  readonly onWords: (number: number, words: HTMLElement | undefined) => void;
}): ReactElement {
  const { pdf, number, size, scale, near, onSize, onWords } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const words = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const [drawn, layer] = [canvas.current, words.current];
    if (!near || drawn === null || layer === null) return undefined;
    let gone = false;
    let cancel = (): void => undefined;
    let taken: PDFPageProxy | undefined;
    const draw = async (): Promise<void> => {
      const page = await pdf.getPage(number);
      if (gone) return;
      taken = page;
      const viewport = page.getViewport({ scale });
      onSize(number, { width: viewport.width / scale, height: viewport.height / scale });
      const ratio = Math.min(window.devicePixelRatio, Math.sqrt(mostPixels / (viewport.width * viewport.height)));
      drawn.width = Math.floor(viewport.width * ratio);
      drawn.height = Math.floor(viewport.height * ratio);
      const drawing = page.render({ canvas: drawn, viewport, transform: [ratio, 0, 0, ratio, 0, 0] });
      const text = new TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport });
      cancel = () => {
        drawing.cancel();
        text.cancel();
      };
      await Promise.all([drawing.promise, text.render()]);
      if (!gone) onWords(number, layer);
    };
    draw().catch(() => {
      if (!gone) setFailed(true);
    });
    return () => {
      gone = true;
      cancel();
      onWords(number, undefined);
      layer.replaceChildren();
      // Some browsers give a canvas's memory back only where it has no size.
      [drawn.width, drawn.height] = [0, 0];
      taken?.cleanup();
    };
  }, [pdf, number, scale, near, onSize, onWords]);

  return (
    <Sheet
      data-page={number}
      role="group"
      aria-label={reading.page(number)}
      style={{
        width: Math.floor(size.width * scale),
        height: Math.floor(size.height * scale),
        ...({ '--total-scale-factor': scale } as object),
      }}
    >
      <canvas ref={canvas} aria-hidden />
      <div ref={words} className="words" />
      {failed && <p role="status">{reading.pageFailed(number)}</p>}
    </Sheet>
  );
}
