import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of the bench: it says something once when it is ready, and then answers each message with one. */
export type Child<Ready, Question, Answer> = {
  readonly ready: Ready;
  readonly ask: (question: Question) => Promise<Answer>;
  readonly stop: () => Promise<void>;
};

/** Starts a file of this folder in a process of its own, so that its work is not counted as anybody else's. */
export async function startChild<Ready, Question, Answer>(
  file: string,
  ...args: readonly string[]
): Promise<Child<Ready, Question, Answer>> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const next = <Message>(): Promise<Message> =>
    new Promise((done, fail) => {
      const onExit = (): void => fail(new Error(`${file} ended before it answered`));
      child.once('exit', onExit);
      child.once('message', (message) => {
        child.off('exit', onExit);
        done(message as Message);
      });
    });
  const ready = await next<Ready>();
  return {
    ready,
    ask: (question) => {
      const answer = next<Answer>();
      child.send(question as object);
      return answer;
    },
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

/** The other end: answers each message in its turn, and ends with its parent. */
export function serveParent(ready: unknown, answer: (question: unknown) => Promise<unknown>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    void answer(message).then((result) => process.send?.(result));
  });
  process.send?.(ready);
}
