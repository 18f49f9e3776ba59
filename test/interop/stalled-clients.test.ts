/** Two hundred clients that ask for 50 MB and then read nothing: Postern's memory stays flat. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { TRANSPORT } from '../support/actions.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { maildrop } from '../support/maildrop.ts'
import { skipWithout } from '../support/programs.ts'
import type { UpstreamSession } from '../support/upstream.ts'
import type { TlsConnection } from '../support/wire.ts'

const CLIENTS = 200
const WAVE = 50
const MIB = 1024 * 1024
const HEAD = Buffer.from('Subject: large\r\n\r\n')
/** Behind its header the mail has this block 800 times. */
const BLOCK = Buffer.from(`${'m'.repeat(62)}\r\n`.repeat(1024))
const BLOCKS = 800
const SIZE = HEAD.length + BLOCK.length * BLOCKS
/**
 * What a stalled session may cost: two TLS connections (about 120 KiB, DESIGN.md §9), one piece of the
 * message being written and one waiting, and what OpenSSL and libuv hold of them. The mail is 100 times that.
 */
const PER_CLIENT = 512 * 1024
/** What the collector may leave lying about while nothing happens. */
const NOISE = 24 * MIB

describe('200 clients stalled in a RETR of 50 MB', { skip: skipWithout('openssl') }, () => {
  let gateway: Gateway
  const clients: TlsConnection[] = []
  let sent = 0
  before(async () => {
    gateway = await startGateway({
      // In clear upstream: what is measured is Postern's memory, not this machine's patience with TLS.
      kind: 'pop3',
      script: maildrop({ messages: [Buffer.alloc(0)], retr: fiftyMegabytes }),
      action: TRANSPORT.name,
      configuration: {
        proxyActions: [TRANSPORT],
        limits: { connections: 5000, connectionsPerSource: 5000 },
      },
    })
  })
  after(async () => {
    for (const { socket } of clients) socket.destroy()
    await gateway?.stop()
  })

  async function fiftyMegabytes(session: UpstreamSession): Promise<void> {
    await session.send(`+OK ${SIZE} octets\r\n`)
    await session.send(HEAD)
    for (let count = 0; count < BLOCKS; count += 1) {
      await session.send(BLOCK)
      sent += BLOCK.length
    }
    await session.send('.\r\n')
  }

  /** Sends RETR, then reads no octet more. */
  async function stall(): Promise<void> {
    const connection = await gateway.login()
    connection.wire.release()
    connection.socket.pause()
    connection.wire.send('RETR 1\r\n')
    clients.push(connection)
  }

  test('memory grows by the cost of sessions, not of mails, and then not at all', async (t) => {
    // A first mail fetched whole warms up what is made once.
    const warm = await gateway.login()
    const { body } = await warm.wire.fetch('RETR 1')
    assert.equal(body.length, SIZE)
    warm.socket.destroy()
    const before = gateway.postern.memory()
    const samples = [before]
    while (clients.length < CLIENTS) {
      await Promise.all(Array.from({ length: WAVE }, stall))
      await settled()
      samples.push(gateway.postern.memory())
    }
    const full = gateway.postern.memory()
    await new Promise((resolve) => setTimeout(resolve, 5000))
    const later = gateway.postern.memory()
    const inMib = (octets: number) => (octets / MIB).toFixed(1)
    t.diagnostic(
      `resident memory after 0, ${WAVE}, … ${CLIENTS} stalled clients: ${samples.map(inMib).join(', ')} MiB`,
    )
    t.diagnostic(`five seconds later: ${inMib(later)} MiB; the server had sent ${inMib(sent)} MiB`)
    assert.ok(
      clients.every(({ socket }) => !socket.destroyed),
      'a client was thrown out',
    )
    assert.ok(full - before <= CLIENTS * PER_CLIENT + NOISE, `grew by ${inMib(full - before)} MiB`)
    assert.ok(later - full <= NOISE, `grew by ${inMib(later - full)} MiB while nothing happened`)
  })

  test('one of them goes on reading and gets every octet', async () => {
    const [first] = clients
    assert.ok(first !== undefined)
    let octets = 0
    let tail = ''
    const done = new Promise<void>((resolve, reject) => {
      first.socket.on('data', (chunk: Buffer) => {
        octets += chunk.length
        tail = (tail + chunk.toString('latin1')).slice(-5)
        if (tail === '\r\n.\r\n') resolve()
      })
      first.socket.once('close', () => reject(new Error('closed before the final dot')))
    })
    first.socket.resume()
    await done
    assert.ok(octets > SIZE)
  })

  /** Resolves when the server has sent nothing for a while: all is read, or held back. */
  async function settled(): Promise<void> {
    for (let last = -1; last !== sent; ) {
      last = sent
      await new Promise((resolve) => setTimeout(resolve, 750))
    }
  }
})
