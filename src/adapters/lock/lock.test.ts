import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { run } from '../../../test/support/processes.ts'
import { skipWithout } from '../../../test/support/programs.ts'
import { openLocker, openUnlocker } from './index.ts'

const directory = mkdtempSync(join(tmpdir(), 'postern-lock-'))
after(() => rmSync(directory, { recursive: true, force: true }))
const identity = join(directory, 'lock-identity.txt')
const plain = Buffer.from('contents\r\n'.repeat(30_000))

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

test('what is locked opens again, in one piece and in many', async () => {
  const locker = await openLocker(directory)
  const unlocker = await openUnlocker(identity)
  assert.deepEqual(Buffer.from(await unlocker.unlock(await locker.lock(plain))), plain)
  const pieces = [plain.subarray(0, 10), plain.subarray(10, 100_000), plain.subarray(100_000)]
  assert.deepEqual(Buffer.from(await unlocker.unlock(await whole(locker.lockStream(pieces)))), plain)
})

test('the key is private, made once, and its recipient stands beside it', async () => {
  const first = await openLocker(directory)
  const key = readFileSync(identity, 'utf8')
  const second = await openLocker(directory)
  assert.equal(readFileSync(identity, 'utf8'), key)
  assert.equal(first.recipient, second.recipient)
  assert.equal(readFileSync(join(directory, 'lock-recipient.txt'), 'utf8'), `${first.recipient}\n`)
  assert.equal(statSync(identity).mode & 0o777, 0o600)
})

test('memory that is used again while it streams spoils nothing', async () => {
  const locker = await openLocker(directory)
  const shared = Buffer.alloc(1000)
  function* reused() {
    for (let letter = 0; letter < 26; letter += 1) yield shared.fill(97 + letter)
  }
  const opened = await (await openUnlocker(identity)).unlock(await whole(locker.lockStream(reused())))
  assert.equal(Buffer.from(opened).subarray(0, 2000).toString(), `${'a'.repeat(1000)}${'b'.repeat(1000)}`)
})

test('errors say what is at fault', async () => {
  const locker = await openLocker(directory)
  const other = mkdtempSync(join(tmpdir(), 'postern-lock-'))
  await openLocker(other)
  const stranger = await openUnlocker(join(other, 'lock-identity.txt'))
  await assert.rejects(stranger.unlock(await locker.lock(plain)), /not locked for the key/)
  const locked = await locker.lock(plain)
  const mine = await openUnlocker(identity)
  await assert.rejects(mine.unlock(locked.subarray(0, locked.length - 5)), /no whole age file/)
  await assert.rejects(openUnlocker(join(other, 'none')), /there is no key file/)
  writeFileSync(join(other, 'lock-identity.txt'), 'rubbish')
  await assert.rejects(openLocker(other), /holds no age key/)
  rmSync(other, { recursive: true })
})

test("Debian's age opens it", { skip: skipWithout('age') }, async () => {
  const locker = await openLocker(directory)
  const { code, stdout, stderr } = await run('/usr/bin/age', ['-d', '-i', identity], {
    input: Buffer.from(await locker.lock(plain)),
  })
  assert.equal(code, 0, stderr)
  assert.deepEqual(stdout, plain)
})
