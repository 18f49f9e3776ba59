/**
 * A clamd that is stopped, hangs, talks garbage, restarts or has too much to do: nothing unscanned is
 * delivered, nothing is lost, and the next try succeeds when it is back.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { type Clamd, eicar, startClamd } from '../support/clamd.ts'
import { type FakeClamd, fakeClamd, type ScanPeer } from '../support/fake-clamd.ts'
import { type Fetched, type Mailroom, startMailroom } from '../support/mailroom.ts'
import { parseMail, textsOf } from '../support/parse-mail.ts'
import { assertNoneOf, assertOnlyPartChanged, mailWith, plainMail } from '../support/payloads.ts'
import { skipWithout } from '../support/programs.ts'

const skip = skipWithout('clamd', 'dovecot', 'openssl', 'python3')
/** Clamd alone knows it: the embedded scanner would find EICAR without any help. */
const known = Buffer.from('This program is known by its hash alone.\r\n'.repeat(2000))
const payloads = [known, eicar]
const mails = {
  clean: plainMail('Clean', ['Nothing is wrong with this.']),
  known: mailWith('Known', [{ name: 'report.bin', content: known }]),
  eicar: mailWith('Test file', [{ name: 'test.txt', content: eicar }]),
}
type Room = Mailroom<keyof typeof mails, 'Closed' | 'Open'>
const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

/** @param scanTimeout of clamd @param keepalive of clients */
async function startRoom(clamd: Clamd, scanTimeout: string, keepalive: string): Promise<Room> {
  const bounds = { connections: 2, connectTimeout: '1s', queueTimeout: '500ms', scanTimeout }
  return startMailroom({
    mails,
    actions: { Closed: {}, Open: { antivirus: { failOpen: true } } },
    configuration: { scanners: { clamav: { address: clamd.tcp, ...bounds } }, delivery: { keepalive } },
  })
}

const KNOWN = { known: { 'Test.Known': known } }

function assertRefused({ status, mail }: Fetched): void {
  assert.match(status, /^-ERR \[SYS\/TEMP\] [^\r\n]*clamd[^\r\n]*stays on the server/)
  assert.equal(mail.length, 0)
}

async function assertStripped({ status, mail }: Fetched): Promise<void> {
  assert.match(status, /^\+OK/)
  assertOnlyPartChanged(mail, mails.known, 2)
  const parsed = await parseMail(mail)
  assert.deepEqual(parsed.defects, [])
  assert.match(textsOf(parsed).at(-1) ?? '', /\nVirus: Test\.Known\.UNOFFICIAL\n/)
}

describe('clamd fails, the mail is held back', { skip }, () => {
  let clamd: Clamd
  let room: Room
  before(async () => {
    clamd = await startClamd(KNOWN)
    room = await startRoom(clamd, '1s', '15s')
  })
  after(async () => {
    await room?.stop()
    await clamd?.stop()
  })
  /** The next tries succeed, and nothing has been lost or let through. */
  const assertRecovered = async () => {
    await assertStripped(await room.fetch('Closed', 'known'))
    const clean = await room.fetch('Closed', 'clean')
    assert.ok(clean.mail.equals(mails.clean))
    assert.equal(room.stored().length, 3)
    assertNoneOf(payloads, room.seen())
  }

  test('stopped', async () => {
    await clamd.kill()
    assertRefused(await room.fetch('Closed', 'known'))
    assertRefused(await room.fetch('Closed', 'clean'))
    const refused = await room.postern.event('message.refused', (event) => event.number === 2)
    assert.equal(refused.rule, 'antivirus.scanError')
    await clamd.restart()
    await assertRecovered()
  })

  test('stopped: one session goes on behind the refusal', async () => {
    await clamd.kill()
    const { wire, socket } = await room.login('Closed')
    assert.match((await wire.fetch('RETR 2')).status, /^-ERR \[SYS\/TEMP\]/)
    assert.match((await wire.fetch('LIST')).status, /^\+OK/)
    assert.match((await wire.fetch('TOP 2 0')).status, /^\+OK/)
    assert.match((await wire.fetch('TOP 2 5')).status, /^-ERR \[SYS\/TEMP\]/)
    await clamd.restart()
    const { status, body } = await wire.fetch('RETR 2')
    assert.match(status, /^\+OK/)
    assertNoneOf(payloads, body)
    assert.match(await wire.command('QUIT'), /^\+OK/)
    socket.destroy()
    await assertRecovered()
  })

  test('hung', async () => {
    clamd.hang()
    const begun = performance.now()
    assertRefused(await room.fetch('Closed', 'known'))
    const took = performance.now() - begun
    clamd.resume()
    assert.ok(took > 900 && took < 4000, `${took} ms`)
    await assertRecovered()
  })

  const garbage: readonly (readonly [string, (peer: ScanPeer) => void])[] = [
    ['what is no answer', ({ socket, ended }) => void ended.then(() => socket.end('what?\0'))],
    ['two answers', ({ socket, ended }) => void ended.then(() => socket.end('stream: OK\0stream: OK\0'))],
    ['half an answer', ({ socket, ended }) => void ended.then(() => socket.end('stream: O'))],
    ['nothing: it breaks off half way', ({ socket }) => void socket.destroy()],
  ]
  test('garbage', async (t) => {
    await clamd.kill()
    await t.test('from something else at its address', async (inner) => {
      const fake: FakeClamd = await fakeClamd(inner, Number(new URL(clamd.tcp).port))
      for (const [what, play] of garbage) {
        const scans = fake.scans()
        fake.script(play)
        const fetched = await room.fetch('Closed', 'known')
        assert.equal(fake.scans(), scans + 1, what)
        assertRefused(fetched)
      }
    })
    await clamd.restart()
    await assertRecovered()
  })

  test('killed and started again during a fetch', async () => {
    clamd.hang()
    const fetching = room.fetch('Closed', 'known')
    await pause(300)
    const gone = once(clamd.process, 'exit')
    clamd.process.kill('SIGKILL')
    await gone
    assertRefused(await fetching)
    await clamd.restart()
    await assertRecovered()
  })

  test('more clients than it can serve: they are told to come again, and nobody else waits', async () => {
    clamd.hang()
    const fetching = Array.from({ length: 8 }, () => room.fetch('Closed', 'known'))
    const { wire, socket } = await room.login('Closed')
    const begun = performance.now()
    assert.match((await wire.fetch('LIST')).status, /^\+OK/)
    assert.ok(performance.now() - begun < 500)
    const fetched = await Promise.all(fetching)
    socket.destroy()
    clamd.resume()
    for (const one of fetched) assertRefused(one)
    assert.ok(fetched.some(({ status }) => /busy/.test(status)))
    await assertRecovered()
  })

  test('failOpen: delivered with a header that says so, and an event; what is known here is still taken out', async () => {
    await clamd.kill()
    const clean = await room.fetch('Open', 'clean')
    assert.match(clean.status, /^\+OK/)
    const header = clean.mail.subarray(0, clean.mail.length - mails.clean.length).toString()
    assert.match(header, /^X-Postern-Unscanned: clamav; [^\r\n]+\r\n(?:[ \t][^\r\n]+\r\n)*$/)
    assert.ok(clean.mail.subarray(-mails.clean.length).equals(mails.clean), 'the rest is as it came')
    assert.deepEqual((await parseMail(clean.mail)).defects, [])
    const event = await room.postern.event('message.unscanned')
    assert.equal(event.scanner, 'clamav')
    const infected = await room.fetch('Open', 'eicar')
    assertNoneOf(payloads, infected.mail)
    assert.match(infected.mail.toString(), /^X-Postern-Unscanned: /)
    await clamd.restart()
    const again = await room.fetch('Open', 'clean')
    assert.ok(again.mail.equals(mails.clean))
    await assertStripped(await room.fetch('Open', 'known'))
    await assertRecovered()
  })
})

describe('clamd hangs, and the client has heard +OK', { skip }, () => {
  let clamd: Clamd
  let room: Room
  before(async () => {
    clamd = await startClamd(KNOWN)
    room = await startRoom(clamd, '2500ms', '1s')
  })
  after(async () => {
    await room?.stop()
    await clamd?.stop()
  })

  test('waiting lines, then a notice; the mail stays, and is judged next time', async () => {
    clamd.hang()
    const { status, mail } = await room.fetch('Closed', 'known')
    clamd.resume()
    assert.match(status, /^\+OK/)
    assert.match(mail.toString(), /^X-Postern-Wait: 1\r\nX-Postern-Wait: 2\r\n(?!X-Postern-Wait)/)
    assertNoneOf(payloads, mail)
    const parsed = await parseMail(mail)
    assert.deepEqual(parsed.defects, [])
    const [notice = ''] = textsOf(parsed)
    assert.match(notice, /\nReason: .*clamd did not answer/)
    assert.deepEqual(
      parsed.headers.find(([name]) => name === 'From'),
      ['From', 'Ann Example <ann@example.test>'],
    )
    assert.equal(room.stored().length, 3)
    await assertStripped(await room.fetch('Closed', 'known'))
  })

  test('it comes back while the client waits: the mail, behind the waiting lines', async () => {
    clamd.hang()
    const fetching = room.fetch('Closed', 'clean')
    await pause(1500)
    clamd.resume()
    const { mail } = await fetching
    assert.equal(mail.toString(), `X-Postern-Wait: 1\r\n${mails.clean.toString()}`)
  })
})
