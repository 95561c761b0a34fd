/** What a link's template may hold in braces. */
export const placeholders = ['nhsNumber', 'birthDate', 'time'] as const;
export type Placeholder = (typeof placeholders)[number];

/** A template cut into the texts between its placeholders and the placeholders' names, in turn. */
export function templateParts(template: string): readonly string[] {
  return template.split(/\{([^{}]*)\}/);
}

/** What is wrong with a template, in words that follow "expected"; undefined where nothing is. */
export function templateFault(template: string, cipher: string): string | undefined {
  const names = templateParts(template).filter((_, index) => index % 2 === 1);
  if (names.some((name) => !placeholders.some((known) => known === name)) || new Set(names).size !== names.length)
    return 'no placeholders but {nhsNumber}, {birthDate} and {time}, each once';
  if (!names.includes('nhsNumber') || !names.includes('birthDate')) return 'both {nhsNumber} and {birthDate}';
  if (cipher === 'aes-256-cbc' && !names.includes('time'))
    return 'a {time}: what aes-256-cbc encrypts can be altered, so it must at least grow old';
  return undefined;
}
