import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeFolder, postern } from '../../test/support/cli.ts'
import { EXIT } from './exit.ts'

const sound = 'version: 1\npolicies:\n  - { name: A, upstream: mail.example, listen: [127.0.0.1, "::1"] }\n'
const warned = sound.replace(' }', ', idleTimeout: 1m }')
const broken = sound.replace('listen', 'lisen')

describe('postern validate', () => {
  test('a sound configuration: one line, what it opens, 0', async (t) => {
    const folder = makeFolder(t, { 'postern.yaml': sound })
    assert.deepEqual(await postern(folder, ['validate']), {
      ...{ code: EXIT.ok, err: '', asked: [] },
      out: './postern.yaml: sound, no errors and no warnings. Opens pop3 127.0.0.1:110, pop3s 127.0.0.1:995, pop3 [::1]:110, pop3s [::1]:995.\n',
    })
  })
  test('each socket is named once, however many policies share it', async (t) => {
    const text = `${sound}  - { name: B, connections: deny, listen: 127.0.0.1, from: 10.0.0.1 }\n`.replace(
      '  - { name: A',
      '  - { name: A, from: 10.0.0.2',
    )
    const { out } = await postern(makeFolder(t, { 'x.yaml': text }), ['validate', '-c', 'x.yaml'])
    assert.equal(out.match(/pop3 127\.0\.0\.1:110/g)?.length, 1, out)
  })
  test('a broken one: each problem on a line of standard error, 78', async (t) => {
    const { code, out, err } = await postern(makeFolder(t, { 'x.yaml': broken }), [
      'validate',
      '-c',
      'x.yaml',
    ])
    assert.deepEqual([code, out], [EXIT.configuration, ''])
    assert.equal(
      err,
      'x.yaml:3:40 policies[0].lisen: unknown setting, did you mean "listen"?\nx.yaml: not accepted, 1 error and no warnings.\n',
    )
  })
  test('warnings are told, and are no reason to refuse', async (t) => {
    const { code, out, err } = await postern(makeFolder(t, { 'x.yaml': warned }), [
      'validate',
      '-c',
      'x.yaml',
    ])
    assert.equal(code, EXIT.ok)
    assert.match(err, /^x\.yaml:3:\d+ policies\[0\]\.idleTimeout: warning: "1m" is less than [^\n]+\n$/)
    assert.match(out, /^x\.yaml: sound, no errors and 1 warning\. Opens /)
  })
  test('with --strict they are', async (t) => {
    const folder = makeFolder(t, { 'x.yaml': warned, 'postern.yaml': sound })
    const { code, out, err } = await postern(folder, ['validate', '-c', 'x.yaml', '--strict'])
    assert.deepEqual([code, out], [EXIT.configuration, ''])
    assert.match(err, /x\.yaml: not accepted, no errors and 1 warning \(--strict\)\.\n$/)
    assert.equal((await postern(folder, ['validate', '--strict'])).code, EXIT.ok)
  })
})

describe('postern validate --json', () => {
  const json = async (folder: string, ...argv: string[]): Promise<{ code: number; value: unknown }> => {
    const { code, out, err } = await postern(folder, ['validate', '--json', ...argv])
    assert.equal(err, '')
    return { code, value: JSON.parse(out) }
  }
  test('sound', async (t) => {
    assert.deepEqual(await json(makeFolder(t, { 'postern.yaml': sound })), {
      code: EXIT.ok,
      value: {
        ...{ file: './postern.yaml', ok: true, problems: [] },
        listeners: ['pop3 127.0.0.1:110', 'pop3s 127.0.0.1:995', 'pop3 [::1]:110', 'pop3s [::1]:995'],
      },
    })
  })
  test('broken', async (t) => {
    const problem = {
      ...{ file: 'x.yaml', line: 3, column: 40, path: 'policies[0].lisen', severity: 'error' },
      message: 'unknown setting, did you mean "listen"?',
    }
    assert.deepEqual(await json(makeFolder(t, { 'x.yaml': broken }), '-c', 'x.yaml'), {
      code: EXIT.configuration,
      value: { file: 'x.yaml', ok: false, problems: [problem], listeners: [] },
    })
  })
  test('with warnings, as asked: strict or not', async (t) => {
    const folder = makeFolder(t, { 'postern.yaml': warned })
    const lax = await json(folder)
    const strict = await json(folder, '--strict')
    assert.deepEqual([lax.code, strict.code], [EXIT.ok, EXIT.configuration])
    assert.match(JSON.stringify(lax.value), /"ok":true,.*"severity":"warning"/)
    assert.match(JSON.stringify(strict.value), /"ok":false,.*"severity":"warning"/)
  })
})

test('no configuration at all: where it was looked for, 78', async (t) => {
  for (const command of ['run', 'validate']) {
    const { code, out, err, asked } = await postern(makeFolder(t), [command])
    assert.deepEqual([code, out, asked], [EXIT.configuration, '', []])
    assert.match(
      err,
      /^postern: no configuration: there is neither \.\/postern\.yaml nor \/etc\/postern\/postern\.yaml;/,
    )
  }
})
