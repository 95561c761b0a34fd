/** Named characters that may stand within a word, part words or hide between letters, and the letters of Europe. */
const named: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: '\u00a0',
    NonBreakingSpace: '\u00a0',
    shy: '\u00ad',
    zwnj: '\u200c',
    zwj: '\u200d',
    ZeroWidthSpace: '\u200b',
    NegativeThinSpace: '\u200b',
    NegativeMediumSpace: '\u200b',
    NegativeThickSpace: '\u200b',
    NegativeVeryThinSpace: '\u200b',
    NoBreak: '\u2060',
    InvisibleTimes: '\u2062',
    InvisibleComma: '\u2063',
    ApplyFunction: '\u2061',
    lrm: '\u200e',
    rlm: '\u200f',
    ensp: '\u2002',
    emsp: '\u2003',
    thinsp: '\u2009',
    ThinSpace: '\u2009',
    hairsp: '\u200a',
    VeryThinSpace: '\u200a',
    MediumSpace: '\u205f',
    numsp: '\u2007',
    puncsp: '\u2008',
    Tab: '\t',
    NewLine: '\n',
    hyphen: '\u2010',
    dash: '\u2010',
    ndash: '\u2013',
    mdash: '\u2014',
    horbar: '\u2015',
    minus: '\u2212',
    lsquo: '\u2018',
    rsquo: '\u2019',
    period: '.',
    lowbar: '_',
    sol: '/',
    fflig: 'ff',
    filig: 'fi',
    fllig: 'fl',
    ffilig: 'ffi',
    ffllig: 'ffl',
    aelig: 'æ',
    AElig: 'Æ',
    oelig: 'œ',
    OElig: 'Œ',
    szlig: 'ß',
    oslash: 'ø',
    aring: 'å',
    ccedil: 'ç',
  }),
);
const accents: ReadonlyMap<string, string> = new Map([
  ['grave', '\u0300'],
  ['acute', '\u0301'],
  ['circ', '\u0302'],
  ['tilde', '\u0303'],
  ['uml', '\u0308'],
  ['cedil', '\u0327'],
]);
/** `&Hscr;`, `&hopf;`, `&Hfr;`: letters of mathematics, which read as letters. */
const mathematical = /^([A-Za-z])(?:scr|opf|fr)$/;

function characterOf(name: string): string | undefined {
  const known = named.get(name);
  if (known !== undefined) return known;
  const [, letter, accent] = /^([A-Za-z])(grave|acute|circ|tilde|uml|cedil)$/.exec(name) ?? [];
  if (letter !== undefined && accent !== undefined) return `${letter}${accents.get(accent) ?? ''}`.normalize('NFC');
  return mathematical.exec(name)?.[1];
}

/** A text with its character references read. One that is not known stays as it stands. */
export function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(
    /&(?:#[xX]([0-9a-fA-F]{1,8})|#(\d{1,10})|([A-Za-z][A-Za-z0-9]{1,31}));?/g,
    (whole: string, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (name !== undefined) return characterOf(name) ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
    },
  );
}

/** Elements that stand within a line: their tags part no word. */
const inline: ReadonlySet<string> = new Set(
  'a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small span strike strong sub sup time tspan tt u var wbr content'.split(
    ' ',
  ),
);

/**
 * One tag with its attributes, a comment, a section of characters, or an instruction. Attributes may hold `>`. None of them
 * needs its end, so that a file full of beginnings is read once.
 */
const markup =
  /<!--([^]*?)(?:-->|$)|<!\[CDATA\[([^]*?)(?:\]\]>|$)|<[!?]([^>]*)>?|<\/?([A-Za-z][\w.:-]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>?/g;
const raw = /^(?:script|style)$/i;
/** A long run without a space is data, in which words stand by chance alone. */
const data = /[A-Za-z0-9+/=_-]{200,}/g;

/**
 * The words of a text in HTML or XML (CDA, SVG): what it shows, then what stands beside that: attributes, comments,
 * scripts and styles, since all of it is in the file. Tags within a line part no word (`H<b>I</b>V`). It never throws.
 */
export function markedUpText(source: string): string {
  const shown: string[] = [];
  const beside: string[] = [];
  let from = 0;
  markup.lastIndex = 0;
  for (let match = markup.exec(source); match !== null; match = markup.exec(source)) {
    const [, comment, characters, instruction, tag, attributes = ''] = match;
    shown.push(unescaped(source.slice(from, match.index)));
    from = markup.lastIndex;
    if (comment !== undefined) beside.push(comment);
    else if (characters !== undefined) shown.push(characters);
    else if (instruction !== undefined) beside.push(instruction);
    else if (tag !== undefined) {
      if (attributes !== '') beside.push(unescaped(attributes));
      const name = tag.slice(tag.indexOf(':') + 1).toLowerCase();
      if (!inline.has(name)) shown.push('\n');
      if (raw.test(name) && !match[0].startsWith('</')) {
        const end = source.slice(from).search(new RegExp(`</${name}`, 'i'));
        const until = end < 0 ? source.length : from + end;
        beside.push(source.slice(from, until));
        from = until;
        markup.lastIndex = until;
      }
    }
  }
  shown.push(unescaped(source.slice(from)));
  return `${shown.join('')}\n${beside.join('\n')}`.replaceAll(data, ' ');
}
