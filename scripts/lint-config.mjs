// Makes the lint configuration: the rules for all files, and the walls of house.mjs as restricted
// imports, one override a room. `node scripts/walls.mjs --write` puts the result into .oxlintrc.json.
import { FREE, ROOMS, TESTS_MAY_USE } from './house.mjs'

/** Rules for every file. Each of them catches a fault, none of them a taste: taste is Biome's. */
const RULES = {
  eqeqeq: 'error',
  'no-fallthrough': 'error',
  'no-implicit-globals': 'error',
  'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  'no-var': 'error',
  'import/no-cycle': 'error',
  'import/no-duplicates': 'error',
  'import/no-self-import': 'error',
  'typescript/await-thenable': 'error',
  'typescript/ban-ts-comment': 'error',
  'typescript/consistent-type-imports': 'error',
  'typescript/no-base-to-string': 'error',
  'typescript/no-explicit-any': 'error',
  'typescript/no-floating-promises': ['error', { allowForKnownSafeCalls: knownSafeCalls() }],
  'typescript/no-misused-promises': 'error',
  'typescript/no-misused-spread': ['error', { allow: ['string'] }],
  'typescript/no-non-null-assertion': 'error',
  'typescript/no-unnecessary-type-assertion': 'error',
  'typescript/no-unsafe-argument': 'error',
  'typescript/no-unsafe-assignment': 'error',
  'typescript/no-unsafe-call': 'error',
  'typescript/no-unsafe-member-access': 'error',
  'typescript/no-unsafe-return': 'error',
  'typescript/only-throw-error': 'error',
  'typescript/prefer-promise-reject-errors': 'error',
  'typescript/restrict-plus-operands': 'error',
  'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  'unicorn/prefer-node-protocol': 'error',
  // A protocol reader matches control characters on purpose, and a spread often says "a copy".
  'no-control-regex': 'off',
  'unicorn/no-useless-spread': 'off',
}

/** Plain JavaScript has no types to be safe with. */
const UNTYPED = Object.keys(RULES).filter((rule) => rule.startsWith('typescript/no-unsafe-'))

/** node:test's own functions return promises that nobody has to wait for at the top of a file. */
function knownSafeCalls() {
  return [{ from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' }]
}

const READ = 'Who may import whom: docs/architecture.md, "The walls"; the table: scripts/house.mjs.'
const any = (names) => names.map((name) => name.replace(/[.]/g, '\\.')).join('|')
const isFile = (room) => ROOMS[room].path.endsWith('.ts')

// The lint's patterns know no look-ahead, so "not index.ts" is spelled from its last letter back.
const NOT_INDEX = '(?:/.*)?(?:[^x]|[^e]x|[^d]ex|[^n]dex|[^i]ndex|[^/]index)\\.ts$'

/** The patterns for one room; `relaxed`: for its tests, which may use Node, any package and the shared test tools. */
function patterns(name, packages, relaxed) {
  const room = ROOMS[name]
  // From src/main.ts and src/ports.ts the other rooms are below, from everywhere else they are above.
  const climb = isFile(name) ? '^(?:\\./|(?:\\.\\./)+)(?:src/)?' : '^(?:\\.\\./)+(?:src/)?'
  const values = relaxed ? [...room.values, ...TESTS_MAY_USE] : room.values
  const types = room.types.filter((other) => !values.includes(other))
  const open = [...values, ...types]
  const closed = Object.keys(ROOMS).filter((other) => !open.includes(other) && (other !== name || room.inner))
  const list = []
  /** Adds a pattern for the rooms among `rooms` that are folders (or files), if there are any. */
  const wall = (rooms, end, message, more = {}) => {
    if (rooms.length > 0)
      list.push({ regex: `${climb}(?:${any(rooms)})${end}`, ...more, message: `${message} ${READ}` })
  }
  const folders = (rooms) => rooms.filter((each) => each in ROOMS && !isFile(each))
  wall(folders(closed), '/', `${name} must not import this room.`)
  wall(closed.filter(isFile), '\\.ts$', `${name} must not import this file.`)
  wall(folders(types), '/', `${name} may only import types from here: write "import type".`, {
    allowTypeImports: true,
  })
  wall(folders(open), NOT_INDEX, 'A folder is entered through its index.ts.')
  const ban = (regex, message) => list.push({ regex, message: `${message} ${READ}` })
  if (room.inner) ban('^\\.\\./[^.]', `One folder of ${name} must not import another one.`)
  if (relaxed) return list
  if (!room.node && room.npm !== true && room.npm.length === 0) {
    ban('^[^./]', `${name} imports no packages and no node:* modules.`)
    return list
  }
  if (!room.node) ban('^node:', `${name} imports no node:* modules.`)
  const closedPackages = room.npm === true ? [] : packages.filter((each) => !room.npm.includes(each))
  if (closedPackages.length > 0)
    ban(`^(?:${any(closedPackages)})(?:/|$)`, `${name} must not use this package.`)
  return list
}

const restricted = (files, list) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: list }] },
})

/**
 * The whole configuration.
 * @param {string[]} packages every package named in package.json
 */
export function lintConfig(packages) {
  const overrides = Object.entries(ROOMS).flatMap(([name, room]) => {
    const single = room.path.endsWith('.ts')
    const inside = room.inner ? `${room.path}/*` : room.path
    const sources = restricted([single ? room.path : `${inside}/**`], patterns(name, packages, false))
    const tests = restricted([`${inside}/**/*.test.ts`], patterns(name, packages, true))
    return single ? [sources] : [sources, tests]
  })
  const noMain = [{ regex: '^(?:\\.\\./)+src/main\\.ts$', message: `Nobody imports main. ${READ}` }]
  return {
    $schema: './node_modules/oxlint/configuration_schema.json',
    plugins: ['typescript', 'import', 'unicorn', 'oxc', 'node', 'promise'],
    categories: { correctness: 'error' },
    env: { builtin: true, node: true },
    ignorePatterns: ['dist/', 'data/', 'bench/.cache/', 'bench/results/', 'docs/reference/'],
    rules: RULES,
    overrides: [
      { files: ['**/*.mjs', 'bin/*'], rules: Object.fromEntries(UNTYPED.map((rule) => [rule, 'off'])) },
      ...overrides,
      restricted(
        FREE.map((folder) => `${folder}/**`),
        noMain,
      ),
    ],
  }
}
