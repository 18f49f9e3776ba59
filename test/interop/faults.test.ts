/** Servers that die in mid-message, and clients that vanish: nobody takes a piece for a mail, nothing is deleted. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { makeCertificates } from '../support/certificates.ts'
import { makeCorpus } from '../support/corpus.ts'
import { type Dovecot, startDovecot } from '../support/dovecot.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { maildrop } from '../support/maildrop.ts'
import { freePorts } from '../support/ports.ts'
import { type Postern, startPostern } from '../support/postern.ts'
import { until } from '../support/processes.ts'
import { skipWithout } from '../support/programs.ts'
import type { UpstreamSession } from '../support/upstream.ts'
import { type Connection, dialTls, stuffed } from '../support/wire.ts'
import { mail } from '../support/words.ts'

const skip = skipWithout('openssl')
const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
/** Longer than what Postern holds in memory by default, with a dot at the start of each line. */
const MESSAGE = Buffer.from(mail('Cut', '.line of the message\n'.repeat(60_000)).replaceAll('\n', '\r\n'))
const WIRE = Buffer.concat([
  Buffer.from(`+OK ${MESSAGE.length} octets\r\n`),
  stuffed(MESSAGE),
  Buffer.from('.\r\n'),
])

describe('the server dies in mid-RETR', { skip }, () => {
  /** What the server does for RETR; each test has its own. */
  let retr: (session: UpstreamSession) => Promise<void> = () => assert.fail()
  let gateway: Gateway
  before(async () => {
    gateway = await startGateway({
      script: maildrop({ messages: [MESSAGE], retr: (session) => retr(session) }),
    })
  })
  after(() => gateway.stop())

  const cuts = [
    { name: 'before a single octet', octets: 0 },
    { name: 'within the status line', octets: 5 },
    { name: 'right behind the status line', octets: WIRE.indexOf('\n') + 1 },
    { name: 'after 1 %', octets: Math.round(WIRE.length / 100) },
    { name: 'after 50 %', octets: Math.round(WIRE.length / 2) },
    { name: 'after 99 %', octets: Math.round((WIRE.length * 99) / 100) },
    { name: 'before the final dot', octets: WIRE.length - 3 },
    { name: 'within the final dot', octets: WIRE.length - 2 },
    { name: 'before the last octet', octets: WIRE.length - 1 },
  ]
  for (const { name, octets } of cuts)
    test(name, async () => {
      retr = async (session) => {
        await session.send(WIRE.subarray(0, octets))
        session.abort()
        await session.gone
      }
      const { wire, socket } = await gateway.login()
      const said = (await lastWords(wire, 'RETR 1')).toString('latin1')
      socket.destroy()
      assert.match(said, /^-ERR \[SYS\/TEMP\] [^\r\n]+\r\n$/)
    })

  test('the next session gets the mail', async () => {
    retr = (session) => session.send(WIRE)
    const { wire, socket } = await gateway.login()
    const { status, body } = await wire.fetch('RETR 1')
    assert.match(status, /^\+OK/)
    assert.deepEqual(body, stuffed(MESSAGE))
    assert.match(await wire.command('QUIT'), /^\+OK/)
    socket.destroy()
  })
})

describe('the server dies in mid-RETR when the client already got waiting lines', { skip }, () => {
  let gateway: Gateway
  before(async () => {
    gateway = await startGateway({
      configuration: { delivery: { keepalive: '1s' } },
      script: maildrop({
        messages: [MESSAGE],
        retr: async (session) => {
          await session.send(WIRE.subarray(0, WIRE.length / 2))
          await pause(2500)
          session.abort()
          await session.gone
        },
      }),
    })
  })
  after(() => gateway.stop())

  test('the final dot never comes, and nothing of the message did', async () => {
    const { wire, socket } = await gateway.login()
    const said = (await lastWords(wire, 'RETR 1')).toString('latin1')
    socket.destroy()
    const [status = '', ...lines] = said.split('\r\n')
    assert.match(status, /^\+OK/)
    assert.ok(lines.length >= 2, said)
    for (const line of lines.slice(0, -1)) assert.match(line, /^X-Postern-Wait: /)
    assert.equal(lines.at(-1), '', 'no half line')
  })
})

describe('the client vanishes', { skip }, () => {
  let gateway: Gateway
  before(async () => {
    gateway = await startGateway({ script: maildrop({ messages: [MESSAGE] }) })
  })
  after(() => gateway.stop())

  const ways = [
    { name: 'by FIN', vanish: ({ socket }: Connection) => void socket.end() },
    { name: 'by RST', vanish: ({ socket }: Connection) => void socket.destroy() },
    {
      name: 'in the middle of a command',
      vanish: ({ wire, socket }: Connection) => {
        wire.send('QUI')
        socket.end()
      },
    },
    {
      name: 'in the middle of a message',
      vanish: ({ wire, socket }: Connection) => {
        wire.send('RETR 1\r\n')
        setTimeout(() => socket.destroy(), 5)
      },
    },
  ]
  for (const { name, vanish } of ways)
    test(`after DELE, ${name}: the server gets DELE and no QUIT`, async () => {
      const number = gateway.upstream.sessions.length
      const connection = await gateway.login()
      assert.match(await connection.wire.command('DELE 1'), /^\+OK/)
      vanish(connection)
      const session = gateway.upstream.sessions[number] ?? assert.fail('no session upstream')
      await until(() => session.closed, 'the end of the upstream connection')
      assert.ok(session.commands.includes('DELE 1'))
      assert.ok(!session.commands.some((line) => /^QUI/i.test(line)), session.commands.join('\n'))
    })
})

describe('Dovecot keeps a mail whose deleter vanished', { skip: skipWithout('openssl', 'dovecot') }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'postern-vanish-'))
  let dovecot: Dovecot
  let postern: Postern
  let port = 0
  before(async () => {
    const certificates = makeCertificates(directory)
    const messages = makeCorpus().slice(0, 3)
    dovecot = await startDovecot({ ...certificates, users: ['vanishing', 'leaving'], messages })
    const [pop3 = 0, pop3s = 0] = await freePorts(2)
    port = pop3s
    const policy = { name: 'test', from: 'any', action: 'POP3-Client.Standard', listen: ['127.0.0.1'] }
    const upstream = `pop3s://localhost:${dovecot.ports.pop3s}`
    postern = await startPostern({
      configuration: {
        certificates: { trusted: [certificates.authorityFile] },
        policies: [{ ...policy, ports: { pop3, pop3s }, upstream }],
      },
    })
  })
  after(async () => {
    await postern?.stop()
    await dovecot?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  async function deleteFirst(user: string): Promise<Connection> {
    const connection = await dialTls(port, { authority: readFileSync(postern.authorityFile, 'utf8') })
    const { wire } = connection
    assert.match(await wire.line(), /^\+OK/)
    for (const command of [`USER ${user}`, `PASS ${dovecot.password}`, 'DELE 1'])
      assert.match(await wire.command(command), /^\+OK/)
    return connection
  }
  const ended = (user: string) => new RegExp(`pop3\\(${user}\\).*(Disconnected|Connection closed|Logged out)`)

  test('without QUIT', async () => {
    const all = dovecot.mailbox('vanishing')
    const { socket } = await deleteFirst('vanishing')
    socket.destroy()
    await until(() => ended('vanishing').test(dovecot.log()), 'the end of the session in the log of Dovecot')
    assert.deepEqual(dovecot.mailbox('vanishing'), all)
  })

  test('with QUIT it is gone, so the test above can fail', async () => {
    const all = dovecot.mailbox('leaving')
    const { wire, socket } = await deleteFirst('leaving')
    assert.match(await wire.command('QUIT'), /^\+OK/)
    socket.destroy()
    await until(() => ended('leaving').test(dovecot.log()), 'the end of the session in the log of Dovecot')
    assert.deepEqual(dovecot.mailbox('leaving'), all.slice(1))
  })
})

/** All that comes for a command until Postern closes. */
async function lastWords(wire: Connection['wire'], command: string): Promise<Buffer> {
  wire.send(`${command}\r\n`)
  return wire.rest()
}
