import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Ajv } from 'ajv'
import type { Command } from 'commander'
import { makeFolder, postern } from '../../test/support/cli.ts'
import { EXIT } from './exit.ts'
import { buildProgram } from './program.ts'

const sound = 'version: 1\npolicies:\n  - { name: A, upstream: mail.example }\n'
const actions = {
  run: () => Promise.resolve(0),
  demo: () => Promise.resolve(0),
  explain: () => Promise.resolve(0),
  openUnlocker: () => {
    throw new Error('no key')
  },
}
const quiet = { version: '1.2.3', workingDirectory: '/', out: () => undefined, err: () => undefined }

/** Every command with the words that lead to it. */
function commands(
  command: Command,
  words: readonly string[] = [],
): (readonly [readonly string[], Command])[] {
  return [[words, command], ...command.commands.flatMap((each) => commands(each, [...words, each.name()]))]
}
const all = commands(buildProgram(actions, quiet, () => undefined))

test('the commands', () => {
  assert.deepEqual(
    all.map(([words]) => words.join(' ')),
    ['', 'run', 'demo', 'validate', 'explain', 'unlock', 'config', 'config schema'],
  )
})

describe('--help', () => {
  for (const [words, command] of all)
    test(['postern', ...words].join(' '), async (t) => {
      const { code, out, err, asked } = await postern(makeFolder(t), [...words, '--help'])
      assert.deepEqual([code, err, asked], [EXIT.ok, '', []])
      assert.ok(out.startsWith(`Usage: ${['postern', ...words].join(' ')} `), out)
      for (const { flags } of command.options) assert.ok(out.includes(flags), `${flags} is not told of`)
      for (const each of command.commands) assert.match(out, new RegExp(`^  ${each.name()} `, 'm'))
      if (command.commands.length === 0) assert.match(out, /^Examples?:\n( {2}\$ postern .+\n)+/m)
      assert.doesNotMatch(out, /undefined/)
    })
})

describe('what cannot be understood ends with 2, on standard error, and does nothing', () => {
  for (const [argv, message] of [
    [['frob'], "unknown command 'frob'"],
    [['valdate'], "unknown command 'valdate'\n(Did you mean validate?)"],
    [['config', 'frob'], "unknown command 'frob'"],
    [['--frob'], "unknown option '--frob'"],
    [['run', '--frob'], "unknown option '--frob'"],
    [['validate', '--stric'], "unknown option '--stric'\n(Did you mean --strict?)"],
    [['run', '-c'], "option '-c, --config <file>' argument missing"],
    [['validate', 'x.yaml'], "too many arguments for 'validate'"],
    [['demo', '--pop3-port', '0'], 'Expected a port from 1 to 65535'],
    [['demo', '--pop3-port', '65536'], 'Expected a port from 1 to 65535'],
    [['demo', '--pop3s-port', '1e3'], 'Expected a port from 1 to 65535'],
    [['demo', '--pop3-port', '1995'], '--pop3-port and --pop3s-port are the same'],
  ] as const)
    test(argv.join(' '), async (t) => {
      const { code, out, err, asked } = await postern(makeFolder(t, { 'postern.yaml': sound }), argv)
      assert.deepEqual([code, out, asked], [EXIT.usage, '', []])
      assert.ok(err.startsWith('postern: ') && err.includes(message), err)
      assert.ok(err.endsWith('(--help shows what can be written here)\n'), err)
    })
  for (const argv of [[], ['config']])
    test(`no command behind ${['postern', ...argv].join(' ')}: its help`, async (t) => {
      const { code, out, err } = await postern(makeFolder(t), argv)
      assert.deepEqual([code, out], [EXIT.usage, ''])
      assert.match(err, /^Usage: postern/)
    })
})

test('--version', async (t) => {
  for (const flag of ['-V', '--version'])
    assert.deepEqual(await postern(makeFolder(t), [flag]), { code: 0, out: '1.2.3\n', err: '', asked: [] })
})

describe('run', () => {
  test('hands on the file that was named, as named', async (t) => {
    const { asked, code } = await postern(makeFolder(t), ['run', '-c', 'x.yaml'])
    assert.deepEqual([asked, code], [['run {"config":"x.yaml"}'], 0])
  })
  test('hands on ./postern.yaml when none was', async (t) => {
    const { asked } = await postern(makeFolder(t, { 'postern.yaml': sound }), ['run'])
    assert.deepEqual(asked, ['run {"config":"./postern.yaml"}'])
  })
  test('ends as the gateway does', async (t) => {
    assert.equal((await postern(makeFolder(t), ['run', '-c', 'x'], () => Promise.resolve(78))).code, 78)
  })
  test('a fault that nobody expected is one line, and 1', async (t) => {
    const fail = () => Promise.reject(new Error('the sky fell'))
    const { code, err } = await postern(makeFolder(t), ['run', '-c', 'x'], fail)
    assert.deepEqual([code, err], [EXIT.error, 'postern: the sky fell\n'])
  })
})

test('demo hands on its ports and directory', async (t) => {
  const { asked } = await postern(makeFolder(t), ['demo'])
  assert.deepEqual(asked, ['demo {"pop3Port":1110,"pop3sPort":1995,"directory":"./data/demo"}'])
  const argv = ['demo', '--pop3-port', '2110', '--pop3s-port=2995', '--directory', '/tmp/x']
  assert.deepEqual((await postern(makeFolder(t), argv)).asked, [
    'demo {"pop3Port":2110,"pop3sPort":2995,"directory":"/tmp/x"}',
  ])
})

test('config schema prints JSON Schema that takes a sound configuration and refuses another', async (t) => {
  const { code, out, err } = await postern(makeFolder(t), ['config', 'schema'])
  assert.deepEqual([code, err], [EXIT.ok, ''])
  const schema: unknown = JSON.parse(out)
  assert.ok(typeof schema === 'object' && schema !== null)
  const fits = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)
  assert.ok(fits({ version: 1, policies: [{ name: 'A', upstream: 'mail.example' }] }))
  assert.ok(!fits({ version: 1, policies: [{ name: 'A', tlsSuport: 'enabled' }] }))
})
