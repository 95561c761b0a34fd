import { styled } from '@mui/material/styles';
import { useEffect, useMemo, useRef, type ReactElement } from 'react';
import { mark, rangesIn } from './found.ts';
import { kindOf, textOf } from './kind.ts';
import { Paper } from './paper.tsx';
import { scrollWithin } from './scrolled.ts';
import type { ViewProps } from './shown.ts';
import { wordsOfXml } from './xml-words.ts';
import { reading } from './words.ts';

const Words = styled('pre')(({ theme }) => ({
  margin: 0,
  padding: theme.spacing(4),
  font: 'inherit',
  lineHeight: 1.5,
  whiteSpace: 'pre-wrap',
  overflowWrap: 'anywhere',
  color: '#212B32',
  backgroundColor: '#fff',
  border: `1px solid ${theme.vars.palette.ohc.control}`,
  maxWidth: '90ch',
}));

/** Plain text, in its lines; of XML (CDA) its words, a line an element. */
export function TextView({ bytes, contentType, name, zoom, onShown }: ViewProps): ReactElement {
  const words = useRef<HTMLPreElement>(null);
  const { text, left } = useMemo(() => {
    const all = textOf(bytes, contentType);
    const ofXml = kindOf(bytes, contentType) === 'xml' ? wordsOfXml(all) : undefined;
    return ofXml === undefined ? { text: all, left: undefined } : { text: ofXml, left: reading.xmlWords };
  }, [bytes, contentType]);
  useEffect(() => {
    let ranges: readonly Range[] = [];
    onShown({
      left,
      find: async (pattern) => {
        ranges = pattern === undefined || words.current === null ? [] : rangesIn(words.current, pattern);
        mark(window, ranges);
        return { count: ranges.length, unread: 0 };
      },
      reveal: (index) => {
        const range = ranges[index];
        mark(window, ranges, range);
        const area = words.current?.closest('[data-paper]');
        if (range !== undefined && area != null) scrollWithin(area, range.getBoundingClientRect(), 0.5);
      },
    });
    return () => mark(window, []);
  }, [left, onShown]);
  return (
    <Paper name={name}>
      <Words ref={words} style={{ fontSize: `${zoom * 0.9375}rem` }}>
        <bdi>{text}</bdi>
      </Words>
    </Paper>
  );
}
