/** Puts a public name in place of a source's own address, wherever a text holds it as a URL. */
export type HideHost = (text: string) => string;

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);

/**
 * Where a source stands on the network is nobody's business outside: its base URL, and any other URL at its host, begins
 * with `publicUri` when it leaves. What follows the host stays, so that the names that a source makes under its address
 * (code systems, identifiers, profiles) stay apart and tell the filter what they told. An e-mail address is no URL.
 * @param base the source's base URL; an empty one hides nothing
 */
export function hostHider(base: string, publicUri: string): HideHost {
  if (!URL.canParse(base)) return (text) => text;
  const { hostname, pathname } = new URL(base);
  const path = pathname.replace(/\/+$/, '');
  const url = new RegExp(
    String.raw`(?:[a-z][a-z0-9+.-]*:)?\/\/(?:[^\s\/@"'<>]*@)?${escaped(hostname)}(?::\d*)?(?![\w-]|\.\w)(?:${escaped(path)}(?![\w-]))?`,
    'gi',
  );
  const shortest = hostname.length + 2;
  return (text) => (text.length < shortest || !text.includes(hostname) ? text : text.replaceAll(url, publicUri));
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
