/**
 * Loaded into the server that the demo starts (`--import`): where the demo dies without a word, the channel between the
 * two closes, and the server ends as if it had been told to. Ctrl-C reaches the whole group of processes at once; the
 * demo decides, and tells the server.
 */
if (process.channel !== undefined && process.channel !== null) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.on('SIGINT', () => undefined);
  process.channel.unref();
}
