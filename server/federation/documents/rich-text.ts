/** Destinations of RTF that hold no words: fonts, colours, styles, pictures, the bytes of objects. */
const wordless = new Set([
  'fonttbl',
  'colortbl',
  'stylesheet',
  'pict',
  'objdata',
  'themedata',
  'colorschememapping',
  'datastore',
  'latentstyles',
  'listtable',
  'listoverridetable',
  'rsidtbl',
  'xmlnstbl',
  'mmathPr',
  'blipuid',
  'generator',
  'panose',
  'falt',
  'fontemb',
  'nonshppict',
]);

/** Control words that stand for a character, or part words. Any other says nothing. */
const characters: ReadonlyMap<string, string> = new Map([
  ['par', '\n'],
  ['line', '\n'],
  ['sect', '\n'],
  ['page', '\n'],
  ['column', '\n'],
  ['row', '\n'],
  ['nestrow', '\n'],
  ['softline', '\n'],
  ['cell', '\t'],
  ['nestcell', '\t'],
  ['tab', '\t'],
  ['emspace', ' '],
  ['enspace', ' '],
  ['qmspace', ' '],
  ['emdash', '\u2014'],
  ['endash', '\u2013'],
  ['lquote', '\u2018'],
  ['rquote', '\u2019'],
  ['ldblquote', '\u201c'],
  ['rdblquote', '\u201d'],
  ['bullet', '\u2022'],
]);

/** What of the surroundings a group of RTF has of its own. */
type Group = {
  /** How many characters stand behind `\u` for readers that do not know it. */
  readonly fallback: number;
  readonly silent: boolean;
};

function decoderOf(codePage: string): InstanceType<typeof TextDecoder> {
  const label =
    codePage === '65001'
      ? 'utf-8'
      : codePage === '932'
        ? 'shift_jis'
        : codePage === '936'
          ? 'gbk'
          : `windows-${codePage}`;
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder('windows-1252');
  }
}

const token = /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}]+)/gs;

/**
 * The words of a text in RTF, without its form. A word whose letters stand in different groups is one word; hidden text,
 * headers, footnotes, comments, fields and properties count, since whoever opens it may find them. It never throws, and its
 * time is linear in its length.
 * @param latin the file's bytes, each a character of the same number
 */
export function richText(latin: string): string {
  const out: string[] = [];
  const groups: Group[] = [];
  let group: Group = { fallback: 1, silent: false };
  let decoder = decoderOf('1252');
  let pending: number[] = [];
  let toSkip = 0;
  const flush = (): void => {
    if (pending.length === 0) return;
    if (!group.silent) out.push(decoder.decode(Uint8Array.from(pending)));
    pending = [];
  };
  const say = (text: string): void => {
    flush();
    if (!group.silent) out.push(text);
  };

  token.lastIndex = 0;
  for (let match = token.exec(latin); match !== null; match = token.exec(latin)) {
    const [whole, word, parameter, hex, symbol, brace, plain] = match;
    if (brace === '{') {
      flush();
      groups.push(group);
      toSkip = 0;
    } else if (brace === '}') {
      flush();
      group = groups.pop() ?? { fallback: 1, silent: false };
      toSkip = 0;
    } else if (plain !== undefined) {
      // Line breaks of the file are none of the text.
      const said = plain.replaceAll(/[\r\n\0]/g, '');
      const skipped = Math.min(toSkip, said.length);
      toSkip -= skipped;
      if (skipped < said.length) for (const byte of Buffer.from(said.slice(skipped), 'latin1')) pending.push(byte);
    } else if (hex !== undefined) {
      if (toSkip > 0) toSkip -= 1;
      else pending.push(Number.parseInt(hex, 16));
    } else if (symbol !== undefined) {
      if (toSkip > 0 && symbol !== '*') toSkip -= 1;
      else if (symbol === '~') say('\u00a0');
      else if (symbol === '_') say('-');
      else if (symbol === '\n' || symbol === '\r') say('\n');
      else if (symbol === '\\' || symbol === '{' || symbol === '}') say(symbol);
      // An optional hyphen parts no word; a star only says that what follows may be passed over.
    } else if (word !== undefined) {
      const number = parameter === undefined ? undefined : Number(parameter);
      if (word === 'u' && number !== undefined) {
        const code = number < 0 ? number + 65_536 : number;
        say(code <= 0xffff ? String.fromCharCode(code) : '');
        toSkip = group.fallback;
      } else if (word === 'uc') group = { ...group, fallback: Math.max(0, number ?? 1) };
      else if (word === 'ansicpg' && parameter !== undefined) {
        flush();
        decoder = decoderOf(parameter);
      } else if (word === 'mac') decoder = new TextDecoder('macintosh');
      else if (word === 'bin') token.lastIndex += Math.max(0, number ?? 0);
      else if (wordless.has(word)) {
        flush();
        group = { ...group, silent: true };
      } else {
        const character = characters.get(word);
        if (character !== undefined) say(character);
      }
    } else if (whole === '') break;
  }
  flush();
  return out.join('');
}
