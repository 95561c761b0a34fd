const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * JSON without members named `__proto__`, which would reach into prototypes when copied (rarely there, so rarely paid
 * for). A byte order mark at its beginning is passed over. @throws where it is no UTF-8 or no JSON
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = utf8.decode(bytes);
  if (!text.includes('__proto__') && !/\\u00(?:5[fF]|70|72|6[fF]|74)/.test(text)) return JSON.parse(text) as unknown;
  return JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value)) as unknown;
}
