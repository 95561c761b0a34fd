import 'express';

declare global {
  namespace Express {
    // oxlint-disable-next-line typescript/consistent-type-definitions -- merging needs an interface
    interface Request {
      /** Id of this request: in the answer's `X-Request-Id`, in each line of the log, in the audit trail. */
      id: string;
    }
  }
}
