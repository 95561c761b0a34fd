import { chmod, mkdir, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join, relative } from 'node:path';
import { object, text } from '../../src/fhir/json.ts';
import type { Logger } from '../log.ts';
import { isAnswered } from '../store/folder-lock.ts';
import { commandAnswer, type CommandAnswer, type CommandKind } from './command.ts';

/** Every kind of command that a server takes, by the name of its npm script. */
export type Commands = Readonly<Record<string, CommandKind>>;

/** One line of JSON is asked, one is answered; longer than this is no command. A practice's whole list goes in one. */
const longestLine = 4 * 1024 * 1024;
const patienceMs = 60_000;

/** Where a server listens for commands. A socket's path may have about a hundred bytes: the shorter spelling is taken. */
function socketPath(dataDir: string): string {
  const absolute = join(dataDir, 'admin.sock');
  const fromHere = relative(process.cwd(), absolute);
  return Buffer.byteLength(absolute) <= 100 || fromHere.length >= absolute.length ? absolute : fromHere;
}

/** The first line that comes; rejects where the other side ends, fails or goes on without one. */
function readLine(socket: Socket): Promise<string> {
  return new Promise((done, fail) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) done(text.slice(0, end));
      else if (text.length > longestLine) fail(new Error('a line that is too long'));
    });
    socket.once('end', () => fail(new Error('no line')));
    socket.once('error', fail);
    socket.setTimeout(patienceMs, () => fail(new Error('no answer in time')));
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function answer(line: string, commands: Commands, log: Logger): Promise<CommandAnswer> {
  const asked = object(parsed(line));
  const kind = new Map(Object.entries(commands)).get(text(asked?.['of']) ?? '');
  if (kind === undefined) return { ok: false, refusal: 'This server knows no such command.' };
  return kind(asked?.['command'], log);
}

/**
 * Listens for commands on `admin.sock` in the data folder: whoever may open that file (mode 0600) may govern. Where
 * another server on the same folder listens already, as several on one PostgreSQL may, this one leaves it to that one.
 */
export async function listenForCommands(deps: {
  readonly dataDir: string;
  /** Asked at each command: they change with the configuration. */
  readonly commands: () => Commands;
  readonly log: Logger;
}): Promise<{ readonly close: () => Promise<void> }> {
  const { dataDir, commands, log } = deps;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = socketPath(dataDir);
  if (await isAnswered(path)) {
    log.info('another server on this data folder takes the commands');
    return { close: async () => undefined };
  }
  await rm(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    readLine(socket)
      .then((line) => answer(line, commands(), log))
      .then(
        (said) => socket.end(`${JSON.stringify(said)}\n`),
        () => socket.destroy(),
      );
  });
  // From its first moment the file is its owner's alone.
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(path, done);
      process.umask(mask);
    });
  } finally {
    process.umask(mask);
  }
  server.on('error', (error) => log.error({ err: error }, 'the socket for commands failed'));
  await chmod(path, 0o600);
  return {
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/**
 * Asks the server that runs on this data folder.
 * @param of the kind of command: the name of its npm script
 * @returns `no server` where none listens
 * @throws where one listens and does not answer as it should
 */
export async function askServer(dataDir: string, of: string, command: object): Promise<CommandAnswer | 'no server'> {
  const socket = connect(socketPath(dataDir));
  try {
    const connected = await new Promise<boolean>((done, fail) => {
      socket.once('connect', () => done(true));
      socket.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? done(false) : fail(error),
      );
    });
    if (!connected) return 'no server';
    const line = readLine(socket);
    socket.write(`${JSON.stringify({ of, command })}\n`);
    return commandAnswer.parse(parsed(await line));
  } finally {
    socket.destroy();
  }
}
