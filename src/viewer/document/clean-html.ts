import DOMPurify from 'dompurify';

/** What would load something, or lead away from here; pictures within the document itself apart. */
const addresses = [
  'href',
  'src',
  'srcset',
  'background',
  'poster',
  'action',
  'formaction',
  'data',
  'cite',
  'xlink:href',
  'ping',
];
const ownPicture = /^data:image\/(?:png|jpe?g|gif|webp|bmp);base64,/i;

/** HTML that may be shown, and how many of its pictures lay elsewhere and were left out. */
export type CleanHtml = { readonly html: string; readonly left: number };

/**
 * HTML of a source without anything that runs, loads, sends or leads away (H26). Its own styles stay, since what is struck
 * out or stands in a table must look so; the frame's policy keeps them from loading anything.
 * @throws Error where the browser cannot do it: then nothing of the document is shown
 */
export function cleanHtml(html: string): CleanHtml {
  const purify = DOMPurify(window);
  // Where it cannot work it would give its input back as it is.
  if (!purify.isSupported) throw new Error('HTML cannot be cleaned in this browser');
  let left = 0;
  purify.addHook('afterSanitizeAttributes', (element) => {
    const source = element.getAttribute('src');
    if (element.nodeName === 'IMG' && !ownPicture.test(source ?? '')) left += 1;
    for (const name of addresses)
      if (element.hasAttribute(name) && !(name === 'src' && ownPicture.test(source ?? '')))
        element.removeAttribute(name);
    if (element.nodeName === 'IMG' && !element.hasAttribute('src')) element.remove();
    if (/url\s*\(|@import|expression\s*\(/i.test(element.getAttribute('style') ?? '')) element.removeAttribute('style');
  });
  const clean = purify.sanitize(html, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: [
      'form',
      'input',
      'button',
      'select',
      'textarea',
      'option',
      'audio',
      'video',
      'source',
      'track',
      'map',
      'area',
      'dialog',
    ],
    FORBID_ATTR: ['id', 'name', 'class', 'contenteditable', 'autofocus', 'popover', 'tabindex'],
  });
  return { html: clean, left };
}

/** On white paper whatever the scheme: the colours of a letter are chosen for that. */
const paper = `
html { color-scheme: light; background: #fff; color: #212B32; }
body { margin: 16px; font: 15px/1.5 Arial, "Liberation Sans", Helvetica, sans-serif; overflow-wrap: anywhere; }
img { max-width: 100%; height: auto; }
table { border-collapse: collapse; max-width: 100%; }
td, th { vertical-align: top; padding: 2px 6px; }
pre { white-space: pre-wrap; }
`;

/** A whole page for a sandboxed frame. Its own policy stands beside the viewer's: nothing runs, nothing is fetched. */
export function framedPage({ html }: Pick<CleanHtml, 'html'>, css: string): string {
  return `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"><style>${paper}${css}</style></head><body>${html}</body></html>`;
}
