import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAudit } from '../audit/audit.ts';
import { createLog } from '../log.ts';
import { createRegister, type Register } from '../privacy/register.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { askServer, listenForCommands, type Commands } from './admin-socket.ts';
import { createDissentImport } from './dissent-import.ts';
import { objectionCommands } from './objection-command.ts';

const nhsNumber = '9990000018';
const log = createLog('silent');

/** What the server says to a line that is no command of ours. */
function send(dataDir: string, line: string): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(join(dataDir, 'admin.sock'));
    let said = '';
    socket.on('data', (chunk) => (said += String(chunk)));
    socket.once('close', () => done(said));
    // What is too long is cut while it is still being sent.
    socket.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? done(said) : fail(error)));
    socket.write(line);
  });
}

describe('the socket for commands', () => {
  let store: Store;
  let register: Register;
  let dataDir: string;
  let commands: Commands;
  let listening: Awaited<ReturnType<typeof listenForCommands>>;
  beforeAll(async () => {
    store = await openTestStore();
    dataDir = await mkdtemp(join(tmpdir(), 'ohc-admin-'));
    const trail = createAudit({ db: store.db, idKey: Buffer.alloc(32, 1), site: 'http://localhost:3000' });
    register = createRegister({
      db: store.db,
      registerKey: Buffer.alloc(32, 2),
      region: { receivedObjectionHides: true },
      endLaunches: async () => async () => undefined,
      practiceShares: () => false,
      audit: trail,
      demographics: () =>
        Promise.resolve({
          kind: 'found',
          person: {
            nhsNumber,
            birthDate: '1961-04-17',
            patient: { resourceType: 'Patient', name: [{ family: 'Ashby', given: ['Alex'] }] },
          },
        }),
    });
    commands = {
      objections: objectionCommands({
        register,
        importDissents: createDissentImport({ db: store.db, idKey: Buffer.alloc(32, 1), audit: trail }),
      }),
    };
    listening = await listenForCommands({ dataDir, commands: () => commands, log });
  });
  afterAll(async () => {
    await listening.close();
    await rm(dataDir, { recursive: true, force: true });
    await store.close();
  });

  it('carries an objection from the shell to the register and back', async () => {
    const raised = await askServer(dataDir, 'objections', {
      command: 'raise',
      nhsNumber,
      name: 'Alex Ashby',
      birthDate: '1961-04-17',
      channel: 'pals',
      requester: 'person',
      by: 'officer',
    });
    expect(raised).toMatchObject({ ok: true, result: { id: expect.any(String) as string } });
    expect(await register.hides(nhsNumber)).toBe(true);
    expect(await askServer(dataDir, 'objections', { command: 'list', by: 'officer' })).toMatchObject({
      ok: true,
      result: [{ status: 'proposed', person: { name: 'Alex Ashby' } }],
    });
  });

  it('answers a refusal with its words', async () => {
    expect(await askServer(dataDir, 'objections', { command: 'withdraw', id: 'none', reason: 'x', by: 'y' })).toEqual({
      ok: false,
      refusal: 'There is no objection with this id.',
    });
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', 'hello\n', /"ok":false/],
    ['no kind', '{"command":{"command":"list"}}\n', /no such command/],
    ['another kind', '{"of":"toString","command":{"command":"list"}}\n', /no such command/],
    ['another command', '{"of":"objections","command":{"command":"drop"}}\n', /"ok":false/],
    [
      'a member too many',
      '{"of":"objections","command":{"command":"withdraw","id":"a","reason":"b","by":"c","force":true}}\n',
      /"ok":false/,
    ],
    ['a line without an end', 'x'.repeat(5_000_000), /^$/],
  ])('does nothing for %s', async (_name, line, expected) => {
    expect(await send(dataDir, line)).toMatch(expected);
  });

  it('is its owner’s alone', async () => {
    expect((await stat(join(dataDir, 'admin.sock'))).mode & 0o777).toBe(0o600);
  });

  it('leaves the commands to the server that listens already', async () => {
    const second = await listenForCommands({ dataDir, commands: () => commands, log });
    await second.close();
    expect(await askServer(dataDir, 'objections', { command: 'list', by: 'officer' })).toMatchObject({ ok: true });
  });

  it('says that there is no server where there is none, also after a crash, and listens again', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'ohc-admin-'));
    expect(await askServer(empty, 'objections', { command: 'list', by: 'officer' })).toBe('no server');
    await writeFile(join(empty, 'admin.sock'), '');
    expect(await askServer(empty, 'objections', { command: 'list', by: 'officer' })).toBe('no server');
    const again = await listenForCommands({ dataDir: empty, commands: () => commands, log });
    expect(await askServer(empty, 'objections', { command: 'list', by: 'officer' })).toMatchObject({ ok: true });
    await again.close();
    expect(await askServer(empty, 'objections', { command: 'list', by: 'officer' })).toBe('no server');
    await rm(empty, { recursive: true, force: true });
  });
});
