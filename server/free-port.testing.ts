import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** Two ports of loopback that nothing listens on now, for processes that are to be started. */
export async function freePorts(): Promise<readonly [number, number]> {
  const first = createServer().listen(0, '127.0.0.1');
  await once(first, 'listening');
  // A server that listens on a port has an address of this shape.
  const { port } = first.address() as AddressInfo;
  // While the first is taken the second is another.
  const second = await freePort();
  first.close();
  await once(first, 'close');
  return [port, second];
}

/** One such port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
