import type { AddressInfo } from 'node:net';
import express from 'express';
import { decodeJwt, exportJWK, generateKeyPair, type JWK } from 'jose';
import { Events, OAuth2Server } from 'oauth2-mock-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SmartHost } from '../../config/schema.ts';
import { profile } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../../store/testing.ts';
import { openDoors, people } from '../testing.ts';
import { contextOf, launchAt } from './browser.testing.ts';
import { ashby, drOkafor, secretEnv } from './strict-host.testing.ts';

/**
 * An authorization server that others wrote, with a small FHIR server in front: what it takes and sends was decided by
 * nobody here.
 */
async function openMockHost() {
  const server = new OAuth2Server();
  await server.issuer.keys.generate('RS256');
  await server.start(0, '127.0.0.1');
  const issuer = server.issuer.url ?? '';
  const reads: { readonly path: string; readonly authorization: string | undefined }[] = [];
  const revoked: unknown[] = [];
  const tokenRequests: Record<string, unknown>[] = [];
  server.service.on(
    Events.BeforeTokenSigning,
    (token: { payload: Record<string, unknown> }, req: { body: Record<string, unknown> }) => {
      token.payload['fhirUser'] = 'Practitioner/p-77';
      // It looks for the client's name outside the assertion only.
      const assertion = req.body['client_assertion'];
      if (typeof assertion === 'string') token.payload['aud'] ??= decodeJwt(assertion).sub;
    },
  );
  server.service.on(
    Events.BeforeResponse,
    (answer: { body: Record<string, unknown> }, req: { body: Record<string, unknown> }) => {
      tokenRequests.push({ ...req.body });
      Object.assign(answer.body, { patient: 'pat-1', need_patient_banner: true });
    },
  );
  server.service.on(Events.BeforeRevoke, (answer: unknown) => void revoked.push(answer));

  const app = express();
  app.get('/fhir/.well-known/smart-configuration', (_req, res) => {
    res.json({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      revocation_endpoint: `${issuer}/revoke`,
      capabilities: ['launch-ehr', 'sso-openid-connect', 'client-public', 'context-ehr-patient'],
    });
  });
  app.get('/fhir/:type/:id', (req, res) => {
    const { type, id } = req.params;
    reads.push({ path: `${type}/${id}`, authorization: req.headers.authorization });
    const found = [ashby, drOkafor].find((one) => one.resourceType === type && one.id === id);
    res.status(found === undefined ? 404 : 200).json(found ?? {});
  });
  const fhir = await new Promise<ReturnType<typeof app.listen>>((done) => {
    const listening = app.listen(0, '127.0.0.1', () => done(listening));
  });
  return {
    issuer,
    iss: `http://127.0.0.1:${(fhir.address() as AddressInfo).port}/fhir`,
    reads,
    revoked,
    tokenRequests,
    close: async () => {
      fhir.closeAllConnections();
      await new Promise((done) => fhir.close(done));
      await server.stop();
    },
  };
}

let store: Store;
let host: Awaited<ReturnType<typeof openMockHost>>;
let launchKeys: readonly JWK[];
beforeAll(async () => {
  process.env[secretEnv] = 'mock-secret';
  store = await openTestStore();
  host = await openMockHost();
  const { privateKey } = await generateKeyPair('ES384', { extractable: true });
  launchKeys = [{ ...(await exportJWK(privateKey)), kid: 'k', alg: 'ES384', use: 'sig' }];
});
beforeEach(() => store.db.delete(profile));
afterAll(async () => {
  await host.close();
  await store.close();
});

describe.each(['none', 'client_secret_basic', 'private_key_jwt'] as const)(
  'a host that others wrote (oauth2-mock-server), with %s',
  (clientAuth) => {
    const open = (more: Partial<SmartHost> = {}) =>
      openDoors({
        store,
        launchKeys,
        change: (config) => ({
          ...config,
          hosts: [
            {
              id: 'mock',
              name: 'Mock EPR',
              organisation: 'RJE',
              origins: [],
              roles: ['R8000'],
              showsBanner: true,
              selfDeclared: 'allowed',
              launchesPerMinute: 1_000_000,
              door: 'smart',
              iss: host.iss,
              clientId: 'ohc',
              clientAuth,
              secretEnv,
              scope: 'openid fhirUser launch online_access patient/*.rs',
              recordAsSource: false,
              setting: 'acute',
              contributes: [],
              ...more,
            },
          ],
        }),
      });

    it('launches; its record can be read with the user’s token, refreshed, until the launch ends @218', async () => {
      host.reads.length = 0;
      host.tokenRequests.length = 0;
      host.revoked.length = 0;
      const doors = await open({ recordAsSource: true });
      const context = await contextOf(doors, await launchAt(doors, host.iss));
      expect(context).toMatchObject({
        host: 'mock',
        user: { id: 'johndoe', name: 'Dr Peter Okafor' },
        patient: people.ashby,
        needsBanner: true,
        hostRecord: { patientId: 'pat-1' },
      });
      expect(host.reads.map(({ path }) => path).toSorted((a, b) => a.localeCompare(b))).toEqual([
        'Patient/pat-1',
        'Practitioner/p-77',
      ]);
      const tokens = context.hostRecord?.tokens ?? '';
      expect(await doors.hostTokens.authorization(tokens)).toBe(host.reads[0]?.authorization);
      await doors.hostTokens.end(tokens);
      await doors.hostTokens.close();
      expect(host.revoked).toHaveLength(2);
      expect(host.tokenRequests.map((form) => form['grant_type'])).toEqual(['authorization_code']);
      await doors.close();
    });

    it('refreshes', async () => {
      const doors = await open({ recordAsSource: true });
      const id = await doors.hostTokens.keep({ accessToken: 'a', refreshToken: 'r', lifeMs: 0 }, 'mock');
      expect(await doors.hostTokens.authorization(id)).toMatch(/^Bearer ey/);
      await doors.close();
    });
  },
);
