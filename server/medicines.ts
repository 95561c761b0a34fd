import { createHash } from 'node:crypto';
import type { Config } from './config/config.ts';

/** What the viewer compares brand and generic by, as it is sent: a release of it is megabytes, and is written once. */
export type Medicines = { readonly body: string; readonly etag: string };

const written = new WeakMap<object, Medicines>();

/** `GET /app/medicines.json`: virtual products with their actual ones; undefined where the region gives none. Nothing of a person. */
export function medicinesOf({ medicines }: Pick<Config, 'medicines'>): Medicines | undefined {
  if (medicines === undefined) return undefined;
  const known = written.get(medicines);
  if (known !== undefined) return known;
  const body = JSON.stringify({ products: Object.fromEntries(medicines) });
  const made = { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
  written.set(medicines, made);
  return made;
}
