import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** What a TLS connection on which we show a certificate is made with: PEM, as the files have it. */
export type ClientTls = { readonly cert: string; readonly key: string; readonly ca: string };

/** A client certificate as it was read. */
export type ClientCertificate = {
  readonly tls: ClientTls;
  /** Milliseconds since the epoch between which it counts: of a chain the shortest span. */
  readonly startsAt: number;
  readonly endsAt: number;
};

/** Names of the three files, in the folder of secrets or by their whole path. */
export type CertificateFiles = { readonly certificate: string; readonly key: string; readonly ca: string };

/** A certificate's files that cannot be used: a sentence a fault, with what to do. Nothing of their content is quoted. */
export class CertificateError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'CertificateError';
    this.lines = lines;
  }
}

/** Every certificate of a PEM file; undefined where it has none or one that cannot be read. */
function certificatesOf(pem: string): readonly [X509Certificate, ...X509Certificate[]] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    const [first, ...others] = blocks.map((block) => new X509Certificate(block));
    return first === undefined ? undefined : [first, ...others];
  } catch {
    return undefined;
  }
}

function privateKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/**
 * Reads a client certificate. That its time is over is no fault here: the server starts, and the source alone is left out.
 * @throws {CertificateError} where a file is missing or of no use, or the key is not the certificate's
 */
export async function readClientCertificate(folder: string, files: CertificateFiles): Promise<ClientCertificate> {
  const lines: string[] = [];
  const read = async (file: string, what: string): Promise<string> => {
    try {
      return await readFile(resolve(folder, file), 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      lines.push(
        code === 'ENOENT'
          ? `${file} is missing. Put ${what} there, as PEM, in SECRETS_DIR or at the whole path that is named.`
          : `${file} cannot be read (${code ?? 'unknown'}). Let the server’s own user read it.`,
      );
      return '';
    }
  };
  const [cert, key, ca] = await Promise.all([
    read(files.certificate, 'the client certificate with its chain'),
    read(files.key, 'the private key of the client certificate'),
    read(files.ca, 'the certificates of the authorities of the other side'),
  ]);
  if (lines.length > 0) throw new CertificateError(lines);
  const chain = certificatesOf(cert);
  const privateKey = privateKeyOf(key);
  if (chain === undefined) lines.push(`${files.certificate} holds no certificate as PEM that can be read.`);
  if (privateKey === undefined)
    lines.push(`${files.key} holds no private key as PEM that can be read without a password.`);
  if (certificatesOf(ca) === undefined) lines.push(`${files.ca} holds no certificate as PEM that can be read.`);
  if (chain !== undefined && privateKey !== undefined && !chain[0].checkPrivateKey(privateKey))
    lines.push(
      `${files.key} is not the private key of ${files.certificate}. Put the pair there that belongs together.`,
    );
  if (lines.length > 0 || chain === undefined) throw new CertificateError(lines);
  return {
    tls: { cert, key, ca },
    startsAt: Math.max(...chain.map((one) => one.validFromDate.getTime())),
    endsAt: Math.min(...chain.map((one) => one.validToDate.getTime())),
  };
}
