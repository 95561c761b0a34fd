import express from 'express';
import type { RotatingKeys } from '../config/key-watch.ts';
import { createAuthorization, type Authorization, type AuthorizationDeps } from './authorization.ts';

/** An authorization server whose signing keys may change while it runs. */
export type RotatingAuthorization = Authorization & {
  /**
   * From the next request on signs with the first of these keys and publishes all of them.
   * @throws where they cannot be used; those of before stay
   */
  readonly useKeys: (keys: Pick<RotatingKeys, 'signingKeys'>) => void;
};

/**
 * Builds the authorization server anew at each change of keys, since the library takes its keys once. Everything that it
 * remembers is in the database, so a new one goes on where the one before it stood; requests under way end at the old.
 */
export function createRotatingAuthorization(deps: AuthorizationDeps): RotatingAuthorization {
  const first = createAuthorization(deps);
  const built = [first];
  let current = first;
  const router = express.Router();
  router.use((req, res, next) => current.router(req, res, next));
  return {
    // What is not about signing asks the database, whichever of them answers.
    ...first,
    router,
    close: async () => {
      await Promise.all(built.map((one) => one.close()));
    },
    useKeys: ({ signingKeys }) => {
      current = createAuthorization({ ...deps, secrets: { ...deps.secrets, signingKeys } });
      built.push(current);
    },
  };
}
