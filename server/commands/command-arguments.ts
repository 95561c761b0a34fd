import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { Refusal } from './refusal.ts';

/** What one of the shell's commands takes. */
export type CommandArguments<Command> = {
  /** Its options as they are typed, without `--`; each takes a value, and is a member of the command in camel case. */
  readonly options: readonly string[];
  /** Options that name a file: each with the member that its content is. */
  readonly files?: Readonly<Record<string, string>>;
  readonly schema: z.ZodType<Command>;
  /** The names of what can be done, as a refusal lists them. */
  readonly commands: string;
};

const camel = (option: string): string => option.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
const kebab = (member: string): string => member.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * The arguments after the script's name as a command; `help` where that is asked, or nothing is.
 * @throws {Refusal} naming everything that is missing or not as expected
 */
export function readArguments<Command>(
  args: readonly string[],
  { options, files = {}, schema, commands }: CommandArguments<Command>,
): Command | 'help' {
  const { positionals, values } = parsed(args, options);
  const [name, ...rest] = positionals;
  if (values['help'] === true || (name === undefined && Object.keys(values).length === 0)) return 'help';
  if (rest.length > 0) throw new Refusal(`${rest[0]} is one word too many. A name of several words needs quotes.`);
  const given: Record<string, unknown> = {};
  for (const [option, value] of Object.entries(values)) {
    const content = files[option];
    if (content !== undefined) given[content] = contentOf(option, String(value));
    else if (option !== 'help') given[camel(option)] = value;
  }
  const read = schema.safeParse({ command: name, ...given });
  if (read.success) return read.data;
  const optionOf = (member: string): string =>
    `--${Object.keys(files).find((option) => files[option] === member) ?? kebab(member)}`;
  const lines = read.error.issues.map((issue) => {
    if (issue.path[0] === 'command') return `${name ?? 'nothing'} is no command: ${commands}`;
    if (issue.code === 'unrecognized_keys') return `${name} takes no ${issue.keys.map(optionOf).join(', ')}`;
    const member = String(issue.path[0]);
    return `${optionOf(member)}: ${Object.hasOwn(given, member) ? issue.message : 'is missing'}`;
  });
  throw new Refusal(`${lines.join('; ')}.`);
}

function parsed(args: readonly string[], options: readonly string[]) {
  const taken = Object.fromEntries(options.map((option) => [option, { type: 'string' as const }]));
  try {
    return parseArgs({
      args: [...args],
      options: { ...taken, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error));
  }
}

function contentOf(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refusal(`--${option}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
