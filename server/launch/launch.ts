import { join } from 'node:path';
import express, { type Request, type Response, type Router } from 'express';
import type { JWK } from 'jose';
import type { Audit } from '../audit/entry.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../store/store.ts';
import type { Attempt } from './attempt.ts';
import { follow, setCookies, type DoorHandler } from './door.ts';
import { createEncryptedLinkDoor } from './encrypted-link/encrypted-link.ts';
import { createHandOver, hostOf, type OnHandedOver } from './hand-over.ts';
import type { Handles } from './handle.ts';
import type { AskDemographics, AskTrace } from './identity.ts';
import { createJwksRouter } from './jwks.ts';
import { createPendingAuthorizations } from './openid/pending.ts';
import type { Fetch } from './openid/relying-party.ts';
import { pageStylePath } from './page/page.ts';
import { refuse } from './page/refusal.ts';
import type { LaunchRate } from './rate.ts';
import { createRefusals, sendFaultToHost } from './refused-launch.ts';
import { createFirstTime } from './registration/first-time.ts';
import { createSignInDoor } from './sign-in/sign-in.ts';
import type { EndUser } from './sign-out.ts';
import { createSignedContextDoor } from './signed-context/door.ts';
import type { HostTokens } from './smart/host-token.ts';
import { createSmartDoor } from './smart/smart.ts';

/** What the way in needs. */
export type LaunchDeps = {
  readonly config: Config;
  readonly baseUrl: string;
  readonly db: Database;
  readonly idKey: Buffer;
  readonly audit: Audit;
  readonly demographics: AskDemographics;
  /** Finds one person at the demographics service without their number. */
  readonly trace: AskTrace;
  /** True where an objection hides this person: the sign-in and encrypted-link doors refuse them alike. */
  readonly hides: (nhsNumber: string) => Promise<boolean>;
  /** See `Secrets`. Its content may change while the server runs: read it anew at each use. */
  readonly launchKeys: readonly JWK[];
  readonly handles: Handles;
  readonly hostTokens: HostTokens;
  readonly rate: LaunchRate;
  /** Ends all that a user of a host has open, when the host says that they signed out. */
  readonly endUser: EndUser;
  readonly log: Logger;
  readonly onHandedOver?: OnHandedOver;
  /** Ends the open records of a user who signs out, by the hash of `userHash`. */
  readonly endLaunchesOfUser?: (userHash: string) => Promise<void>;
  /** Fetches at hosts and OpenID providers; the platform's `fetch` where absent. */
  readonly fetch?: Fetch;
};

const publicFiles = join(import.meta.dirname, '..', '..', 'public');

/**
 * The way in: a host EPR's request goes through its door, is checked against the demographics service, asks a new user
 * for name and role, and leaves as a one-time handle in a redirect to the SMART app. Every refusal is a page in plain
 * words and a row on the audit trail.
 */
export function createLaunchRouter(deps: LaunchDeps): Router {
  const { config, audit, endUser, rate } = deps;
  const pending = createPendingAuthorizations(deps);
  const signedContext = createSignedContextDoor(deps);
  const smart = createSmartDoor({ ...deps, pending });
  const signIn = createSignInDoor({ ...deps, pending });
  const encryptedLink = createEncryptedLinkDoor({ ...deps, signIn });
  const { admit, register } = createFirstTime({ ...deps, end: createHandOver(deps) });
  const { step, unreadable } = createRefusals(deps);

  /** The door that a request stands at, by what it brings (DESIGN.md, "Contract: the doors"). */
  const enter: DoorHandler = (req, attempt) => {
    if (req.method === 'POST' || req.query['context'] !== undefined) return signedContext.enter(req, attempt);
    if (req.query['iss'] !== undefined) return smart.enter(req, attempt);
    if (req.query['c'] !== undefined) return encryptedLink.enter(req, attempt);
    return signIn.enter(req, attempt);
  };

  /** Back from a host's authorization server, or from an OpenID provider: each host has an address of its own. */
  const finish: DoorHandler = (req, attempt) => {
    switch (config.hosts.find((host) => host.id === req.params['host'])?.door) {
      case 'smart':
        return smart.finish(req, attempt);
      case 'sign-in':
        return signIn.finish(req, attempt);
      case 'encrypted-link':
        return encryptedLink.finish(req, attempt);
      case 'signed-context':
      case undefined:
        throw refuse('context-issuer', 'a return for a host that is not registered for it');
    }
  };

  const through =
    (door: DoorHandler) =>
    async (req: Request, res: Response, attempt: Attempt): Promise<void> => {
      const led = await door(req, attempt);
      if (led.kind !== 'proved') {
        follow(res, led);
        return;
      }
      setCookies(res, led);
      const host = hostOf(config, led.context);
      try {
        // The signed-context door has counted it already, before it asked anybody.
        if (host.door !== 'signed-context') await rate.admit(host);
        await admit(led.context, res, attempt);
      } catch (error) {
        if (led.context.hostRecord !== undefined) await deps.hostTokens.end(led.context.hostRecord.tokens);
        throw error;
      }
    };

  /** A host's word that one of its users has signed out there. */
  async function signOut(req: Request, res: Response, attempt: Attempt): Promise<void> {
    const { host, userId } = await signedContext.ended(req, attempt);
    await endUser(host.id, userId);
    await audit.record({
      type: 'authorization',
      action: 'D',
      outcome: 'success',
      ...attempt.known,
      detail: { event: 'end' },
    });
    res.status(204).end();
  }

  const form = express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 50 });
  const router = express.Router();
  router.get(pageStylePath, (_req, res) => res.sendFile('page.css', { root: publicFiles, maxAge: '1h' }));
  router
    .route('/launch')
    .get(step(through(enter)))
    .post(form, step(through(enter)));
  router.get('/launch/callback/:host', step(through(finish)));
  for (const { method, path, handler } of signIn.routes)
    router[method](path, ...(method === 'post' ? [form] : []), step(through(handler)));
  router.post('/launch/registration', form, step(register));
  router.post('/launch/end', form, step(signOut, sendFaultToHost));
  router.use(createJwksRouter(() => deps.launchKeys));
  router.use('/launch', unreadable);
  return router;
}
