// Locking and unlocking, and the two files of the key.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { identityName, lockerFor, openLocker, openUnlocker, recipientName } from './index.ts'

function place(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'postern-lock-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return directory
}

const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8)

test('what is locked opens to the same octets, whatever its size', async (t) => {
  const directory = place(t)
  const locker = await openLocker(directory)
  const unlocker = openUnlocker(join(directory, identityName))
  for (const size of [0, 1, 65_535, 65_536, 65_537, 1_000_000]) {
    const plain = randomBytes(size)
    const locked = await locker.lock(plain)
    assert.ok(locked.length > size)
    // Fewer octets may stand in any file by chance.
    if (size >= 40) assert.ok(!Buffer.from(locked).includes(plain.subarray(0, 40)))
    assert.deepEqual(Buffer.from(await unlocker.unlock(locked)), plain, `${size} octets`)
  }
})

test('a stream is locked piece by piece', async (t) => {
  const directory = place(t)
  const locker = await openLocker(directory)
  const plain = randomBytes(300_000)
  const pieces = [plain.subarray(0, 1), plain.subarray(1, 200_000), plain.subarray(200_000)]
  const locked = await buffer(locker.lockStream(pieces))
  assert.deepEqual(Buffer.from(await openUnlocker(join(directory, identityName)).unlock(locked)), plain)
  const failing = locker.lockStream(
    (async function* () {
      yield plain
      throw new Error('the spool is gone')
    })(),
  )
  await assert.rejects(buffer(failing), /the spool is gone/)
})

test('the key is made once, closed to others, and used again', async (t) => {
  const directory = join(place(t), 'data')
  const first = await openLocker(directory)
  assert.equal(first.created, true)
  assert.deepEqual(readdirSync(directory).sort(), [identityName, recipientName])
  assert.equal(mode(directory), '700')
  assert.equal(mode(join(directory, identityName)), '600')
  assert.equal(readFileSync(join(directory, recipientName), 'utf8'), `${first.recipient}\n`)
  chmodSync(join(directory, identityName), 0o644)
  const second = await openLocker(directory)
  assert.deepEqual([second.created, second.recipient], [false, first.recipient])
  assert.equal(mode(join(directory, identityName)), '600')
  assert.notEqual((await openLocker(place(t))).recipient, first.recipient)
})

test('processes that start at one time have one key', async (t) => {
  const directory = place(t)
  const lockers = await Promise.all([1, 2, 3, 4].map(() => openLocker(directory)))
  assert.equal(new Set(lockers.map(({ recipient }) => recipient)).size, 1)
  assert.equal(lockers.filter(({ created }) => created).length, 1)
})

test('files that are wrong are named, and never replaced', async (t) => {
  const directory = place(t)
  const file = join(directory, identityName)
  for (const [text, reason] of [
    ['', /lock-identity\.txt holds no age identity/],
    ['AGE-SECRET-KEY-1XXXX\n', /lock-identity\.txt is damaged/],
  ] as const) {
    writeFileSync(file, text)
    await assert.rejects(openLocker(directory), reason)
    assert.throws(() => openUnlocker(file), reason)
    assert.equal(readFileSync(file, 'utf8'), text)
  }
  rmSync(file)
  writeFileSync(join(directory, recipientName), 'age1other\n')
  await assert.rejects(openLocker(directory), /lock-recipient\.txt is of another key/)
  assert.throws(() => openUnlocker(join(directory, 'none')), /there is no .*none/)
})

test('whose fault it is that a file does not open is said', async (t) => {
  const directory = place(t)
  const [ours, other] = [await openLocker(directory), await openLocker(place(t))]
  const unlocker = openUnlocker(join(directory, identityName))
  const locked = await ours.lock(Buffer.from('content'))
  await assert.rejects(
    unlocker.unlock(await other.lock(Buffer.from('x'))),
    /locked with another key than .*lock-identity/,
  )
  await assert.rejects(unlocker.unlock(Buffer.from('PK')), /no age file/)
  await assert.rejects(unlocker.unlock(locked.subarray(0, -1)), /damaged or incomplete/)
  const broken = Buffer.from(locked)
  broken[broken.length - 1] = (broken[broken.length - 1] ?? 0) ^ 1
  await assert.rejects(unlocker.unlock(broken), /damaged or incomplete/)
})

test('what is no recipient is refused', () => {
  assert.throws(() => lockerFor('age1nobody'))
})

test('memory that is used again while it streams spoils nothing', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'postern-lock-'))
  try {
    const locker = await openLocker(directory)
    const shared = Buffer.alloc(50_000)
    function* reused() {
      for (let letter = 0; letter < 26; letter += 1) yield shared.fill(97 + letter)
    }
    const pieces: Uint8Array[] = []
    for await (const piece of locker.lockStream(reused())) pieces.push(piece)
    const unlocker = openUnlocker(join(directory, 'lock-identity.txt'))
    const opened = Buffer.from(await unlocker.unlock(Buffer.concat(pieces))).toString('latin1')
    const wanted = Array.from({ length: 26 }, (_, letter) => String.fromCharCode(97 + letter).repeat(50_000))
    assert.ok(opened === wanted.join(''))
  } finally {
    rmSync(directory, { recursive: true })
  }
})
