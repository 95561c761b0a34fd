import express, { type Request, type Response } from 'express';
import { Fault } from '../fault.ts';

/** Makes a reader of JSON bodies. `what` is expected, in words: `a Practitioner`; `limit` is its size, as `16kb`. */
export function jsonBody(what: string, limit: string) {
  const json = express.json({ type: ['application/fhir+json', 'application/json'], limit });

  /**
   * The JSON in a request's body; undefined where there is none.
   * @throws {Fault} `unsupported-type`, `invalid-request`, `too-large`
   */
  return (request: Request, response: Response): Promise<unknown> =>
    new Promise((done, fail) => {
      if (request.get('content-length') === '0') return done(undefined);
      // Null where there is no body at all.
      if (request.is(['application/fhir+json', 'application/json']) === false)
        return fail(new Fault('unsupported-type', `Send ${what} as application/fhir+json.`));
      return json(request, response, (error?: unknown) => {
        if (error === undefined) return done(request.body);
        const tooLarge = (error as { readonly status?: unknown }).status === 413;
        fail(
          tooLarge
            ? new Fault('too-large', `What was sent is far larger than ${what} can be.`)
            : new Fault('invalid-request', `The body could not be read. Send ${what} as FHIR JSON.`),
        );
      });
    });
}
