import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { cleanHtml, framedPage } from './clean-html.ts';
import { foundCss, mark, rangesIn } from './found.ts';
import { kindOf, textOf } from './kind.ts';
import { richTextHtml } from './rich-text.ts';
import type { ViewProps } from './shown.ts';
import { reading } from './words.ts';

/** A document as a page for a frame, and how many of its pictures are not on it. */
function pageOf(bytes: Uint8Array, contentType: string | undefined): { readonly page: string; readonly left: number } {
  if (kindOf(bytes, contentType) !== 'rtf') {
    const { html, left } = cleanHtml(textOf(bytes, contentType));
    return { page: framedPage({ html }, foundCss), left };
  }
  let latin = '';
  for (let at = 0; at < bytes.length; at += 8192) latin += String.fromCharCode(...bytes.subarray(at, at + 8192));
  const rich = richTextHtml(latin);
  const { html, left } = cleanHtml(rich.html);
  return { page: framedPage({ html }, foundCss), left: rich.left + left };
}

/**
 * HTML and RTF, cleaned, in a frame in which nothing runs, loads, is sent or navigates. The frame is of our own origin, so
 * that its words can be found and its keys heard; without `allow-scripts` that gives nothing in it any power.
 */
export function FramedView({ bytes, contentType, name, zoom, onShown, onCopy }: ViewProps): ReactElement {
  const frame = useRef<HTMLIFrameElement>(null);
  const { page, left } = useMemo(() => pageOf(bytes, contentType), [bytes, contentType]);
  const [inside, setInside] = useState<Document>();
  useEffect(() => {
    if (inside === undefined) return undefined;
    const view = inside.defaultView;
    let ranges: readonly Range[] = [];
    onShown({
      left: left === 0 ? undefined : reading.pictures(left),
      find: async (pattern) => {
        ranges = pattern === undefined ? [] : rangesIn(inside.body, pattern);
        mark(view, ranges);
        return { count: ranges.length, unread: 0 };
      },
      reveal: (index) => {
        const range = ranges[index];
        mark(view, ranges, range);
        const area = inside.scrollingElement;
        if (range !== undefined && area !== null)
          area.scrollBy({ top: range.getBoundingClientRect().top - area.clientHeight / 2 });
      },
    });
    // Esc closes the reader from within the frame too.
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      frame.current?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    };
    inside.addEventListener('keydown', onKey);
    inside.addEventListener('copy', onCopy);
    return () => {
      inside.removeEventListener('keydown', onKey);
      inside.removeEventListener('copy', onCopy);
    };
  }, [inside, left, onShown, onCopy]);
  useEffect(() => {
    inside?.body.style.setProperty('zoom', String(zoom));
  }, [zoom, inside]);
  return (
    <iframe
      ref={frame}
      title={name}
      sandbox="allow-same-origin"
      referrerPolicy="no-referrer"
      srcDoc={page}
      onLoad={(event) => setInside(event.currentTarget.contentDocument ?? undefined)}
      style={{ flex: 1, minHeight: 0, width: '100%', border: 0, backgroundColor: '#fff' }}
    />
  );
}
