import type { CookieOptions, Request, Response } from 'express';
import type { Attempt, ProvedContext } from './attempt.ts';
import { sendPage } from './page/page.ts';

/** A cookie that a door sets. */
export type DoorCookie = { readonly name: string; readonly value: string; readonly options: CookieOptions };

/** Where a door leads: to a proved context, on to another authorization server, or to a page of its own. */
export type DoorStep =
  | { readonly kind: 'proved'; readonly context: ProvedContext; readonly cookies?: readonly DoorCookie[] }
  | { readonly kind: 'elsewhere'; readonly location: string; readonly cookies?: readonly DoorCookie[] }
  | {
      readonly kind: 'page';
      readonly status: number;
      readonly markup: string;
      /** Origins that may frame it; none for a page that must stand in a window of its own. */
      readonly ancestors: readonly string[];
      /** Origins besides our own to which a form in it may lead, by a redirect too. */
      readonly formActions?: readonly string[];
      readonly cookies?: readonly DoorCookie[];
    };

/**
 * One request at a door. It throws a fault where it refuses; what it has proved until then stands in `attempt`, for the
 * audit trail. A door that proves a context has also confirmed with the demographics service who it is about.
 */
export type DoorHandler = (request: Request, attempt: Attempt) => Promise<DoorStep>;

/** A further route of a door, below `/launch`. A `post` has its form read already. */
export type DoorRoute = { readonly method: 'get' | 'post'; readonly path: string; readonly handler: DoorHandler };

/** Sets what cookies a door sets, and takes away those that it has used up. */
export function setCookies(response: Response, step: DoorStep): void {
  for (const { name, value, options } of step.cookies ?? []) response.cookie(name, value, options);
}

/** Sends the browser where a door leads that has not proved a context yet. */
export function follow(response: Response, step: Exclude<DoorStep, { kind: 'proved' }>): void {
  setCookies(response, step);
  if (step.kind === 'page') {
    sendPage(response, step.status, step.markup, step);
    return;
  }
  response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }).redirect(303, step.location);
}
