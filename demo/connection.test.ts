/**
 * The demo server's bytes: commands in every cut, groups of commands, plaintext behind STLS, clients
 * that stall, TLS itself.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { createSecureContext } from 'node:tls'
import { serveConnection } from './connection.ts'
import { DEFAULT_FEATURES } from './features.ts'
import { certificates, clientOn, dial, mailOf, secure, startServer } from './harness.ts'
import { DEMO_CREDENTIALS, type DemoServer } from './index.ts'
import { createMaildrop } from './maildrop.ts'
import { noise } from './payloads.ts'
import { startDemoServer } from './server.ts'

const SESSION =
  'CAPA\r\nUSER demo\r\nPASS demo\r\nSTAT\r\nLIST\r\nRETR 2\r\nTOP 1 0\r\nDELE 1\r\nRSET\r\nQUIT\r\n'
const withoutTimestamp = (text: string) => text.replace(/<[^>]+>/, '<>')

/** Sends the pieces, a turn of the event loop apart, and returns all the server said. */
async function play(server: DemoServer, pieces: readonly string[]): Promise<string> {
  const socket = connect({ port: server.ports.pop3, host: server.host, noDelay: true })
  const client = clientOn(socket)
  const said = client.untilClosed()
  for (const piece of pieces) {
    client.send(piece)
    if (pieces.length > 1) await new Promise((resolve) => setImmediate(resolve))
  }
  return withoutTimestamp(await said)
}

/** The connections of the server without its listeners, so that a test can look at its sockets. */
async function serveBare(t: TestContext, content: string) {
  const sockets: Socket[] = []
  const listener = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    sockets.push(socket)
    serveConnection(socket, {
      implicitTls: false,
      secureContext: createSecureContext(certificates),
      idleTimeout: 60_000,
      credentials: DEMO_CREDENTIALS,
      maildrop: createMaildrop([mailOf(content)]),
      features: DEFAULT_FEATURES,
      timestamp: '<1@demo.example>',
      log: () => {},
    })
  })
  t.after(() => listener.close())
  t.after(() => sockets.forEach((socket) => void socket.destroy()))
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return { host: '127.0.0.1', port: (listener.address() as AddressInfo).port, sockets }
}

describe('commands in pieces and in groups', () => {
  test('a pipelined session (RFC 2449 §6.6) gets the replies of one that waits', async (t) => {
    const server = await startServer(t)
    const client = await dial(t, server)
    let waited = client.greeting
    for (const command of SESSION.split('\r\n').slice(0, -1)) {
      const many = /^(?:CAPA|LIST|RETR|TOP)/.test(command)
      waited += many ? await client.askMany(command) : await client.ask(command)
    }
    assert.equal(await play(server, [SESSION]), withoutTimestamp(waited))
    assert.equal((waited.match(/\+OK/g) ?? []).length, 11)
  })

  test('a session octet by octet gets the same replies, and so does one cut anywhere', async (t) => {
    const server = await startServer(t)
    const whole = await play(server, [SESSION])
    assert.equal(await play(server, Array.from(SESSION)), whole)
    for (let at = 1; at < SESSION.length; at++) {
      assert.equal(await play(server, [SESSION.slice(0, at), SESSION.slice(at)]), whole, `cut at ${at}`)
    }
  })

  test('a client that closes its side after QUIT still gets every reply', async (t) => {
    const server = await startServer(t)
    const whole = await play(server, [SESSION])
    const socket = connect({ port: server.ports.pop3, host: server.host, allowHalfOpen: true })
    const client = clientOn(socket)
    socket.on('end', () => socket.destroy())
    socket.end(SESSION)
    assert.equal(withoutTimestamp(await client.untilClosed()), whole)
  })

  test('a bare LF is no line end: the command is refused and the next one is in step', async (t) => {
    const client = await dial(t, await startServer(t))
    client.send('USER demo\nUSER demo\r\n')
    assert.match(await client.until('password\r\n'), /^-ERR [^\r]+\r\n\+OK/)
  })

  test('a line without an end is cut off', async (t) => {
    const client = await dial(t, await startServer(t))
    client.send('x'.repeat(200_000))
    assert.match(await client.untilClosed(), /^-ERR /)
  })

  test('a browser that was sent here is shown out after ten errors', async (t) => {
    const client = await dial(t, await startServer(t))
    client.send(`GET / HTTP/1.1\r\n${'Header: value\r\n'.repeat(50)}`)
    const said = await client.untilClosed()
    assert.equal(said.split('\r\n').length - 1, 10)
  })
})

describe('STLS', () => {
  test('plaintext in the same segment ends the session and is not answered (CVE-2011-0411)', async (t) => {
    const log: string[] = []
    const server = await startServer(t, { log: (line) => log.push(line) })
    const client = await dial(t, server)
    client.send('STLS\r\nUSER demo\r\nPASS demo\r\n')
    assert.match(await client.untilClosed(), /^-ERR [^\r]*\r\n$/)
    assert.ok(!log.some((line) => /USER|PASS/.test(line)))
  })

  test('plaintext cut off at every offset is never taken for a command', async (t) => {
    const log: string[] = []
    const server = await startServer(t, { log: (line) => log.push(line) })
    const injected = 'STLS\r\nUSER demo\r\nPASS demo\r\nDELE 1\r\nQUIT\r\n'
    for (let at = 1; at < injected.length; at++) {
      const said = await play(server, [injected.slice(0, at), injected.slice(at)])
      // Greeting, then +OK for STLS and perhaps the alert of TLS, or -ERR; never a second +OK.
      assert.ok((said.match(/\+OK/g) ?? []).length <= 2, `${at}: ${JSON.stringify(said)}`)
    }
    assert.ok(!log.some((line) => /USER|PASS|DELE|QUIT/.test(line)), log.join('\n'))
    assert.equal(log.filter((line) => line.endsWith('STLS +OK')).length, injected.length - 1)
    assert.deepEqual(server.uidls(), ['one', 'two'])
  })
})

describe('a client that does not read', () => {
  test('a reply of 64 MiB waits in the maildrop, not in the socket, and then comes whole', async (t) => {
    const line = `${'z'.repeat(1022)}\r\n`
    const content = `A: b\r\n\r\n${line.repeat(64 * 1024)}`
    const server = await serveBare(t, content)
    const client = await dial(t, { host: server.host, ports: { pop3: server.port } })
    await client.logIn()
    client.socket.pause()
    client.send('RETR 1\r\nRETR 1\r\n')
    await new Promise((resolve) => setTimeout(resolve, 300))
    const [served] = server.sockets
    assert.ok(served)
    assert.ok(served.writableLength > 0, 'the client is not stalled at all')
    assert.ok(served.writableLength <= 256 * 1024, `${served.writableLength} octets wait in the socket`)
    client.socket.removeAllListeners('data')
    let octets = 0
    const both = 2 * (`+OK ${content.length} octets\r\n`.length + content.length + '.\r\n'.length)
    const done = new Promise<void>((resolve) => {
      client.socket.on('data', (chunk) => {
        octets += chunk.length
        assert.ok(served.writableLength <= 256 * 1024)
        if (octets >= both) resolve()
      })
    })
    client.socket.resume()
    await done
    assert.equal(octets, both)
  })

  test('one that stalls for longer than the timer is cut off', async (t) => {
    const server = await startServer(t, {
      mailbox: [mailOf(`A: b\r\n\r\n${'z\r\n'.repeat(8_000_000)}`)],
      idleTimeout: 200,
    })
    const client = await dial(t, server)
    await client.logIn()
    client.socket.pause()
    client.send('RETR 1\r\n')
    const deadline = Date.now() + 5_000
    while (server.openConnections() > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    assert.equal(server.openConnections(), 0)
  })

  test('a mail of random octets comes through TLS as it was put in', async (t) => {
    const body = noise(3_000_000).toString('base64').replace(/.{76}/g, '$&\r\n')
    const server = await startServer(t, { mailbox: [mailOf(`A: b\r\n\r\n${body}\r\n`)] })
    const client = clientOn(await secure(t, server))
    await client.until('\r\n')
    await client.logIn()
    const reply = await client.askMany('RETR 1')
    assert.ok(reply.endsWith(`A: b\r\n\r\n${body}\r\n.\r\n`))
  })
})

describe('TLS', () => {
  test('ALPN: pop3 is chosen, and a client that wants only http gets an alert (RFC 7301 §3.2)', async (t) => {
    const server = await startServer(t)
    const socket = await secure(t, server, { ALPNProtocols: ['imap', 'pop3'] })
    assert.equal(socket.alpnProtocol, 'pop3')
    await assert.rejects(secure(t, server, { ALPNProtocols: ['http/1.1'] }), /no.application.protocol/i)
  })

  test('RFC 8997 §3: TLS 1.1 is refused, 1.2 is served', async (t) => {
    const server = await startServer(t)
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const
    await assert.rejects(secure(t, server, old))
    assert.equal((await secure(t, server, { maxVersion: 'TLSv1.2' })).getProtocol(), 'TLSv1.2')
  })

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`a ${maxVersion} session is resumed`, async (t) => {
      const server = await startServer(t)
      const first = await secure(t, server, { maxVersion })
      // In TLS 1.3 the ticket comes behind the handshake, in 1.2 it is a part of it.
      const session =
        maxVersion === 'TLSv1.3'
          ? await new Promise<Buffer>((resolve) => first.once('session', resolve))
          : first.getSession()
      const second = await secure(t, server, { maxVersion, ...(session && { session }) })
      assert.ok(second.isSessionReused())
    })
  }

  test('plain text on the TLS port ends the connection', async (t) => {
    const server = await startServer(t)
    const socket = connect(server.ports.pop3s, server.host)
    const client = clientOn(socket)
    client.send('CAPA\r\n')
    assert.doesNotMatch(await client.untilClosed(), /OK/)
  })

  test('a port in use is an error, and nothing stays open', async (t) => {
    const server = await startServer(t)
    const options = { mailbox: [], credentials: { user: 'u', password: 'p' }, tls: certificates }
    const ports = { pop3: 0, pop3s: server.ports.pop3s }
    await assert.rejects(startDemoServer({ ...options, ports }), { code: 'EADDRINUSE' })
  })
})
