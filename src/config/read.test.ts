import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { stringify } from 'yaml'
import { formatProblem } from './problems.ts'
import { loadConfiguration, readConfiguration } from './read.ts'

const sample = `version: 1
policies:
  - name: A
    upstream: mail.example
`

test('sound text comes to settings, and knows where each stands', () => {
  const reading = readConfiguration(sample, 'postern.yaml')
  assert.ok(reading.ok)
  assert.deepEqual(reading.settings, { version: 1, policies: [{ name: 'A', upstream: 'mail.example' }] })
  assert.deepEqual(reading.locate(['policies', 0, 'upstream']), { line: 4, column: 15 })
  assert.deepEqual(reading.warnings, [])
})

test('problems come in the order of the file, warnings among them', () => {
  const text = `${sample}    idleTimeout: 1m\n    colour: red\nlimits: { connections: 0 }\nversion: 1\n`
  const reading = readConfiguration(text, 'p')
  assert.ok(!reading.ok)
  assert.deepEqual(
    reading.problems.map(({ line, severity }) => `${line} ${severity}`),
    ['6 error', '7 error', '8 error'],
  )
  const warned = readConfiguration(
    text.replace(/ {4}colour.*/s, '    stls: required\n    tlsSupport: required\n'),
    'p',
  )
  assert.ok(!warned.ok)
  assert.deepEqual(
    warned.problems.map(({ line, severity }) => `${line} ${severity}`),
    ['5 warning', '6 error'],
  )
})

test('loading compiles with the folder and the name of the file', () => {
  const loading = loadConfiguration(sample, 'p.yaml', '/srv')
  assert.ok(loading.ok)
  assert.equal(loading.snapshot.dataDirectory, '/srv/data')
  assert.equal(loading.snapshot.file, 'p.yaml')
  const failed = loadConfiguration('', 'p.yaml', '/srv')
  assert.deepEqual(failed.ok ? [] : failed.problems.map(formatProblem), [
    'p.yaml:1:1: the file is empty: begin with "version: 1" and "policies:"',
  ])
})

test('what can only come from something that is wrong already is not said as well', () => {
  const messages = (text: string) => {
    const reading = readConfiguration(sample + text, 'p')
    return reading.ok ? [] : reading.problems.map(({ path }) => path)
  }
  assert.deepEqual(
    messages('    action: X\nproxyActions:\n  - name: X\n    kind: client\n    basedOn: 5\n'),
    ['proxyActions[0].basedOn'],
  )
  assert.deepEqual(
    messages(
      '    action: POP3-Server.Standard\ncertificates: { proxyServer: [{ certificate: 5, key: a }] }\n',
    ),
    ['certificates.proxyServer[0].certificate'],
  )
})

test('thousands of settings that are not known are told in seconds', () => {
  const text = sample + Array.from({ length: 10_000 }, (_, index) => `key${index}: 1\n`).join('')
  const began = performance.now()
  const reading = readConfiguration(text, 'p')
  assert.equal(reading.ok ? 0 : reading.problems.length, 10_000)
  assert.ok(performance.now() - began < 10_000)
})

/** Reads a text and holds what comes of it against what is promised of every text. */
function readAny(text: string): void {
  const loading = loadConfiguration(text, 'p', '/srv')
  const problems = loading.ok ? loading.warnings : loading.problems
  const lines = text.split(/\r\n|\n|\r/).length
  if (!loading.ok) assert.ok(problems.some(({ severity }) => severity === 'error'))
  else
    assert.ok(problems.every(({ severity }) => severity === 'warning') && Object.isFrozen(loading.snapshot))
  for (const problem of problems) {
    assert.ok(problem.line >= 1 && problem.line <= lines + 1 && problem.column >= 1, formatProblem(problem))
    assert.doesNotMatch(formatProblem(problem), /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u)
  }
}

describe('reading never throws', () => {
  const sources = globSync('test/golden/config/*.yaml', { cwd: new URL('../..', import.meta.url).pathname })
    .map((file) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'))
    .sort()
  const source = fc.constantFrom(...sources)
  const word = fc.constantFrom(
    ...[
      'version',
      'policies',
      'name',
      'basedOn',
      'tls',
      'rules',
      '__proto__',
      'constructor',
      '<<',
      '~',
      '.nan',
    ],
    ...[
      ': ',
      ':',
      '- ',
      '\n',
      '  ',
      '\t',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '#',
      '&a ',
      '*a',
      '!x ',
      '!!set ',
      '|\n',
    ],
    ...[
      '? ',
      '---\n',
      '...\n',
      '%YAML 1.1\n',
      '1',
      '1e999',
      'any',
      'null',
      'true',
      '\0',
      '\r',
      '\uFEFF',
      '\uD800',
    ],
  )

  test('on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), readAny), { numRuns: 300 })
  })
  test('on words of YAML in any order', () => {
    const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(''))
    fc.assert(fc.property(text, readAny), { numRuns: 1000 })
  })
  test('on sound configurations with a piece cut out and another put in', () => {
    const piece = fc.oneof(word, fc.string({ maxLength: 5 }))
    fc.assert(
      fc.property(source, fc.nat(), fc.nat(30), piece, (text, at, length, inserted) => {
        const start = at % text.length
        readAny(text.slice(0, start) + inserted + text.slice(start + length))
      }),
      { numRuns: 500 },
    )
  })
  test('on sound configurations with any value in the place of one', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('any', '', -1, 1e21, Number.NaN, 'POP3-Client', [[]], {}),
    )
    fc.assert(
      fc.property(source, fc.nat(), value, (text, at, replacement) => {
        const reading = readConfiguration(text, 'p')
        assert.ok(reading.ok)
        readAny(stringify(replaced(reading.settings, { left: at % 60 }, replacement)))
      }),
      { numRuns: 500 },
    )
  })
})

/** The data with its node number `left`, counted from the root, replaced. */
function replaced(node: unknown, counter: { left: number }, replacement: unknown): unknown {
  if (counter.left === 0) {
    counter.left -= 1
    return replacement
  }
  counter.left -= 1
  if (Array.isArray(node)) return node.map((each) => replaced(each, counter, replacement))
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node).map(([key, each]) => [key, replaced(each, counter, replacement)]),
  )
}
