import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, test } from 'node:test'
import { Leg } from './leg.ts'

const opened: { destroy: () => void }[] = []
afterEach(() => {
  for (const each of opened.splice(0)) each.destroy()
})

/** A leg on one end of a connection on loopback, and the other end. */
async function pair(writeStall = 10_000) {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const peer = connect({ port: address.port, host: '127.0.0.1', allowHalfOpen: true })
  const socket = await new Promise<Socket>((resolve) => server.once('connection', resolve))
  server.close()
  opened.push(peer, socket)
  peer.on('error', () => {})
  socket.on('error', () => {})
  const told: string[] = []
  const leg = new Leg(
    {
      data: (bytes) => told.push(`data ${Buffer.from(bytes).toString()}`),
      closed: () => told.push('closed'),
      blocked: () => told.push('blocked'),
      drained: () => told.push('drained'),
    },
    writeStall,
  )
  leg.attach(socket)
  return { leg, peer, socket, told }
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5000
  while (!condition()) {
    assert.ok(performance.now() < end, 'waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

test('octets come in and go out, and are counted', async () => {
  const { leg, peer, told } = await pair()
  peer.write('hello')
  await until(() => told.length === 1)
  leg.write(Buffer.from('goodbye'))
  const answer = await new Promise<Buffer>((resolve) => peer.once('data', resolve))
  assert.equal(String(answer), 'goodbye')
  assert.deepEqual(told, ['data hello'])
  assert.deepEqual([leg.bytesIn, leg.bytesOut], [5, 7])
})

test('nothing is read while any reason to pause stands', async () => {
  const { leg, peer, told } = await pair()
  leg.pause('one')
  leg.pause('two')
  peer.write('hello')
  leg.resume('one')
  await new Promise((resolve) => setTimeout(resolve, 30))
  assert.deepEqual(told, [])
  leg.resume('two')
  await until(() => told.length === 1)
})

test('a peer that reads nothing blocks the leg, and drains it when it reads again', async () => {
  const { leg, peer, told } = await pair()
  peer.pause()
  const piece = Buffer.alloc(1_000_000)
  for (let count = 0; count < 20; count += 1) leg.write(piece)
  assert.deepEqual(told, ['blocked'])
  assert.equal(leg.isBlocked, true)
  let through = false
  const drained = leg.drained().then(() => {
    through = true
  })
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(through, false)
  peer.resume()
  await drained
  await leg.writeThrough(Buffer.from('through'))
  assert.deepEqual(told, ['blocked', 'drained'])
})

test('a peer that takes nothing at all is cut after the write stall, and waits end', async () => {
  const { leg, peer, told } = await pair(100)
  peer.pause()
  for (let count = 0; count < 20; count += 1) leg.write(Buffer.alloc(1_000_000))
  await Promise.all([leg.drained(), leg.writeThrough(Buffer.alloc(1))])
  await until(() => told.length === 2)
  assert.deepEqual(told, ['blocked', 'closed'])
  assert.equal(leg.isOver, true)
})

test('the end of the peer is told once, whether by FIN or by RST', async () => {
  const first = await pair()
  first.peer.end()
  await until(() => first.told.includes('closed'))
  const second = await pair()
  second.peer.resetAndDestroy()
  await until(() => second.told.includes('closed'))
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual([first.told, second.told], [['closed'], ['closed']])
})

test('a flushing close lets everything out first; the hooks stay silent', async () => {
  const { leg, peer, told } = await pair()
  const all: Buffer[] = []
  peer.on('data', (chunk: Buffer) => all.push(chunk))
  leg.write(Buffer.alloc(3_000_000))
  leg.write(Buffer.from('last'))
  leg.close('flush')
  leg.write(Buffer.from('too late'))
  await once(peer, 'end')
  peer.end()
  assert.equal(Buffer.concat(all).subarray(-4).toString(), 'last')
  assert.equal(Buffer.concat(all).length, 3_000_004)
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual(
    told.filter((each) => each !== 'blocked'),
    [],
  )
})

test('an aborting close is at once', async () => {
  const { leg, peer } = await pair()
  peer.resume()
  leg.close('abort')
  await once(peer, 'end')
})

test('a detached socket is silent and paused, and loses nothing', async () => {
  const { leg, peer, told, socket } = await pair()
  assert.equal(leg.detach(), socket)
  peer.write('for TLS')
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual(told, [])
  leg.attach(socket)
  await until(() => told.length === 1)
  assert.deepEqual(told, ['data for TLS'])
})

test('a socket that is gone when it is attached is told as closed', async () => {
  const { leg, socket, told } = await pair()
  leg.detach()
  socket.destroy()
  leg.attach(socket)
  await until(() => told.length === 1)
  assert.deepEqual(told, ['closed'])
})
