// Proves every wall: files that break one are put into a copy of the house, and the lint and
// walls.mjs must say so, with the reason; files that break none must pass.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { PURE, ROOMS } from './house.mjs'
import { checkFile } from './walls.mjs'

const checkout = fileURLToPath(new URL('..', import.meta.url))

/** [file, its import, what must be said]. Each is one wall of docs/architecture.md. */
const BREACHES = [
  ['src/bytes/a.ts', "import { a } from '../events/index.ts'", /bytes must not import/],
  ['src/events/a.ts', "import type { a } from '../bytes/index.ts'", /events must not import/],
  ['src/pop3/a.ts', "import { decide } from '../policy/index.ts'", /pop3 must not import/],
  ['src/pop3/b.ts', "import type { Decision } from '../policy/index.ts'", /pop3 must not import/],
  ['src/pop3/c.ts', "import { catalogue } from '../events/index.ts'", /types/],
  ['src/pop3/d.ts', "export { x } from '../mime/index.ts'", /pop3 must not import/],
  ['src/pop3/e.ts', "import { x } from '../bytes/lines.ts'", /entered through its index\.ts/],
  ['src/pop3/f.ts', "import type { Clock } from '../ports.ts'", /pop3 must not import/],
  ['src/mime/a.ts', "import { x } from '../tls/index.ts'", /mime must not import/],
  ['src/tls/a.ts', "import { X509Certificate } from '@peculiar/x509'", /tls/],
  ['src/tls/deep/a.ts', "import { x } from '../../pop3/index.ts'", /tls must not import/],
  ['src/policy/a.ts', "import { x } from '../mime/index.ts'", /types/],
  ['src/config/a.ts', "import pino from 'pino'", /config must not use/],
  ['src/config/b.ts', "import { x } from '../gateway/index.ts'", /config must not import/],
  ['src/inspect/a.ts', "import { x } from '../adapters/ca/index.ts'", /inspect must not import/],
  ['src/inspect/b.ts', "import { x } from '../policy/index.ts'", /types/],
  ['src/gateway/a.ts', "import { x } from '../adapters/ca/index.ts'", /gateway must not import/],
  ['src/gateway/b.ts', "import { x } from '../tls/profile.ts'", /entered through its index\.ts/],
  ['src/gateway/c.ts', "import { x } from '../main.ts'", /gateway must not import/],
  ['src/adapters/ca/a.ts', "import { x } from '../clamav/index.ts'", /another one|adapters must not import/],
  ['src/adapters/ca/b.ts', "import { x } from '../../tls/index.ts'", /types/],
  ['src/adapters/ca/c.ts', "import { x } from '../../gateway/index.ts'", /adapters must not import/],
  ['src/admin/a.ts', "import { x } from '../gateway/index.ts'", /admin must not import/],
  ['src/cli/a.ts', "import { x } from '../main.ts'", /cli must not import/],
  ['src/cli/b.ts', "import { x } from '../adapters/ca/index.ts'", /cli must not import/],
  ['src/cli/c.ts', "import { x } from '../gateway/index.ts'", /cli must not import/],
  ['src/ports.ts', "import { x } from './tls/index.ts'", /types/],
  ['src/main.ts', "import { x } from './adapters/ca/mint.ts'", /entered through its index\.ts/],
  ['web/a.ts', "import { x } from '../src/config/index.ts'", /web must not import/],
  ['web/b.ts', "import { x } from '../src/admin/index.ts'", /types/],
  ['demo/a.ts', "import { x } from '../src/pop3/index.ts'", /demo must not import/],
  ['test/interop/a.ts', "import { x } from '../../src/main.ts'", /[Nn]obody imports main/],
  ['bench/a.ts', "import { x } from '../src/main.ts'", /[Nn]obody imports main/],
  ['src/pop3/a.test.ts', "import { x } from '../policy/index.ts'", /pop3 must not import/],
  ...PURE.map((room) => [
    `src/${room}/n.ts`,
    "import { x } from 'node:fs'",
    new RegExp(`${room} imports no .*node:`),
  ]),
]

/** Imports that break nothing. */
const LAWFUL = [
  ['src/pop3/ok.ts', "import { x } from '../bytes/index.ts'"],
  ['src/pop3/ok2.ts', "import type { EventRecord } from '../events/index.ts'"],
  ['src/pop3/ok.test.ts', "import { test } from 'node:test'"],
  ['src/tls/ok.test.ts', "import { x } from '../../test/chains/mint.ts'"],
  ['src/config/ok.ts', "import { Type } from 'typebox/type'"],
  ['src/config/ok2.ts', "import { x } from '../tls/index.ts'"],
  ['src/config/deep/ok.ts', "import { x } from '../schema.ts'"],
  ['src/inspect/ok.ts', "import { createHash } from 'node:crypto'"],
  ['src/inspect/ok2.ts', "import { x } from '../mime/index.ts'"],
  ['src/gateway/ok.ts', "import { x } from '../pop3/index.ts'"],
  ['src/gateway/ok2.ts', "import { x } from '../ports.ts'"],
  ['src/adapters/ca/ok.ts', "import type { CertIssuer } from '../../ports.ts'"],
  ['src/adapters/ca/ok2.ts', "import { X509Certificate } from '@peculiar/x509'"],
  ['src/adapters/ca/ok3.ts', "import { x } from './own.ts'"],
  ['src/cli/ok.ts', "import { x } from '../config/index.ts'"],
  ['src/other.ts', "import { x } from './own.ts'"],
  ['web/ok.ts', "import type { Api } from '../src/admin/index.ts'"],
  ['demo/ok.ts', "import { x } from '../src/bytes/index.ts'"],
  ['bench/ok.ts', "import { x } from './main.ts'"],
  ['test/interop/ok.ts', "import { x } from '../../src/adapters/ca/index.ts'"],
]

const source = (statement) =>
  `// A file that a test of the walls wrote to see what is said.\n${statement}\n` +
  'export const used = [1]\n'

let tree
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'postern-walls-'))
  for (const file of ['.oxlintrc.json', 'package.json', 'tsconfig.json'])
    copyFileSync(join(checkout, file), join(tree, file))
  symlinkSync(join(checkout, 'node_modules'), join(tree, 'node_modules'))
})
afterEach(() => rmSync(tree, { recursive: true, force: true }))

function put(file, text) {
  mkdirSync(dirname(join(tree, file)), { recursive: true })
  writeFileSync(join(tree, file), text)
}

/** Runs the lint in the copy; its exit code and what it said, file by file. */
function lint(...more) {
  const program = join(checkout, 'node_modules/oxlint/bin/oxlint')
  const { status, stdout } = spawnSync(
    process.execPath,
    [program, '-f', 'json', ...more, 'src', 'web', 'demo', 'bench', 'test'],
    {
      cwd: tree,
      encoding: 'utf8',
      maxBuffer: 2 ** 24,
    },
  )
  const said = new Map()
  for (const { filename, code, message, help } of JSON.parse(stdout).diagnostics)
    said.set(filename, `${said.get(filename) ?? ''}${code} ${message} ${help ?? ''}\n`)
  return { status, said }
}

test('the lint fails on every import through a wall and says which wall', () => {
  for (const [file, statement] of BREACHES) put(file, source(statement))
  const { status, said } = lint()
  assert.equal(status, 1)
  for (const [file, statement, reason] of BREACHES) {
    assert.match(said.get(file) ?? 'nothing', reason, `${file}: ${statement}`)
    assert.match(said.get(file), /no-restricted-imports/, file)
  }
})

test('the lint accepts every import that the table allows', () => {
  for (const [file, statement] of LAWFUL) put(file, source(statement))
  const { said } = lint()
  for (const [file, statement] of LAWFUL)
    assert.doesNotMatch(said.get(file) ?? '', /no-restricted-imports/, `${file}: ${statement}`)
})

test('the lint fails on floating promises, misused promises, open switches, any and import cycles', () => {
  const files = {
    'src/gateway/floating.ts': 'export function f(): void {\n  Promise.resolve(1)\n}\n',
    'src/gateway/misused.ts': 'export const f = (): void => [1].forEach(async () => {})\n',
    'src/gateway/open.ts':
      "export function f(x: 'a' | 'b'): number {\n  switch (x) {\n    case 'a':\n      return 1\n  }\n  return 2\n}\n",
    'src/gateway/anything.ts': 'export const f = (x: any): number => x.y\n',
    'src/gateway/one.ts': "import { two } from './two.ts'\nexport const one = (): unknown => two\n",
    'src/gateway/two.ts': "import { one } from './one.ts'\nexport const two = (): unknown => one\n",
  }
  for (const [file, text] of Object.entries(files)) put(file, `// Written by a test.\n${text}`)
  const { status, said } = lint('--type-aware')
  assert.equal(status, 1)
  const expected = ['no-floating-promises', 'no-misused-promises', 'switch-exhaustiveness-check']
  for (const [index, rule] of [...expected, 'no-explicit-any', 'no-cycle', 'no-cycle'].entries()) {
    const file = Object.keys(files)[index]
    assert.ok((said.get(file) ?? '').includes(rule), `${file} should break ${rule}: ${said.get(file)}`)
  }
})

test('walls.mjs says the same about imports, from the same table', () => {
  for (const [file, statement] of BREACHES)
    assert.equal(checkFile(file, source(statement)).length, 1, `${file}: ${statement}`)
  for (const [file, statement] of LAWFUL.filter(([file]) => file !== 'src/other.ts'))
    assert.deepEqual(checkFile(file, source(statement)), [], `${file}: ${statement}`)
})

test('walls.mjs names the line of whatever reaches out of a pure room', () => {
  const breaches = [
    'export async function f() {}',
    'export const f = (x: X) => { await x }',
    'export const now = Date.now()',
    'export const now = new Date()',
    'export const now = new Date',
    'export const now = Date()',
    'export const at = performance.now()',
    'export const r = Math.random()',
    'export const e = process.env',
    "console.log('x')",
    'setTimeout(f, 1)',
    'export const p = Promise.resolve(1)',
    'export const b = Buffer.alloc(1)',
    "export const m = import('./x.ts')",
    `export const t = \`\${process.pid}\``,
  ]
  for (const room of PURE) {
    for (const line of breaches) {
      const [fault, ...rest] = checkFile(
        `src/${room}/a.ts`,
        `// What this file is for, in a sentence.\n${line}\n`,
      )
      assert.equal(fault?.line, 2, `${room}: ${line}`)
      assert.equal(fault.file, `src/${room}/a.ts`)
      assert.deepEqual(rest, [], `${room}: ${line}`)
    }
  }
})

test('walls.mjs takes no word in a string, comment, regular expression or property for code', () => {
  const innocent = [
    "const a = 'await process.exit() new Date()' // console.log",
    `const b = /process|console/.test(a) ? \`Date.now() \${a} await\` : /* setTimeout */ a`,
    'const c = { process: 1, async: 2, console: 3 }',
    'const d = session.process(c.async, c?.console)',
    'const e = new Date(0).toISOString()',
    'const f = new Date(Date.UTC(2026, 1, 1))',
    'const g = 4 / 2 / 1 // the process of dividing',
  ]
  const text = `// What this file is for, in a sentence.\n${innocent.join('\n')}\n`
  assert.deepEqual(checkFile('src/pop3/a.ts', text), [])
})

test('walls.mjs wants an opening comment, 400 lines at most, nothing silenced and nothing unfinished', () => {
  const says = (text, file = 'src/gateway/a.ts', exists = () => false) =>
    checkFile(file, text, exists).map(({ line, what }) => `${line} ${what}`)
  assert.match(says('export const a = 1\n')[0], /^1 no opening comment/)
  assert.deepEqual(says('#!/usr/bin/env node\n// What this file is for, at length.\n'), [])
  assert.deepEqual(
    says('export const a = 1\n', 'src/tls/a.test.ts', (path) => path === 'src/tls/a.ts'),
    [],
  )
  assert.match(says(`// What this file is for.\n${'x()\n'.repeat(400)}`)[0], /^401 401 lines, 400 at most/)
  assert.deepEqual(says(`// What this file is for.\n${'x()\n'.repeat(399)}`), [])
  for (const silencer of ['@ts-' + 'ignore', 'oxlint-' + 'disable-next-line', 'biome-' + 'ignore lint: x'])
    assert.match(says(`// What this file is for.\n\n// ${silencer}\n`)[0], /^3 a comment silences a check/)
  assert.match(says(`// What this file is for.\n// ${'TO' + 'DO'}: finish\n`)[0], /^2 unfinished work/)
  assert.match(says('// What this file is for.\n', 'src/attic/a.ts')[0], /^1 this folder is not in the house/)
})

test('walls.mjs ends with 1 and prints file, line and remedy; with 0 and nothing when all is well', () => {
  const run = () =>
    spawnSync(process.execPath, [join(checkout, 'scripts/walls.mjs'), tree], { encoding: 'utf8' })
  put('src/pop3/good.ts', '// What this file is for, in a sentence.\nexport const a = 1\n')
  assert.deepEqual([run().stdout, run().status], ['', 0])
  put('src/pop3/bad.ts', '// What this file is for, in a sentence.\nexport const a = Date.now()\n')
  const bad = run()
  assert.equal(bad.stdout, 'src/pop3/bad.ts:2 Date: no clock here: time is an argument\n')
  assert.equal(bad.status, 1)
})

test('walls.mjs notices a lint configuration that was changed by hand', () => {
  const rules = JSON.parse(readFileSync(join(checkout, '.oxlintrc.json'), 'utf8'))
  rules.overrides.pop()
  put('.oxlintrc.json', JSON.stringify(rules))
  const { status, stdout } = spawnSync(process.execPath, [join(checkout, 'scripts/walls.mjs'), tree], {
    encoding: 'utf8',
  })
  assert.match(stdout, /^\.oxlintrc\.json:1 differs from scripts\/house\.mjs/)
  assert.equal(status, 1)
})

test('every room of the table has a wall in the lint configuration', () => {
  const { overrides } = JSON.parse(readFileSync(join(checkout, '.oxlintrc.json'), 'utf8'))
  for (const [name, { path }] of Object.entries(ROOMS))
    assert.ok(
      overrides.some(({ files, rules }) => files[0].startsWith(path) && 'no-restricted-imports' in rules),
      name,
    )
})
