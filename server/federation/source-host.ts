import type { JsonObject } from '../../src/fhir/json.ts';

/** Where one source stands on the network, to be kept out of what leaves. */
export type SourceHost = {
  /** True where a text at any depth of a value names the host. */
  readonly isIn: (value: unknown) => boolean;
  /** The text with the source's public name in place of its address, wherever it holds that as a URL. */
  readonly hide: (text: string) => string;
};

const nowhere: SourceHost = { isIn: () => false, hide: (text) => text };

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);

/**
 * Where a source stands on the network is nobody's business outside: its base URL, and any other URL at its host, begins
 * with `publicUri` when it leaves. What follows the host stays, so that the names that a source makes under its address
 * (code systems, identifiers, profiles) stay apart and tell the filter what they told. An e-mail address is no URL.
 * @param base the source's base URL; an empty one hides nothing
 */
export function sourceHost(base: string, publicUri: string): SourceHost {
  if (!URL.canParse(base)) return nowhere;
  const { hostname, pathname } = new URL(base);
  const path = pathname.replace(/\/+$/, '');
  const url = new RegExp(
    String.raw`(?:[a-z][a-z0-9+.-]*:)?\/\/(?:[^\s\/@"'<>]*@)?${escaped(hostname)}(?::\d*)?(?![\w-]|\.\w)(?:${escaped(path)}(?![\w-]))?`,
    'gi',
  );
  // Most texts are shorter than any URL of the source's: that alone tells of them that they hold none.
  const shortest = hostname.length + 2;
  const isIn = (value: unknown): boolean => {
    if (typeof value === 'string') return value.length >= shortest && value.includes(hostname);
    if (typeof value !== 'object' || value === null) return false;
    if (Array.isArray(value)) {
      for (const one of value as readonly unknown[]) if (isIn(one)) return true;
      return false;
    }
    const known = value as JsonObject;
    for (const member in known) if (isIn(known[member])) return true;
    return false;
  };
  return { isIn, hide: (text) => (isIn(text) ? text.replaceAll(url, publicUri) : text) };
}

const linkAttribute =
  /\s(?:href|src|srcset|cite|background|poster|action|formaction|data|longdesc)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+)/gi;
const styleUrl = /url\s*\([^)]*\)/gi;

/** A narrative's XHTML without what leads out of it: its links and pictures point into the source, or anywhere. */
export function withoutLinks(div: string): string {
  return div
    .replaceAll(linkAttribute, (attribute) => (/=\s*["']?#/.test(attribute) ? attribute : ''))
    .replaceAll(styleUrl, 'none');
}
