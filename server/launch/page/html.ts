/** Markup that is safe to send: made by {@link html} alone, which escapes every value that goes into it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function markupOf(value: Html | string | number | readonly Html[]): string {
  if (value instanceof Html) return value.markup;
  if (typeof value === 'string' || typeof value === 'number')
    return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? '');
  return value.map((one) => one.markup).join('');
}

/** A template whose texts are escaped, in elements and in quoted attributes; nested {@link Html} goes in as it is. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (Html | string | number | readonly Html[])[]
): Html {
  return new Html(
    strings.reduce((whole, part, index) => {
      const value = values[index];
      return whole + part + (value === undefined ? '' : markupOf(value));
    }, ''),
  );
}

/** No markup at all. */
export const nothing = new Html('');
