import { parseArgs } from 'node:util';
import { CompactEncrypt, importJWK, type JWK } from 'jose';
import { ask, askedOptions, openTrial, runCommand, Sentence } from './trial.ts';

const usage = `npm run context:sign -- --person <nhs number> [options]

Signs a context as a host of the demo does, for a try: prints it, and a curl line that opens a launch with it.

  --person <nhs number>  whom it is about (docs/demo.md lists the people)
  --birth-date <date>    their birth date, where the demo does not know it, or another one to see it refused
  --host <id>            which host signs (demo-millbrook)
  --role <code>          the role that the host asserts (R8000)
  --user <id>            the host's user (the one who has the role)
  --client <id>          the app to open (the viewer)
  --intent <text>  --encounter <id>
  --encrypt              encrypts it to the server's published key, for a link
  --help                 says this`;

const encryption = { alg: 'ECDH-ES+A256KW', enc: 'A256GCM' } as const;

/** Encrypts to the key that the server publishes, as any host would. */
async function encrypted(baseUrl: string, signed: string): Promise<string> {
  const { keys } = (await (await ask(`${baseUrl}/launch/jwks.json`)).json()) as { readonly keys: readonly JWK[] };
  const key = keys.find((one) => one.alg === encryption.alg);
  if (key?.kid === undefined) throw new Sentence(`The server publishes no key for ${encryption.alg}.`);
  return new CompactEncrypt(new TextEncoder().encode(signed))
    .setProtectedHeader({ ...encryption, kid: key.kid, cty: 'JWT' })
    .encrypt(await importJWK(key, encryption.alg));
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      ...askedOptions,
      client: { type: 'string' },
      intent: { type: 'string' },
      encounter: { type: 'string' },
      encrypt: { type: 'boolean', default: false },
    },
  });
  if (values.help) return usage;
  const { 'birth-date': birthDate, client, intent, encounter, encrypt, ...asked } = values;
  const trial = await openTrial({ ...asked, birthDate });
  const signed = await trial.sign({ client, intent, encounter });
  const context = encrypt ? await encrypted(trial.baseUrl, signed) : signed;
  const launch = `${trial.baseUrl}/launch`;
  return [
    context,
    '',
    `It works once, for two minutes. 303 opens the app; 200 is the name-and-role page of ${trial.user.id}’s first time.`,
    `curl -si ${launch} --data-urlencode context=${context}`,
    ...(encrypt ? ['', 'Or as a link, since it is encrypted:', `${launch}?context=${context}`] : []),
  ].join('\n');
});
