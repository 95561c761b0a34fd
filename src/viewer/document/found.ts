/** What is looked for in a text: the words as typed, whatever their case and however far apart. Undefined for nothing. */
export function patternOf(words: string): RegExp | undefined {
  const parts = words
    .trim()
    .split(/\s+/)
    .filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  return new RegExp(
    parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)).join(String.raw`\s+`),
    'giu',
  );
}

/** How often a text holds the words. */
export function countIn(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

/** Elements that end a line: words on both sides of one are not one word. */
const breaking =
  /^(?:BR|P|DIV|LI|TR|TD|TH|H[1-6]|TABLE|UL|OL|DL|DT|DD|PRE|BLOCKQUOTE|HR|SECTION|ARTICLE|HEADER|FOOTER)$/;

/** The text of an element, with where each part of it lies. */
function piecesOf(root: Node): {
  readonly text: string;
  readonly pieces: readonly (readonly [at: number, node: Text])[];
} {
  const pieces: (readonly [number, Text])[] = [];
  let text = '';
  const walk = (node: Node): void => {
    if (node.nodeType === 3) {
      pieces.push([text.length, node as Text]);
      text += (node as Text).data;
      return;
    }
    if (node.nodeType !== 1 && node.nodeType !== 9 && node.nodeType !== 11) return;
    if (/^(?:STYLE|SCRIPT|HEAD)$/.test(node.nodeName)) return;
    const breaks = breaking.test(node.nodeName);
    if (breaks && !text.endsWith('\n')) text += '\n';
    for (const child of node.childNodes) walk(child);
    if (breaks && !text.endsWith('\n')) text += '\n';
  };
  walk(root);
  return { text, pieces };
}

/** The places of an element that hold the words, in their order. A find may begin in one part of a line and end in another. */
export function rangesIn(root: Node, pattern: RegExp): readonly Range[] {
  const { text, pieces } = piecesOf(root);
  const document = root.ownerDocument ?? (root as Document);
  let piece = 0;
  /** The node that holds a place of the text, and where in it; `past`: the last one that reaches it rather than the first behind. */
  const placeOf = (at: number, past: number): readonly [Text, number] | undefined => {
    const ends = ([from, node]: readonly [number, Text]): number => from + node.data.length;
    for (let one = pieces[piece]; one !== undefined; one = pieces[++piece])
      if (ends(one) >= at + past) return [one[1], Math.max(0, at - one[0])];
    return undefined;
  };
  return [...text.matchAll(pattern)].flatMap((match) => {
    const start = placeOf(match.index, 1);
    const end = placeOf(match.index + match[0].length, 0);
    if (start === undefined || end === undefined) return [];
    const range = document.createRange();
    range.setStart(...start);
    range.setEnd(...end);
    return [range];
  });
}

const [all, here] = ['ohc-found', 'ohc-found-here'];

/** The colours of what was found, for the page and for a framed document. They stand on white paper in every scheme. */
export const foundCss = `::highlight(${all}) { background-color: #FFEB3B; color: #212B32; } ::highlight(${here}) { background-color: #212B32; color: #FFEB3B; }`;

/** Marks what was found in the window that holds it, the one that is looked at apart. None takes the marks away. */
export function mark(view: (Window & typeof globalThis) | null, ranges: readonly Range[], at?: Range): void {
  // Of 2024 in one of the browsers: without it, what is found is scrolled to and counted, and not coloured.
  if (view === null || !('highlights' in view.CSS) || typeof view.Highlight !== 'function') return;
  view.CSS.highlights.set(all, new view.Highlight(...ranges));
  view.CSS.highlights.set(here, new view.Highlight(...(at === undefined ? [] : [at])));
}
