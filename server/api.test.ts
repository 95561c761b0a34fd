import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject, objects, text, texts } from '../src/fhir/json.ts';
import { createApp } from './app.ts';
import { createAudit } from './audit/audit.ts';
import { openWayIn, type WayIn } from './auth/testing.ts';
import { house } from './disclosure/house.testing.ts';
import { createLaunchRouter } from './launch/launch.ts';
import { createLog } from './log.ts';
import { createRegister } from './privacy/register.ts';

/** `GET /fhir/Patient/*` and the like. */
type Route = string;

type Layer = {
  readonly route?: { readonly path: unknown; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: readonly Layer[] };
  /** What it was mounted at. */
  readonly rawPath: unknown;
};

const pattern = (path: string): string => path.replaceAll(/:[a-zA-Z]+/g, '*').replaceAll('\\', '');

/** Every route that Express knows, through all its routers. */
function routesOf(stack: readonly Layer[], prefix = ''): readonly Route[] {
  return stack.flatMap((layer) => {
    if (layer.route !== undefined) {
      const paths = Array.isArray(layer.route.path) ? texts(layer.route.path) : [String(layer.route.path)];
      // What is prepared for any method is no route of its own: the library behind it answers some.
      const methods = Object.keys(layer.route.methods).filter(
        (method) => method !== '_all' && layer.route?.methods[method] === true,
      );
      return paths.flatMap((path) => methods.map((method) => `${method.toUpperCase()} ${prefix}${pattern(path)}`));
    }
    if (layer.handle.stack === undefined) return [];
    const mount = layer.rawPath === '/' ? '' : String(layer.rawPath);
    return routesOf(layer.handle.stack, prefix + mount);
  });
}

/** The requests of the file, a variable in a path taken for any. */
function requestsOf(file: string): readonly Route[] {
  return [...file.matchAll(/^(GET|POST|PUT|PATCH|DELETE|OPTIONS) \{\{base\}\}([^\s?]*)/gm)].map(
    ([, method, path = '']) => `${method} ${path.replaceAll(/\{\{\w+\}\}/g, '*')}`,
  );
}

describe('docs/api.http', () => {
  let way: WayIn;
  let file: string;
  beforeAll(async () => {
    way = await openWayIn();
    file = await readFile('docs/api.http', 'utf8');
  });
  afterAll(() => way.close());

  it('has every route of the server, and no other', async () => {
    const launch = createLaunchRouter({
      ...way,
      demographics: () => Promise.reject(new Error('not asked')),
      trace: async () => undefined,
      hides: async () => false,
      launchKeys: [],
      endUser: async () => undefined,
    });
    const trail = createAudit({ ...way, site: way.base });
    const register = createRegister({
      db: way.db,
      registerKey: Buffer.alloc(32),
      region: way.config.region,
      audit: trail,
      demographics: () => Promise.reject(new Error('not asked')),
      endLaunches: async () => async () => undefined,
      practiceShares: () => false,
    });
    const app = createApp({
      config: way.config,
      baseUrl: way.base,
      log: createLog('silent'),
      launch,
      authorization: way.authorization,
      facade: {
        house: house({}),
        patientIdOf: () => 'p',
        userId: () => 'u',
        pageKey: Buffer.alloc(32),
        governed: { register, trail },
      },
      ready: async () => undefined,
      warnings: () => [],
      metricsToken: undefined,
    });
    // The library's own routes are in no router of Express; its discovery document names those that SMART has.
    const discovery: unknown = await (await fetch(`${way.base}/auth/.well-known/openid-configuration`)).json();
    const endpoints = isObject(discovery)
      ? Object.entries(discovery).flatMap(([name, value]) =>
          /^(authorization|token|introspection|revocation)_endpoint$/.test(name)
            ? [`POST ${new URL(text(value) ?? '').pathname}`]
            : [],
        )
      : [];
    const auth = ['GET /auth/.well-known/openid-configuration', 'GET /auth/jwks', 'GET /auth/auth', ...endpoints];
    // Express does not declare how its router is built; should that change, nothing is found and this fails.
    const stack = objects((app.router as unknown as { stack: unknown }).stack) as unknown as readonly Layer[];
    const routes = new Set([...routesOf(stack), ...auth]);
    expect(routes.size).toBeGreaterThan(20);
    const requests = new Set(requestsOf(file));
    expect({
      missing: [...routes].filter((route) => !requests.has(route)),
      unknown: [...requests].filter((route) => !routes.has(route)),
    }).toEqual({ missing: [], unknown: [] });
  });

  it('has a challenge that belongs to its verifier, and every variable that it uses', () => {
    const variables = new Map(
      [...file.matchAll(/^@(\w+) = (.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
    const challenge = createHash('sha256')
      .update(variables.get('verifier') ?? '')
      .digest('base64url');
    expect(variables.get('challenge')).toBe(challenge);
    const used = new Set([...file.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name));
    expect([...used].filter((name) => !variables.has(name))).toEqual([]);
    expect([...variables.keys()].filter((name) => !used.has(name))).toEqual([]);
  });
});
