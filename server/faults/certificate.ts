import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** Just enough of DER (X.690) to write a certificate. */
const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const oid = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes));
const flag = der(0x01, Buffer.from([0xff]));
const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const nameOf = (commonName: string): Buffer =>
  sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(commonName)))));
const time = (at: Date): Buffer => der(0x18, Buffer.from(at.toISOString().replace(/[-:T]|\.\d+/g, '')));
const extension = (id: Buffer, critical: boolean, value: Uint8Array): Buffer =>
  sequence(id, ...(critical ? [flag] : []), der(0x04, value));

/** A key and the certificate for it, as PEM, and what signs with it. */
export type Certified = { readonly key: string; readonly cert: string; readonly issuer: Issuer };
type Issuer = { readonly name: string; readonly privateKey: KeyObject };

const day = 86_400_000;

/**
 * Makes a certificate (RFC 5280, P-256) for tests of TLS. Without `issuer` it is self-signed.
 * @param options `dnsName`, whom it is for; `ca`, whether it may sign others; `days`, from when to when it is valid,
 * counted from now
 */
export function certify(options: {
  readonly name: string;
  readonly dnsName?: string;
  readonly ca?: boolean;
  readonly days?: readonly [number, number];
  readonly issuer?: Issuer;
}): Certified {
  const { name, dnsName, ca = false, days = [-1, 1] } = options;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = options.issuer ?? { name, privateKey };
  const [from, until] = days.map((count) => time(new Date(Date.now() + count * day)));
  const extensions = [
    extension(oid(0x55, 0x1d, 0x13), true, ca ? sequence(flag) : sequence()),
    ...(dnsName === undefined
      ? []
      : [extension(oid(0x55, 0x1d, 0x11), false, sequence(der(0x82, Buffer.from(dnsName))))]),
  ];
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, ...randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(issuer.name),
    sequence(from ?? Buffer.alloc(0), until ?? Buffer.alloc(0)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, issuer.privateKey);
  const whole = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    issuer: { name, privateKey },
  };
}
