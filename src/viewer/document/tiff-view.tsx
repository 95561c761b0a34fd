import { styled } from '@mui/material/styles';
import { useCallback, useEffect, useRef, useState, type ReactElement } from 'react';
import { documents } from '../words.ts';
import { Paper } from './paper.tsx';
import { scrollWithin } from './scrolled.ts';
import type { ViewProps } from './shown.ts';
import type { FromTiffWorker } from './tiff-worker.ts';
import { reading } from './words.ts';

const Sheet = styled('canvas')(({ theme }) => ({
  display: 'block',
  margin: `0 auto ${theme.spacing(3)}`,
  backgroundColor: '#fff',
  border: `1px solid ${theme.vars.palette.ohc.control}`,
}));

type Page = Extract<FromTiffWorker, { kind: 'page' }>;

function Scan({
  page,
  number,
  zoom,
}: {
  readonly page: Page;
  readonly number: number;
  readonly zoom: number;
}): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const drawn = canvas.current;
    drawn
      ?.getContext('2d')
      ?.putImageData(new ImageData(new Uint8ClampedArray(page.rgba), page.width, page.height), 0, 0);
    return () => {
      if (drawn !== null) [drawn.width, drawn.height] = [0, 0];
    };
  }, [page]);
  return (
    <Sheet
      ref={canvas}
      data-page={number}
      role="img"
      aria-label={reading.scanPage(number)}
      width={page.width}
      height={page.height}
      style={{ width: `${zoom * 100}%` }}
    />
  );
}

/** A scan in TIFF, page below page. It is unpacked in a worker, which ends with the reader. */
export function TiffView({ bytes, name, zoom, onShown, onPage, onUnshown }: ViewProps): ReactElement {
  const area = useRef<HTMLDivElement>(null);
  const [pages, setPages] = useState<readonly Page[]>([]);
  const turnTo = useCallback((page: number) => {
    const sheet = area.current?.querySelector(`[data-page="${page}"]`);
    if (sheet != null && area.current !== null) scrollWithin(area.current, sheet.getBoundingClientRect(), 0);
  }, []);
  useEffect(() => {
    const worker = new Worker(new URL('./tiff-worker.ts', import.meta.url), { type: 'module', name: 'tiff' });
    worker.addEventListener('message', ({ data }: MessageEvent<FromTiffWorker>) => {
      if (data.kind === 'page') setPages((before) => [...before, data]);
      else if (data.kind === 'done') onShown({ pages: data.pages, turnTo });
      else onUnshown(data.kind);
    });
    worker.addEventListener('error', () => onUnshown('broken'));
    const copy = bytes.slice().buffer;
    worker.postMessage(copy, [copy]);
    return () => {
      worker.terminate();
      setPages([]);
    };
  }, [bytes, onShown, onUnshown, turnTo]);
  useEffect(() => {
    const root = area.current;
    if (root === null) return undefined;
    const read = (): void => {
      const middle = root.getBoundingClientRect().top + root.clientHeight / 3;
      const all = [...root.querySelectorAll<HTMLElement>('[data-page]')];
      const at = all.findLast((page) => page.getBoundingClientRect().top <= middle);
      onPage(Number(at?.dataset['page'] ?? 1));
    };
    root.addEventListener('scroll', read, { passive: true });
    return () => root.removeEventListener('scroll', read);
  }, [onPage]);
  return (
    <Paper ref={area} name={name}>
      {pages.length === 0 && <p role="status">{documents.drawing}</p>}
      {pages.map((page, index) => (
        <Scan key={index} page={page} number={index + 1} zoom={zoom} />
      ))}
    </Paper>
  );
}
