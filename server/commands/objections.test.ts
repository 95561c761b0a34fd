import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject, objects } from '../../src/fhir/json.ts';
import { createAudit } from '../audit/audit.ts';
import { listenForCommands } from '../governance/admin-socket.ts';
import { objectionCommands } from '../governance/objection-command.ts';
import { createLog } from '../log.ts';
import { createRegister } from '../privacy/register.ts';
import { openStore } from '../store/store.ts';

const nhsNumber = '9990000018';
const who = ['--nhs-number', nhsNumber, '--name', 'Alex Ashby', '--birth-date', '1961-04-17', '--channel', 'pals'];
const raise = ['raise', ...who, '--requester', 'person', '--by', 'officer'];

/** A demographics service that knows one person. */
function demographics(): Promise<Server> {
  const server = createServer((request, response) => {
    const known = request.url?.endsWith(`/Patient/${nhsNumber}`) === true;
    const person = {
      resourceType: 'Patient',
      id: nhsNumber,
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'U' }] },
      identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: nhsNumber }],
      name: [{ use: 'usual', family: 'Ashby', given: ['Alex'] }],
      birthDate: '1961-04-17',
      gender: 'female',
    };
    response
      .writeHead(known ? 200 : 404, { 'content-type': 'application/fhir+json' })
      .end(
        JSON.stringify(
          known ? person : { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'not-found' }] },
        ),
      );
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

describe('npm run objections', () => {
  let pds: Server;
  let folder: string;
  beforeAll(async () => {
    pds = await demographics();
    folder = await mkdtemp(join(tmpdir(), 'ohc-objections-'));
    await cp('smart-config', join(folder, 'config'), { recursive: true });
    const path = join(folder, 'config', 'sources.json');
    const config: unknown = JSON.parse(await readFile(path, 'utf8'));
    const sources = isObject(config) ? objects(config['sources']) : [];
    const baseUrl = `http://127.0.0.1:${(pds.address() as AddressInfo).port}/personal-demographics/FHIR/R4`;
    await writeFile(
      path,
      JSON.stringify({
        sources: sources.map((source) => (source['kind'] === 'pds' ? { ...source, baseUrl } : source)),
      }),
    );
  });
  afterAll(async () => {
    pds.close();
    await rm(folder, { recursive: true, force: true });
  });

  function run(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
    return new Promise((done) => {
      // The test runner has a BASE_URL of its own.
      const { DATABASE_URL: _, BASE_URL: __, ...environment } = process.env;
      const child = spawn(process.execPath, ['server/commands/objections.ts', ...args], {
        env: { ...environment, SMART_CONFIG: join(folder, 'config'), DATA_DIR: join(folder, 'data') },
      });
      const told = { out: '', err: '' };
      child.stdout.on('data', (chunk) => (told.out += String(chunk)));
      child.stderr.on('data', (chunk) => (told.err += String(chunk)));
      child.on('close', (code) => done({ code, ...told }));
    });
  }

  // Two processes that each open a store of their own: patient, for a machine that does other things too.
  it('raises where no server runs, and refuses a second in one line', { timeout: 120_000 }, async () => {
    const raised = await run(...raise);
    expect(raised).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(raised.out)).toEqual({ id: expect.any(String) as string });
    const again = await run(...raise);
    expect(again).toEqual({
      code: 1,
      out: '',
      err: 'This person already has an objection that is open. Decide or withdraw it first.\n',
    });
  });

  it('asks the server that runs, which alone has the store', async () => {
    const dataDir = join(folder, 'data');
    const store = await openStore({ databaseUrl: undefined, dataDir });
    const register = createRegister({
      db: store.db,
      registerKey: Buffer.alloc(32, 2),
      region: { receivedObjectionHides: true },
      endLaunches: async () => async () => undefined,
      practiceShares: () => false,
      audit: createAudit({ db: store.db, idKey: Buffer.alloc(32, 1), site: 'http://localhost:3000' }),
      demographics: () => Promise.resolve({ kind: 'unknown' }),
    });
    const listening = await listenForCommands({
      dataDir,
      commands: () => ({
        objections: objectionCommands({ register, importDissents: () => Promise.reject(new Error('not asked')) }),
      }),
      log: createLog('silent'),
    });
    const { code, err } = await run('withdraw', '--id', 'none', '--reason', 'x', '--by', 'y');
    await listening.close();
    await store.close();
    expect({ code, err: err.trim() }).toEqual({ code: 1, err: 'There is no objection with this id.' });
  });

  it('tells how it is used', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--birth-date') as string });
  });
});
