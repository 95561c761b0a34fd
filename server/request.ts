import type { Request } from 'express';

declare global {
  namespace Express {
    // oxlint-disable-next-line typescript/consistent-type-definitions -- merging needs an interface
    interface Request {
      /** Id of this request: in the answer's `X-Request-Id`, in each line of the log, in the audit trail. */
      id: string;
    }
  }
}

/** The route that a request took, for the log and the audit trail. Never the URL: it may hold an id or a launch handle. */
export function routeOf(request: Request): string {
  const { path } = (request.route ?? {}) as { readonly path?: unknown };
  return `${request.baseUrl}${typeof path === 'string' ? path : ''}`;
}
