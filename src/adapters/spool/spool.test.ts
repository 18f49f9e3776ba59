import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openSpools } from './index.ts'

const directory = mkdtempSync(join(tmpdir(), 'postern-spool-'))
after(() => rmSync(directory, { recursive: true, force: true }))
/** Files of the spool that this process has open. */
const openFiles = () => readdirSync('/proc/self/fd').filter(isSpool).length

function isSpool(descriptor: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(directory)
  } catch {
    return false
  }
}

/** Resolves when no file is open; those of tests before may still be closing. */
async function allClosed(): Promise<void> {
  const end = performance.now() + 5000
  while (openFiles() > 0) {
    assert.ok(performance.now() < end, 'a file stays open')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Octets that show when one is missing or doubled. */
const pattern = (length: number) =>
  Buffer.from(Uint32Array.from({ length: length / 4 }, (_, at) => at).buffer)

async function content(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(Buffer.from(piece))
  return Buffer.concat(all)
}

for (const [name, size, memory] of [
  ['nothing', 0, 1024],
  ['a small message in memory', 20_000, 1_048_576],
  ['one that is just as large as memory may be', 65_536, 65_536],
  ['one that is larger', 65_540, 65_536],
  ['a message of some megabytes', 5_000_000, 100_000],
  ['a message that never touches memory', 300_000, 0],
] as const)
  test(`${name} comes back as it went in`, async () => {
    const bytes = pattern(size)
    const spool = openSpools({ directory, memory }).open()
    for (let at = 0; at < size; at += 10_007)
      if (!spool.write(bytes.subarray(at, at + 10_007))) await spool.drained()
    assert.equal(await spool.finish(), size)
    assert.deepEqual(await content(spool.read()), bytes)
    assert.deepEqual(await content(spool.read(100, 200)), bytes.subarray(100, 200))
    const [from, to] = [Math.floor(size / 3), Math.floor(size / 2)]
    assert.deepEqual(await content(spool.read(from, to)), bytes.subarray(from, to))
    assert.deepEqual(await content(spool.read(0, size + 99)), bytes)
    spool.discard()
  })

test('what is written is copied', async () => {
  const spool = openSpools({ directory, memory: 1000 }).open()
  const chunk = Buffer.from('abc')
  spool.write(chunk)
  chunk.fill(0)
  await spool.finish()
  assert.equal(String(await content(spool.read())), 'abc')
})

test('a sender that is faster than the disk is asked to wait', async () => {
  const spool = openSpools({ directory, memory: 0 }).open()
  const chunk = Buffer.alloc(1_048_576)
  assert.equal(spool.write(chunk), false)
  await spool.drained()
  assert.equal(spool.write(Buffer.alloc(10)), true)
  assert.equal(await spool.finish(), 1_048_586)
  spool.discard()
})

test('no name is left in the directory, and no file stays open after discard', async () => {
  await allClosed()
  const spool = openSpools({ directory, memory: 0 }).open()
  spool.write(Buffer.alloc(600_000))
  await spool.finish()
  assert.deepEqual(readdirSync(directory), [])
  assert.equal(openFiles(), 1)
  spool.discard()
  spool.discard()
  await allClosed()
  assert.throws(() => spool.read(), /discarded/)
})

test('discard in the middle of writing closes the file', async () => {
  await allClosed()
  const spool = openSpools({ directory, memory: 0 }).open()
  spool.write(Buffer.alloc(2_000_000))
  spool.discard()
  assert.equal(spool.write(Buffer.alloc(10)), true)
  await new Promise((resolve) => setTimeout(resolve, 100))
  await allClosed()
  await assert.rejects(spool.finish(), /discarded/)
})

test('a disk that refuses is told to whoever waits', async () => {
  const gone = join(directory, 'gone')
  const spools = openSpools({ directory: gone, memory: 0 })
  rmSync(gone, { recursive: true })
  const spool = spools.open()
  spool.write(Buffer.alloc(600_000))
  await assert.rejects(spool.finish(), /ENOENT/)
  assert.throws(() => spool.read(), /ENOENT/)
  spool.discard()
})

test('the directory is private', () => {
  const path = join(directory, 'made')
  openSpools({ directory: path, memory: 0 })
  // Throws unless it is there.
  chmodSync(path, 0o700)
})
