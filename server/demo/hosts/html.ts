/** Markup that is safe to send: made by {@link html} alone, which escapes every text that goes into it. */
export type Html = { readonly markup: string };

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function markupOf(value: Html | string | number | readonly Html[]): string {
  if (typeof value === 'string' || typeof value === 'number')
    return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? '');
  return 'markup' in value ? value.markup : value.map((one) => one.markup).join('');
}

/** A template whose texts are escaped, in elements and in quoted attributes; nested {@link Html} goes in as it is. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (Html | string | number | readonly Html[])[]
): Html {
  return { markup: String.raw({ raw: strings }, ...values.map(markupOf)) };
}
