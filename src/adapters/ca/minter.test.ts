import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { LeafRequest } from '../../ports.ts'
import { type Minter, mostWaiting, startMinter } from './minter.ts'

const script = new URL('../../../test/chains/crashing-worker.ts', import.meta.url)

function place(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'postern-minter-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return directory
}

async function start(t: TestContext, directory = place(t)): Promise<Minter> {
  const minter = await startMinter(script, { directory })
  t.after(() => minter.close())
  return minter
}

const leaf = (commonName: string): LeafRequest => ({
  ...{ commonName, dnsNames: [], ipAddresses: [], notBefore: 0, notAfter: 0 },
})

/** Asks until the new thread answers, which takes as long as a thread takes to start. */
const answered = async (minter: Minter) => (await minter.issue(leaf('fine'))).chain

test('a crash rejects all that waits, and a new thread answers the next request', async (t) => {
  const minter = await start(t)
  assert.equal(await answered(minter), 'fine')
  const waiting = [minter.issue(leaf('silence')), minter.issue(leaf('crash')), minter.issue(leaf('silence'))]
  for (const outcome of await Promise.allSettled(waiting)) {
    assert.equal(outcome.status, 'rejected')
    assert.match(String(outcome.reason), /broke off; try again/)
  }
  assert.equal(await answered(minter), 'fine')
})

test('a second crash without a leaf between is the last', async (t) => {
  const minter = await start(t)
  await assert.rejects(minter.issue(leaf('crash')), /broke off/)
  await assert.rejects(minter.issue(leaf('crash')), /has stopped; restart Postern/)
  await assert.rejects(minter.issue(leaf('fine')), /has stopped; restart Postern/)
})

test('a thread that mints between two crashes is started again each time', async (t) => {
  const minter = await start(t)
  for (const _ of [1, 2, 3]) {
    assert.equal(await answered(minter), 'fine')
    await assert.rejects(minter.issue(leaf('crash')), /broke off/)
  }
  assert.equal(await answered(minter), 'fine')
})

test('an authority that changed on disk is not taken up after a crash', async (t) => {
  const minter = await start(t)
  await assert.rejects(minter.issue(leaf('change')), /broke off/)
  await assert.rejects(minter.issue(leaf('silence')), /changed on disk; restart Postern/)
})

test('a thread that dies while it starts is a rejected opening', async (t) => {
  const directory = place(t)
  writeFileSync(join(directory, 'stillborn'), '')
  await assert.rejects(startMinter(script, { directory }), /could not be started/)
})

test('requests above the cap are rejected and those below it still answered', async (t) => {
  const minter = await start(t)
  const waiting = Array.from({ length: mostWaiting }, () => minter.issue(leaf('fine')))
  await assert.rejects(minter.issue(leaf('fine')), /busy: 512 requests are waiting/)
  assert.equal((await Promise.all(waiting)).length, mostWaiting)
  assert.equal(await answered(minter), 'fine')
})

test('closing rejects what waits and what comes, and may be done twice', async (t) => {
  const minter = await start(t)
  const waiting = minter.issue(leaf('silence'))
  minter.close()
  minter.close()
  await assert.rejects(waiting, /is closed/)
  await assert.rejects(minter.issue(leaf('fine')), /is closed/)
})
