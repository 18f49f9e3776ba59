// The scanner against a scripted clamd: what it sends, and that no fault is ever taken for clean.
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FakeClamd, fakeClamd, type ScanPeer } from '../../../test/support/fake-clamd.ts'
import { freePort } from '../../../test/support/ports.ts'
import type { ScanResult } from '../../ports.ts'
import { failuresToOpen, retryAfter } from './breaker.ts'
import { type ClamavOptions, type ClamavScanner, openClamav } from './index.ts'
import { type Bounds, heldBack } from './options.ts'

const quick: Partial<Bounds> = { connectTimeout: 300, scanTimeout: 300, queueTimeout: 300 }

function open(t: TestContext, options: ClamavOptions): ClamavScanner {
  const scanner = openClamav({ bounds: quick, ...options })
  t.after(() => scanner.close())
  return scanner
}

async function both(t: TestContext, bounds = quick): Promise<{ clamd: FakeClamd; scanner: ClamavScanner }> {
  const clamd = await fakeClamd(t)
  return { clamd, scanner: open(t, { address: clamd.address, bounds }) }
}

async function scan(scanner: ClamavScanner, ...chunks: Uint8Array[]): Promise<ScanResult> {
  const one = scanner.start({ subject: 'message' })
  for (const chunk of chunks) if (!one.write(chunk)) await one.drained()
  return one.finish()
}

const after =
  (answer: string) =>
  ({ socket, ended }: ScanPeer): void =>
    void ended.then(() => {
      socket.end(answer)
    })

const reasonOf = (result: ScanResult): string => {
  assert.equal(result.kind, 'error', JSON.stringify(result))
  return result.kind === 'error' ? result.reason : ''
}

test('what is written arrives octet for octet, whatever the chunks', async (t) => {
  const { clamd, scanner } = await both(t)
  const content = Buffer.alloc(5 * heldBack, 'Postern ')
  for (const size of [content.length, 70_000, 4096]) {
    let seen: ScanPeer | undefined
    clamd.script((peer) => {
      seen = peer
      after('stream: OK\0')(peer)
    })
    const chunks: Buffer[] = []
    for (let at = 0; at < content.length; at += size)
      chunks.push(content.subarray(at, at + size), Buffer.alloc(0))
    assert.deepEqual(await scan(scanner, ...chunks), { kind: 'clean' })
    assert.ok(seen?.content().equals(content), `in chunks of ${size}`)
  }
})

test('the bytes of a chunk may change once it is written', async (t) => {
  const { clamd, scanner } = await both(t)
  let seen: ScanPeer | undefined
  clamd.script((peer) => {
    seen = peer
    after('stream: OK\0')(peer)
  })
  const one = scanner.start({ subject: 'part' })
  const chunk = Buffer.from('before')
  one.write(chunk)
  chunk.fill('x')
  await one.finish()
  assert.equal(seen?.content().toString(), 'before')
})

test('an empty content is scanned too', async (t) => {
  const { clamd, scanner } = await both(t)
  assert.deepEqual(await scan(scanner), { kind: 'clean' })
  assert.equal(clamd.scans(), 1)
})

test('clamd gets a small mail only once it is whole', async (t) => {
  const { clamd, scanner } = await both(t)
  const one = scanner.start({ subject: 'message' })
  one.write(Buffer.alloc(heldBack - 100))
  await sleep(50)
  assert.equal(clamd.scans(), 0)
  one.write(Buffer.alloc(200))
  await sleep(50)
  assert.equal(clamd.scans(), 1)
  one.abandon()
})

test('each answer is told', async (t) => {
  const { clamd, scanner } = await both(t)
  const answers: readonly [string, ScanResult][] = [
    ['stream: Eicar-Test FOUND\0', { kind: 'infected', virus: 'Eicar-Test' }],
    ['stream: Heuristics.Encrypted.Zip FOUND\0', { kind: 'encrypted' }],
    ['INSTREAM size limit exceeded. ERROR\0', { kind: 'too-large', limit: undefined }],
  ]
  for (const [answer, result] of answers) {
    clamd.script(after(answer))
    assert.deepEqual(await scan(scanner, Buffer.from('mail')), result)
  }
})

test('clamd may end a stream that is too long for it in the middle', async (t) => {
  const { clamd, scanner } = await both(t)
  clamd.script(({ socket }) => {
    socket.end('INSTREAM size limit exceeded. ERROR\0')
  })
  const one = scanner.start({ subject: 'message' })
  one.write(Buffer.alloc(2 * heldBack))
  await one.drained()
  await sleep(100)
  assert.equal(one.write(Buffer.alloc(2 * heldBack)), true, 'what comes later is ignored')
  assert.equal((await one.finish()).kind, 'too-large')
})

const faults: readonly [what: string, play: (peer: ScanPeer) => void, reason: RegExp][] = [
  ['garbage', after('\x16\x03\x01 hello\0'), /clamd answered "\?\?\? hello"/],
  ['an error of its own', after("stream: Can't create temporary file ERROR\0"), /temporary file ERROR/],
  ['an endless answer', after('a'.repeat(10_000)), /more than 4096 octets/],
  ['two answers', after('stream: OK\0stream: Eicar FOUND\0'), /more than one answer/],
  ['half an answer', after('stream: OK'), /without a whole answer/],
  ['no answer', after(''), /without a whole answer/],
  ['silence', () => {}, /did not answer within 0.3 s/],
  ['an early OK', ({ socket }) => void socket.write('stream: OK\0'), /before it had everything/],
  ['the connection closed half way', ({ socket }) => void socket.destroy(), /clamd/],
  ['the connection reset', ({ socket }) => void socket.resetAndDestroy(), /clamd/],
]
for (const [what, play, reason] of faults)
  test(`${what} is an error`, async (t) => {
    const { clamd, scanner } = await both(t)
    clamd.script(play)
    const one = scanner.start({ subject: 'message' })
    one.write(Buffer.alloc(2 * heldBack))
    await one.drained()
    await sleep(50)
    one.write(Buffer.alloc(2 * heldBack))
    await Promise.race([one.drained(), sleep(1000)])
    const result = await one.finish()
    assert.match(reasonOf(result), reason)
    assert.ok(result.kind === 'error' && result.temporary && result.blame === 'scanner')
  })

test('a scanner that is not there is an error', async (t) => {
  const port = await freePort()
  const scanner = open(t, { address: `tcp://127.0.0.1:${port}` })
  assert.match(reasonOf(await scan(scanner, Buffer.from('mail'))), /ECONNREFUSED/)
  assert.match(
    reasonOf(await scan(open(t, { address: 'unix:/nonexistent/clamd' }), Buffer.from('mail'))),
    /ENOENT/,
  )
  assert.equal(scanner.health().state, 'down')
})

test('a scanner that stops reading makes the writer wait and ends at the deadline', async (t) => {
  const { clamd, scanner } = await both(t)
  clamd.script(({ socket }) => void socket.pause())
  const one = scanner.start({ subject: 'message' })
  let waited = false
  for (let count = 0; count < 200 && !waited; count += 1) waited = !one.write(Buffer.alloc(100_000))
  assert.ok(waited)
  let stalled = true
  for (let count = 0; count < 200; count += 1) {
    if (one.write(Buffer.alloc(100_000))) continue
    await one.drained()
    stalled = false
  }
  assert.equal(stalled, false, 'the deadline wakes the writer')
  assert.match(reasonOf(await one.finish()), /did not answer within|ECONNRESET|EPIPE/)
})

test('what is over our own limit is not sent', async (t) => {
  const { clamd, scanner } = await both(t, { ...quick, scanLimit: 3 * heldBack })
  const tooLarge = { kind: 'too-large', limit: 3 * heldBack }
  const known = scanner.start({ subject: 'message', size: 3 * heldBack + 1 })
  known.write(Buffer.alloc(3 * heldBack + 1))
  assert.deepEqual(await known.finish(), tooLarge)
  assert.equal(clamd.scans(), 0)
  let sent = 0
  clamd.script((peer) => {
    peer.socket.on('close', () => {
      sent = peer.content().length
    })
  })
  assert.deepEqual(
    await scan(scanner, Buffer.alloc(2 * heldBack), Buffer.alloc(heldBack), Buffer.alloc(1)),
    tooLarge,
  )
  await sleep(50)
  assert.ok(sent <= 3 * heldBack)
  clamd.script(after('stream: OK\0'))
  assert.deepEqual(await scan(scanner, Buffer.alloc(3 * heldBack)), { kind: 'clean' })
})

test('more scans than connections wait their turn, and more than may wait are told so', async (t) => {
  const { clamd, scanner } = await both(t, { ...quick, scanTimeout: 5000, connections: 2, waiting: 3 })
  const peers: ScanPeer[] = []
  clamd.script((peer) => peers.push(peer))
  const results = Array.from({ length: 6 }, () => scan(scanner, Buffer.from('mail')))
  const last = results.pop() ?? assert.fail()
  assert.match(reasonOf(await last), /busy: 2 scans run and 3 wait/)
  await sleep(100)
  assert.equal(peers.length, 2)
  for (let answered = 0; answered < 5; answered += 1) {
    while (peers[answered] === undefined) await sleep(10)
    peers[answered]?.socket.end('stream: OK\0')
    await sleep(20)
  }
  for (const result of await Promise.all(results)) assert.deepEqual(result, { kind: 'clean' })
  assert.equal(clamd.scans(), 5)
})

test('who waits too long for a connection is told so', async (t) => {
  const { clamd, scanner } = await both(t, { ...quick, scanTimeout: 5000, connections: 1, queueTimeout: 100 })
  clamd.script(() => {})
  const first = scanner.start({ subject: 'message' })
  void first.finish()
  assert.match(reasonOf(await scan(scanner, Buffer.from('mail'))), /no connection was free within 0.1 s/)
  first.abandon()
  clamd.script(after('stream: OK\0'))
  assert.deepEqual(await scan(scanner, Buffer.from('mail')), { kind: 'clean' })
})

test('an abandoned scan gives its connection back', async (t) => {
  const { clamd, scanner } = await both(t, { ...quick, connections: 1 })
  for (let count = 0; count < 5; count += 1) {
    const one = scanner.start({ subject: 'message' })
    one.write(Buffer.alloc(2 * heldBack))
    if (count % 2 === 0) await one.drained()
    one.abandon()
    one.abandon()
    assert.match(reasonOf(await one.finish()), /abandoned/)
  }
  assert.deepEqual(await scan(scanner, Buffer.from('mail')), { kind: 'clean' })
  assert.ok(clamd.scans() >= 2)
})

test('a dead scanner is spared after some failures and found again', async (t) => {
  const clamd = await fakeClamd(t)
  let now = 0
  const scanner = open(t, {
    address: clamd.address,
    bounds: { ...quick, connections: 1 },
    monotonic: () => now,
  })
  clamd.script(({ socket }) => void socket.destroy())
  for (let count = 0; count < failuresToOpen; count += 1)
    assert.match(reasonOf(await scan(scanner, Buffer.from('mail'))), /closed|ECONNRESET/)
  assert.match(reasonOf(await scan(scanner, Buffer.from('mail'))), /several times in a row.*again in 10 s/)
  assert.equal(clamd.scans(), failuresToOpen)
  assert.equal((await scanner.check()).state, 'down', 'it answers PING, but does not scan')
  clamd.script(after('stream: OK\0'))
  now += retryAfter
  assert.deepEqual(await scan(scanner, Buffer.from('mail')), { kind: 'clean' })
  assert.equal(scanner.health().state, 'up')
})

test('a content that does not arrive is not held against the scanner', async (t) => {
  const { clamd, scanner } = await both(t, { ...quick, scanTimeout: 100 })
  for (let count = 0; count <= failuresToOpen; count += 1) {
    const one = scanner.start({ subject: 'message' })
    one.write(Buffer.alloc(heldBack))
    await sleep(150)
    assert.match(reasonOf(await one.finish()), /the content did not arrive within 0.1 s/)
  }
  assert.equal(clamd.scans(), failuresToOpen + 1)
  assert.deepEqual(await scan(scanner, Buffer.from('mail')), { kind: 'clean' })
})

test('its health is PING and VERSION, with or without the date of a database', async (t) => {
  const { clamd, scanner } = await both(t)
  for (const version of ['ClamAV 1.4.6', 'ClamAV 1.4.6/27400/Mon Nov 23 09:00:00 2026']) {
    clamd.version = version
    assert.deepEqual(await scanner.check(), { state: 'up', version })
  }
  clamd.version = 'nginx'
  const health = await scanner.check()
  assert.equal(health.state, 'down')
  assert.match(health.lastError ?? '', /answered VERSION with "nginx"/)
})

test('one that accepts and says nothing is down', async (t) => {
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const scanner = open(t, { address: `tcp://127.0.0.1:${address.port}` })
  const health = await scanner.check()
  assert.equal(health.state, 'down')
  assert.match(health.lastError ?? '', /did not answer PING within 0.3 s/)
})

test('closing ends what runs, and what comes later is an error', async (t) => {
  const { clamd, scanner } = await both(t)
  clamd.script(() => {})
  const running = scan(scanner, Buffer.from('mail'))
  await sleep(50)
  scanner.close()
  scanner.close()
  reasonOf(await running)
  reasonOf(await scan(scanner, Buffer.from('mail')))
})
