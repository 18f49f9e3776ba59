import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder, postern } from '../../test/support/cli.ts'
import { EXIT } from './exit.ts'

const locked = 'age-encryption.org/v1\n-> X25519 …\n'
const base64 = Buffer.from(locked).toString('base64').replaceAll(/.{20}/g, '$&\r\n')

/** Runs it with an unlocker that turns letters to upper case. */
async function unlock(folder: string, ...argv: string[]) {
  const keys: string[] = []
  const openUnlocker = (key: string) => {
    keys.push(key)
    return {
      unlock: (octets: Uint8Array) =>
        Buffer.from(octets).toString() === locked
          ? Promise.resolve(Buffer.from('opened'))
          : Promise.reject(new Error('this is no whole age file')),
    }
  }
  const { code, out, err } = await postern(folder, ['unlock', ...argv], undefined, { openUnlocker })
  return { code, out, err, keys }
}
const withKey = ['--identity', 'key.txt']

test('the content goes beside the locked file, without .age, for its owner alone', async (t) => {
  const folder = makeFolder(t, { 'a.pdf.age': locked })
  const { code, out, err, keys } = await unlock(folder, 'a.pdf.age', ...withKey)
  assert.deepEqual([code, err, keys], [EXIT.ok, '', [join(folder, 'key.txt')]])
  assert.match(out, /^a\.pdf: 6 octets\./)
  assert.equal(readFileSync(join(folder, 'a.pdf'), 'utf8'), 'opened')
  assert.equal(statSync(join(folder, 'a.pdf')).mode & 0o777, 0o600)
})

test('the attachment as it stood in the mail is opened, too', async (t) => {
  const part = `Content-Type: application/octet-stream; name="a.age"\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64}`
  const folder = makeFolder(t, { 'a.age': base64, 'b.age': part })
  for (const name of ['a', 'b']) {
    assert.equal((await unlock(folder, `${name}.age`, ...withKey)).err, '')
    assert.equal(readFileSync(join(folder, name), 'utf8'), 'opened')
  }
})

test('nothing is written over without --force', async (t) => {
  const folder = makeFolder(t, { 'a.age': locked, a: 'mine' })
  const { code, err } = await unlock(folder, 'a.age', ...withKey)
  assert.deepEqual(
    [code, err],
    [
      EXIT.error,
      'postern: a is there already; name another file with --out, or write over it with --force\n',
    ],
  )
  assert.equal(readFileSync(join(folder, 'a'), 'utf8'), 'mine')
  assert.equal((await unlock(folder, 'a.age', ...withKey, '--force')).code, EXIT.ok)
  assert.equal(readFileSync(join(folder, 'a'), 'utf8'), 'opened')
})

test('--out says where, and has to where the name does not end in .age', async (t) => {
  const folder = makeFolder(t, { 'a.bin': locked })
  const { code, err } = await unlock(folder, 'a.bin', ...withKey)
  assert.deepEqual(
    [code, err],
    [EXIT.error, 'postern: a.bin does not end in .age; say with --out what to write\n'],
  )
  assert.equal((await unlock(folder, 'a.bin', ...withKey, '--out', 'b')).code, EXIT.ok)
  assert.equal(readFileSync(join(folder, 'b'), 'utf8'), 'opened')
})

test('the key is that of the configuration, where none is named', async (t) => {
  const configuration =
    'version: 1\ndataDirectory: ./keys\npolicies:\n  - { name: A, upstream: mail.example }\n'
  const folder = makeFolder(t, { 'a.age': locked, 'c.yaml': configuration })
  const { keys } = await unlock(folder, 'a.age', '-c', 'c.yaml')
  assert.deepEqual(keys, [join(folder, 'keys/lock-identity.txt')])
  const none = await unlock(makeFolder(t, { 'a.age': locked }), 'a.age')
  assert.deepEqual(
    [none.code, none.err],
    [
      EXIT.error,
      'postern: there is no configuration to find the key by; name the key with --identity FILE\n',
    ],
  )
})

test('faults are told with their cause, and nothing is written', async (t) => {
  const folder = makeFolder(t, { 'a.age': 'something else' })
  const other = await unlock(folder, 'a.age', ...withKey)
  assert.deepEqual([other.code, other.err], [EXIT.error, 'postern: this is no whole age file\n'])
  assert.throws(() => statSync(join(folder, 'a')))
  const missing = await unlock(folder, 'b.age', ...withKey)
  assert.deepEqual([missing.code, missing.err], [EXIT.error, 'postern: b.age: there is no such file\n'])
})
