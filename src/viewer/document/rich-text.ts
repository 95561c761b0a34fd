/** Destinations of RTF that are no part of the page: fonts, colours, properties, what a reader may pass over. */
const unseen = new Set([
  'fonttbl',
  'colortbl',
  'stylesheet',
  'info',
  'themedata',
  'colorschememapping',
  'datastore',
  'latentstyles',
  'listtable',
  'listoverridetable',
  'rsidtbl',
  'xmlnstbl',
  'mmathPr',
  'generator',
  'panose',
  'falt',
  'fontemb',
  'nonshppict',
  'objdata',
  'fldinst',
  'bkmkstart',
  'bkmkend',
  'filetbl',
  'revtbl',
  'userprops',
  'docvar',
  'pntxta',
  'pntxtb',
  'private',
  'sp',
]);

/** Control words that stand for a character. */
const characters: Readonly<Record<string, string>> = {
  line: '\n',
  softline: '\n',
  tab: '\t',
  emspace: '\u2003',
  enspace: '\u2002',
  qmspace: ' ',
  emdash: '\u2014',
  endash: '\u2013',
  lquote: '\u2018',
  rquote: '\u2019',
  ldblquote: '\u201c',
  rdblquote: '\u201d',
  bullet: '\u2022',
};

/** Looks that carry meaning, by their control word: what is struck out must look so. */
const looks: Readonly<Record<string, keyof Look>> = {
  b: 'b',
  i: 'i',
  ul: 'u',
  strike: 's',
  striked: 's',
  super: 'sup',
  sub: 'sub',
  deleted: 's',
};

type Look = {
  readonly b: boolean;
  readonly i: boolean;
  readonly u: boolean;
  readonly s: boolean;
  readonly sup: boolean;
  readonly sub: boolean;
};
const plainLook: Look = { b: false, i: false, u: false, s: false, sup: false, sub: false };

type Group = {
  readonly look: Look;
  /** A destination that is no part of the page. */
  readonly unseen: boolean;
  /** Hidden by its writer. */
  readonly veiled: boolean;
  /** How many characters stand behind `\u` for readers that do not know it. */
  readonly fallback: number;
  /** Text that stands apart from the page: `header`, `footer`, `footnote`, a comment. */
  readonly aside: string | undefined;
};

const asides: Readonly<Record<string, string>> = {
  header: 'Header',
  headerl: 'Header',
  headerr: 'Header',
  headerf: 'Header',
  footer: 'Footer',
  footerl: 'Footer',
  footerr: 'Footer',
  footerf: 'Footer',
  footnote: 'Note',
  annotation: 'Comment',
};

function decoderOf(codePage: string): TextDecoder {
  const label = codePage === '65001' ? 'utf-8' : codePage === '10000' ? 'macintosh' : `windows-${codePage}`;
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder('windows-1252');
  }
}

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\n', '<br>')
    .replaceAll('\t', '&emsp;');

const tags = Object.keys(plainLook) as (keyof Look)[];

/** The page as it is put together: paragraphs, rows of cells, and what stands apart. */
class Page {
  private readonly blocks: string[] = [];
  private readonly asides = new Map<string, string>();
  private rows: string[] = [];
  private cells: string[] = [];
  private line = '';

  say(text: string, look: Look, aside: string | undefined): void {
    if (text === '') return;
    const on = tags.filter((tag) => look[tag]);
    const html = on.reduceRight((inner, tag) => `<${tag}>${inner}</${tag}>`, escaped(text));
    if (aside === undefined) this.line += html;
    else this.asides.set(aside, (this.asides.get(aside) ?? '') + html);
  }

  /** The end of a paragraph. Within a cell of a table it is a new line of the cell. */
  paragraph(inTable: boolean, aside: string | undefined): void {
    if (aside !== undefined) this.say('\n', plainLook, aside);
    else if (inTable) this.line += '<br>';
    else {
      this.endTable();
      this.blocks.push(`<p>${this.line === '' ? '<br>' : this.line}</p>`);
      this.line = '';
    }
  }

  cell(): void {
    this.cells.push(`<td>${this.line.replace(/(?:<br>)+$/, '')}</td>`);
    this.line = '';
  }

  row(): void {
    if (this.cells.length > 0) this.rows.push(`<tr>${this.cells.join('')}</tr>`);
    this.cells = [];
  }

  private endTable(): void {
    // A file that was cut off has cells without the end of their row.
    this.row();
    if (this.rows.length > 0) this.blocks.push(`<table border="1"><tbody>${this.rows.join('')}</tbody></table>`);
    this.rows = [];
  }

  html(): string {
    this.endTable();
    if (this.line !== '') this.blocks.push(`<p>${this.line}</p>`);
    this.line = '';
    const apart = [...this.asides].map(([name, html]) => `<hr><p>${name}: ${html.replace(/(?:<br>)+$/, '')}</p>`);
    return [...this.blocks, ...apart].join('\n');
  }
}

const token = /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}]+)/gs;

/**
 * A letter in RTF as HTML: its paragraphs and tables with what is bold, underlined, struck out, raised or lowered. Headers,
 * footers, notes and comments stand below it; text that its writer hid is not shown. It never throws, and its time is
 * linear in its length. What it gives is still to be cleaned.
 * @param latin the file's bytes, each a character of the same number
 * @returns `left`: how many pictures are not shown
 */
export function richTextHtml(latin: string): { readonly html: string; readonly left: number } {
  const page = new Page();
  const groups: Group[] = [];
  const first: Group = { look: plainLook, unseen: false, veiled: false, fallback: 1, aside: undefined };
  let group = first;
  let decoder = decoderOf('1252');
  let pending: number[] = [];
  let toSkip = 0;
  let inTable = false;
  let left = 0;
  /** `\*` was read: the destination that follows may be passed over by who does not know it. */
  let optional = false;
  const isHidden = (): boolean => group.unseen || group.veiled;
  const say = (text: string): void => {
    if (!isHidden()) page.say(text, group.look, group.aside);
  };
  const flush = (): void => {
    if (pending.length > 0) say(decoder.decode(Uint8Array.from(pending)));
    pending = [];
  };
  const control = (word: string, number: number | undefined): void => {
    const wasOptional = optional;
    optional = false;
    if (word === 'u' && number !== undefined) {
      const code = number < 0 ? number + 65_536 : number;
      flush();
      say(code <= 0xffff ? String.fromCharCode(code) : '');
      toSkip = group.fallback;
      return;
    }
    if (word === 'uc') {
      group = { ...group, fallback: Math.max(0, number ?? 1) };
      return;
    }
    if (word === 'bin') {
      token.lastIndex += Math.max(0, number ?? 0);
      return;
    }
    flush();
    if (word === 'pict') {
      if (!isHidden()) left += 1;
      group = { ...group, unseen: true };
    } else if (
      unseen.has(word) ||
      (wasOptional && word !== 'shppict' && word !== 'shpinst' && asides[word] === undefined)
    )
      group = { ...group, unseen: true };
    else if (asides[word] !== undefined) group = { ...group, aside: asides[word] };
    else if (word === 'v') group = { ...group, veiled: number !== 0 };
    else if (word === 'plain') group = { ...group, look: plainLook };
    else if (word === 'ulnone') group = { ...group, look: { ...group.look, u: false } };
    else if (word === 'nosupersub') group = { ...group, look: { ...group.look, sup: false, sub: false } };
    else if (word === 'ansicpg') decoder = decoderOf(String(number ?? 1252));
    else if (word === 'mac') decoder = decoderOf('10000');
    else if (word === 'pard') inTable = false;
    else if (word === 'intbl') inTable = true;
    else if (isHidden()) return;
    else if (word === 'par' || word === 'sect' || word === 'page') page.paragraph(inTable, group.aside);
    else if (word === 'cell' || word === 'nestcell') page.cell();
    else if (word === 'row' || word === 'nestrow') page.row();
    else if (looks[word] !== undefined) group = { ...group, look: { ...group.look, [looks[word]]: number !== 0 } };
    else say(characters[word] ?? '');
  };

  token.lastIndex = 0;
  for (let match = token.exec(latin); match !== null; match = token.exec(latin)) {
    const [, word, parameter, hex, symbol, brace, plain] = match;
    if (brace === '{') {
      flush();
      groups.push(group);
      toSkip = 0;
      optional = false;
    } else if (brace === '}') {
      flush();
      group = groups.pop() ?? first;
      toSkip = 0;
    } else if (plain !== undefined) {
      // Line breaks of the file are none of the text.
      const said = plain.replaceAll(/[\r\n\0]/g, '');
      const skipped = Math.min(toSkip, said.length);
      toSkip -= skipped;
      for (let at = skipped; at < said.length; at += 1) pending.push(said.charCodeAt(at) & 0xff);
    } else if (hex !== undefined) {
      if (toSkip > 0) toSkip -= 1;
      else pending.push(Number.parseInt(hex, 16));
    } else if (symbol !== undefined) {
      if (symbol === '*') optional = true;
      else if (toSkip > 0) toSkip -= 1;
      else {
        flush();
        if (symbol === '~') say('\u00a0');
        else if (symbol === '_') say('-');
        else if (symbol === '\n' || symbol === '\r') {
          if (!isHidden()) page.paragraph(inTable, group.aside);
        } else if (symbol === '\\' || symbol === '{' || symbol === '}') say(symbol);
      }
    } else if (word !== undefined) control(word, parameter === undefined ? undefined : Number(parameter));
  }
  flush();
  return { html: page.html(), left };
}
