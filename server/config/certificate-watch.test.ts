import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createLog, type Logger } from '../log.ts';
import { issueCertificate, type Issued } from './certificate.testing.ts';
import { watchCertificates } from './certificate-watch.ts';
import { readClientCertificate } from './client-certificate.ts';
import type { Source } from './schema.ts';

const dayMs = 86_400_000;
const now = Date.UTC(2026, 6, 1, 12);
const files = { certificate: 'spine.crt', key: 'spine.key', ca: 'spine-ca.pem' };
const source: Pick<Source, 'id' | 'auth'> = {
  id: 'gp',
  auth: {
    type: 'spine-proxy',
    asid: '200000000359',
    ...files,
    directory: { baseUrl: 'https://sds.example', apiKeyEnv: 'SDS_KEY' },
  },
};
const authority = issueCertificate('Authority');
const ofDays = (days: number, subject = 'ohc'): Issued =>
  issueCertificate(subject, {
    issuer: authority,
    from: new Date(now - 400 * dayMs),
    until: new Date(now + days * dayMs),
  });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificates-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

async function put({ cert, key }: Pick<Issued, 'cert' | 'key'>): Promise<void> {
  await writeFile(join(folder, files.certificate), cert);
  await writeFile(join(folder, files.key), key);
  await writeFile(join(folder, files.ca), authority.cert);
}

/** A log whose lines can be read. */
function lines(): { readonly log: Logger; readonly said: readonly string[] } {
  const said: string[] = [];
  const log = createLog('trace');
  const keep = (level: string) => (about: unknown, message: string) =>
    void said.push(`${level} ${message} ${JSON.stringify(about)}`);
  return { log: Object.assign(log, { info: keep('info'), warn: keep('warn'), error: keep('error') }), said };
}

async function watched(at = { now }, { log, said } = lines()) {
  const certificates = await watchCertificates([source, { id: 'open', auth: { type: 'none' } }], {
    folder,
    log,
    now: () => at.now,
  });
  onTestFinished(certificates.stop);
  return { certificates, said, at };
}

describe('a client certificate', () => {
  it('is read with its key, its authorities and the shortest span of its chain', async () => {
    const short = ofDays(20, 'Intermediate');
    const own = ofDays(200);
    await put({ cert: own.cert + short.cert, key: own.key });
    const read = await readClientCertificate(folder, files);
    expect(read).toEqual({
      tls: { cert: own.cert + short.cert, key: own.key, ca: authority.cert },
      startsAt: now - 400 * dayMs,
      endsAt: now + 20 * dayMs,
    });
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'is missing',
      () => rm(join(folder, files.certificate)),
      /gp .*spine\.crt is missing\. Put the client certificate/,
    ],
    ['has no key', () => rm(join(folder, files.key)), /spine\.key is missing\. Put the private key/],
    ['has no authorities', () => rm(join(folder, files.ca)), /spine-ca\.pem is missing/],
    [
      'is no certificate',
      () => writeFile(join(folder, files.certificate), 'TOPSECRET'),
      /spine\.crt holds no certificate/,
    ],
    [
      'has a key that is none',
      () => writeFile(join(folder, files.key), 'TOPSECRET'),
      /spine\.key holds no private key/,
    ],
    [
      'has another’s key',
      () => writeFile(join(folder, files.key), ofDays(9).key),
      /spine\.key is not the private key of spine\.crt/,
    ],
  ])('that %s keeps the server from starting, in a sentence that names the file', async (_what, spoil, words) => {
    await put(ofDays(200));
    await spoil();
    const failed = watched();
    await expect(failed).rejects.toThrow(words);
    await expect(failed).rejects.not.toThrow(/TOPSECRET|PRIVATE/);
  });

  it('that cannot be read says so', async () => {
    await put(ofDays(200));
    await rm(join(folder, files.key));
    await mkdir(join(folder, files.key));
    await expect(watched()).rejects.toThrow(/spine\.key cannot be read \(EISDIR\)/);
  });

  it('lists every file that is missing at once', async () => {
    const failed: unknown = await watched().catch((error: unknown) => error);
    expect(String(failed).split('\n')).toHaveLength(3);
  });
});

describe('the end of a certificate', () => {
  it.each([
    [31, []],
    [30, ['The client certificate towards gp ends on 2026-07-31.']],
    [1, ['The client certificate towards gp ends on 2026-07-02.']],
    [0, ['The client certificate towards gp ended on 2026-07-01: the source is not asked.']],
    [-3, ['The client certificate towards gp ended on 2026-06-28: the source is not asked.']],
  ])('%i days away: %j', async (days, warnings) => {
    await put(ofDays(days));
    const { certificates, said } = await watched();
    expect(certificates.warnings()).toEqual(warnings);
    expect(said).toHaveLength(warnings.length);
    if (days > 0 && days <= 30) expect(said[0]).toMatch(/^warn .*ends soon/);
    if (days <= 0) expect(said[0]).toMatch(/^error .*past its end/);
  });

  it('is logged once a day, and again when it has come', async () => {
    await put(ofDays(2));
    const { certificates, said, at } = await watched();
    await certificates.check();
    expect(said).toHaveLength(1);
    at.now += dayMs;
    await certificates.check();
    expect(said).toHaveLength(2);
    at.now += dayMs;
    await certificates.check();
    expect(said).toHaveLength(3);
    expect(said[2]).toContain('past its end');
  });

  it('is told also of one that does not count yet', async () => {
    await put(
      issueCertificate('ohc', { issuer: authority, from: new Date(now + dayMs), until: new Date(now + 90 * dayMs) }),
    );
    const { certificates } = await watched();
    expect(certificates.warnings()).toEqual([expect.stringContaining('counts from 2026-07-02 on')]);
  });
});

describe('a renewed certificate', () => {
  it('is taken into use without a restart, and stays the same object until it changes', async () => {
    const renewed = ofDays(300);
    await put(ofDays(5));
    const { certificates, said } = await watched();
    const first = certificates.of('gp');
    await certificates.check();
    expect(certificates.of('gp')).toBe(first);
    await put(renewed);
    await certificates.check();
    expect(certificates.of('gp')?.tls.cert).toBe(renewed.cert);
    expect(certificates.warnings()).toEqual([]);
    expect(said.filter((line) => line.includes('took a new client certificate'))).toHaveLength(1);
    expect(certificates.of('open')).toBeUndefined();
  });

  it('that is broken is kept out, said once, and the one of before stays', async () => {
    await put(ofDays(200));
    const { certificates, said } = await watched();
    const first = certificates.of('gp');
    await writeFile(join(folder, files.certificate), ofDays(300).cert);
    await certificates.check();
    await certificates.check();
    expect(certificates.of('gp')).toBe(first);
    expect(said).toEqual([expect.stringMatching(/^error .*kept out.*is not the private key/)]);
    expect(said.join('')).not.toContain('BEGIN');
  });
});
