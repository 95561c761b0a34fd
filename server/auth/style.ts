import { createHash } from 'node:crypto';
import type { Host } from '../config/schema.ts';

/** A hash of the content stands in the URL: it changes when the style does, so that it may be kept for ever. */
function nameOf(host: Host): string {
  const hash = createHash('sha256').update(JSON.stringify(host.style)).digest('hex').slice(0, 16);
  return `${host.id}-${hash}.json`;
}

/** `smart_style_url` of a host that has a style (SMART 2.2, "Styling"). */
export function styleUrlOf(baseUrl: string, host: Host | undefined): string | undefined {
  return host?.style === undefined ? undefined : `${baseUrl}/app/style/${nameOf(host)}`;
}

/** The style under the last segment of such a URL; undefined for any other. */
export function styleNamed(hosts: readonly Host[], name: string): Host['style'] {
  return hosts.find((host) => host.style !== undefined && nameOf(host) === name)?.style;
}
