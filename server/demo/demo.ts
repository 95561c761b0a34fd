import express, { type Express } from 'express';
import { createHosts } from './hosts/hosts.ts';
import type { HostKeys } from './hosts/signing.ts';
import type { SigningHostId } from './hosts/host.ts';
import { people } from './people.ts';
import { readRecords, recordsPractice, recordsRouter, type Records } from './records/records.ts';
import { createRegion, type SourceLogEntry } from './region.ts';
import type { SandboxHost } from './sandbox.ts';
import { practiceOutside, practices, systems } from './systems.ts';

const none: Records = { people: [], served: [], listing: [] };

/** The people of a records folder, beside the demo's own; none where no folder is given. */
export async function readDemoRecords(folder: string | undefined): Promise<Records> {
  return folder === undefined ? none : readRecords(folder, new Set(people.map((person) => person.nhsNumber)));
}

/** What a practice is called in the demo. */
function practiceName(ods: string): string {
  const known = [...practices, practiceOutside, recordsPractice];
  return known.find((practice) => practice.ods === ods)?.name ?? ods;
}

/** Everything behind the demo's one port: the hosts, the source systems, and the sources of a records folder. */
export function createDemo(options: {
  readonly demoUrl: string;
  readonly baseUrl: string;
  readonly keys: Readonly<Record<SigningHostId, HostKeys>>;
  /** The key of the encrypted links, 32 bytes: the server has the same. */
  readonly linkKey: Buffer;
  /** SMART servers that were registered for this run. */
  readonly sandboxes?: readonly SandboxHost[];
  readonly records: Records;
  readonly now: Date;
  readonly log: (entry: SourceLogEntry) => void;
}): Express {
  const { records } = options;
  const pdsPath = systems.find((system) => system.kind === 'pds')?.path ?? '/pds';
  const region = createRegion({ now: options.now, log: options.log });
  const app = express();
  app.disable('x-powered-by');
  // Before the region: its demographics service does not know the people of the folder.
  app.use(recordsRouter(records, options.demoUrl, pdsPath));
  const { demoUrl, baseUrl, keys, linkKey, sandboxes = [] } = options;
  const listed = [...records.people, ...people];
  app.use(createHosts({ people: listed, practiceName, keys, linkKey, demoUrl, baseUrl, sandboxes }));
  app.use((request, response, next) => {
    if (!region.handle(request, response)) next();
  });
  return app;
}
