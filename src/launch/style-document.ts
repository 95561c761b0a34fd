/** A style that is not here by then is gone without: the record does not wait for a colour. */
const patienceMs = 1_500;
const longest = 10_000;

/**
 * Fetches a host's style. Only from our own server, which has it from the host's entry: an address elsewhere would tell a
 * stranger that a record is open.
 * @returns the parsed JSON, or undefined for anything that is not as it should be
 */
export async function fetchStyle(styleUrl: string | undefined, own: string = window.location.origin): Promise<unknown> {
  const url = styleUrl === undefined ? null : URL.parse(styleUrl, own);
  if (url === null || url.origin !== own || !url.pathname.startsWith('/app/style/')) return undefined;
  try {
    const response = await fetch(url, {
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    });
    const body = response.ok ? await response.text() : '';
    return body === '' || body.length > longest ? undefined : (JSON.parse(body) as unknown);
  } catch {
    return undefined;
  }
}
