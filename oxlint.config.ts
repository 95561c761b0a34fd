import { defineConfig, type OxlintConfig } from 'oxlint';

type Override = NonNullable<OxlintConfig['overrides']>[number];
type Pattern = { regex: string; message: string };

function forbidImports(files: string[], patterns: Pattern[]): Override {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

/**
 * The floors of the server, from the top. A room may import from the rooms below it, never from one above or beside it,
 * so that each of the two lines of the house (a launch going in, a record going out) can be read downwards.
 */
const floors: readonly (readonly string[])[] = [
  ['commands', 'demo', 'canaries'],
  ['facade', 'governance'],
  ['disclosure'],
  ['auth'],
  ['launch'],
  ['privacy'],
  ['audit'],
  ['federation'],
  ['store'],
  ['config'],
];

const noUpward = floors.flatMap((floor, level) =>
  floor
    .filter((room) => room !== 'commands' && room !== 'demo' && room !== 'canaries')
    .map((room) => {
      const forbidden = [...floors.slice(0, level).flat(), ...floor.filter((other) => other !== room)];
      return forbidImports(
        [`server/${room}/**/*.ts`],
        [
          {
            regex: `^(\\.\\./)+(${forbidden.join('|')})/`,
            message: `server/${room} stands below it: imports go down only.`,
          },
          { regex: '^(\\.\\./)+(app|main)\\.ts$', message: 'Imports go down only.' },
          { regex: '/src/(record|launch|viewer|console)/', message: 'Of src/ the server may import src/fhir/ alone.' },
        ],
      );
    }),
);

const browser = [
  { room: 'fhir', forbidden: ['record', 'launch', 'viewer', 'console'] },
  { room: 'record', forbidden: ['launch', 'viewer', 'console'] },
  { room: 'launch', forbidden: ['record', 'viewer', 'console'] },
  { room: 'viewer', forbidden: ['console'] },
  { room: 'console', forbidden: ['viewer'] },
].map(({ room, forbidden }) =>
  forbidImports(
    [`src/${room}/**/*.ts`, `src/${room}/**/*.tsx`],
    [
      { regex: `^(\\.\\./)+(${forbidden.join('|')})/`, message: `src/${room} stands below it: imports go down only.` },
      { regex: '/server/', message: 'The viewer imports nothing of the server.' },
      ...(room === 'fhir' || room === 'record'
        ? [{ regex: '^(react|@mui|node:)', message: 'Pure: no framework, no I/O.' }]
        : []),
    ],
  ),
);

export default defineConfig({
  plugins: ['typescript', 'import', 'react', 'unicorn', 'oxc', 'promise', 'jsx-a11y'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true },
  ignorePatterns: ['dist', 'node_modules', '.data', 'test-results', 'src/launch/webcrypto'],
  rules: {
    'import/no-cycle': 'error',
    'no-console': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/consistent-type-imports': 'error',
    // Express 5 hands what an async handler rejects with to the error handler.
    'oxc/no-async-endpoint-handlers': 'off',
    'react/react-in-jsx-scope': 'off',
    'react/rules-of-hooks': 'error',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default-member': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-useless-spread': 'off',
    'typescript/no-misused-spread': 'off',
    'unicorn/no-array-sort': 'off',
    'no-shadow': 'off',
    'no-await-in-loop': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/consistent-return': 'off',
    // The parts are named by role in the specification; `output` and `meter` look and behave as form parts.
    'jsx-a11y/prefer-tag-over-role': 'off',
    'jsx-a11y/control-has-associated-label': 'off',
    'react/no-unstable-nested-components': ['error', { allowAsProps: true }],
    'react/incompatible-library': 'off',
  },
  overrides: [
    forbidImports(
      ['server/**/*.ts'],
      [
        { regex: '(^|/)demo/', message: 'Nothing imports the demo region but its own entry.' },
        { regex: '/src/(record|launch|viewer|console)/', message: 'Of src/ the server may import src/fhir/ alone.' },
      ],
    ),
    { files: ['server/demo/**/*.ts'], rules: { 'no-restricted-imports': 'off' } },
    ...noUpward,
    // The conformance suite drives the whole server from outside, the facade included.
    { files: ['server/auth/conformance/*.ts'], rules: { 'no-restricted-imports': 'off' } },
    ...browser,
    // The published records that tests read lie in files.
    { files: ['src/record/**/*.test.ts'], rules: { 'no-restricted-imports': 'off' } },
    { files: ['server/commands/**', 'bench/**', 'e2e/**'], rules: { 'no-console': 'off' } },
    // Playwright reads from a fixture's first parameter what it needs: here nothing.
    { files: ['e2e/**'], rules: { 'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }] } },
    {
      // They run before anything is installed, so they are plain JavaScript, without types.
      files: ['server/commands/*.mjs'],
      rules: {
        'typescript/no-unsafe-argument': 'off',
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-call': 'off',
        'typescript/no-unsafe-member-access': 'off',
        'typescript/no-unsafe-return': 'off',
        'typescript/no-floating-promises': 'off',
        'typescript/no-misused-promises': 'off',
        'typescript/await-thenable': 'off',
      },
    },
  ],
});
