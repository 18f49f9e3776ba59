import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { peekHello } from './peek.ts'

const opened: { destroy: () => void }[] = []
afterEach(() => {
  for (const each of opened.splice(0)) each.destroy()
})

async function pair(): Promise<{ peer: Socket; socket: Socket }> {
  const server = createServer({ pauseOnConnect: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const peer = connect(address.port, '127.0.0.1')
  const socket = await new Promise<Socket>((resolve) => server.once('connection', resolve))
  server.close()
  opened.push(peer, socket)
  peer.on('error', () => {})
  return { peer, socket }
}

test('a hello is read and put back', async () => {
  const { peer, socket } = await pair()
  const tls = connectTls({ socket: peer, servername: 'mail.example.net', ALPNProtocols: ['pop3'] })
  tls.on('error', () => {})
  opened.push(tls)
  const peeked = await peekHello(socket, 5000)
  assert.equal(peeked.kind, 'hello')
  assert.equal(peeked.kind === 'hello' && peeked.hello.serverName, 'mail.example.net')
  assert.equal(socket.isPaused(), true)
  const again: unknown = socket.read()
  assert.ok(Buffer.isBuffer(again) && again[0] === 22)
})

test('what is no TLS is said at once', async () => {
  const { peer, socket } = await pair()
  peer.write('USER somebody\r\n')
  const peeked = await peekHello(socket, 5000)
  assert.deepEqual(peeked, { kind: 'not-tls', reason: 'not a TLS handshake' })
})

test('a hello that comes octet by octet has one time for all of it', async () => {
  const { peer, socket } = await pair()
  const drip = setInterval(() => peer.write(Buffer.of(0)), 10)
  // A record of 512 octets that begins a ClientHello.
  peer.write(Buffer.of(22, 3, 1, 2, 0, 1, 0, 1, 252))
  const started = performance.now()
  const peeked = await peekHello(socket, 150)
  clearInterval(drip)
  assert.equal(peeked.kind, 'gone')
  assert.ok(performance.now() - started < 1500)
})

test('a client that closes is gone', async () => {
  const { peer, socket } = await pair()
  peer.end(Buffer.of(22, 3))
  assert.deepEqual(await peekHello(socket, 5000), {
    kind: 'gone',
    reason: 'closed before its ClientHello was whole',
  })
})
