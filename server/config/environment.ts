import { join, resolve } from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const schema = z.object({
  PORT: port.default(3000),
  BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  SMART_CONFIG: z.string().min(1).default('smart-config'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  SECRETS_DIR: z.string().min(1).optional(),
  DEMO_PORT: port.optional(),
  METRICS_TOKEN: z.string().min(32, 'at least 32 characters that nobody can guess').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

/** What the environment says (README.md, "Environment"), with every default filled in and every path absolute. */
export type Environment = {
  readonly port: number;
  /** The public URL, without a slash at its end. */
  readonly baseUrl: string;
  readonly configDir: string;
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly secretsDir: string;
  readonly demoPort: number;
  /** What monitoring shows to read `/health/metrics`, which is not there without it. */
  readonly metricsToken: string | undefined;
  readonly logLevel: string;
};

/** Reads the environment; every fault is listed at once, one line each, in the error's message. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const { PORT, BASE_URL, SMART_CONFIG, DATABASE_URL, DATA_DIR, SECRETS_DIR, DEMO_PORT, METRICS_TOKEN, LOG_LEVEL } =
    parsed.data;
  const dataDir = resolve(DATA_DIR);
  return {
    port: PORT,
    baseUrl: (BASE_URL ?? `http://localhost:${PORT}`).replace(/\/+$/, ''),
    configDir: resolve(SMART_CONFIG),
    databaseUrl: DATABASE_URL,
    dataDir,
    secretsDir: resolve(SECRETS_DIR ?? join(dataDir, 'secrets')),
    demoPort: DEMO_PORT ?? PORT + 1,
    metricsToken: METRICS_TOKEN,
    logLevel: LOG_LEVEL,
  };
}

/** True where a URL's host is this machine's own: only there may it be http, and only there are keys made unasked. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
