/** What the rules of a proxy action do to mail on its way: headers, TOP, drop, block, quarantine, waiting. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, type TestContext, test } from 'node:test'
import { eicar } from '../support/clamd.ts'
import { fakeClamd } from '../support/fake-clamd.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { maildrop, topOf } from '../support/maildrop.ts'
import { parseMail, textsOf } from '../support/parse-mail.ts'
import { assertNoneOf, assertOnlyPartChanged, mailWith, plainMail } from '../support/payloads.ts'
import { run, until } from '../support/processes.ts'
import { skipWithout } from '../support/programs.ts'
import { type Connection, type Reply, stuffed, unstuffed } from '../support/wire.ts'
import { noise } from '../support/words.ts'

const skip = skipWithout('openssl', 'python3')
const payload = noise(100_000, 7)
const payloads = [payload, eicar]
const LINES = ['one', '.two', '', 'four', '..five']
const rules = {
  name: 'Rules',
  basedOn: 'POP3-Client.Standard',
  headers: {
    rules: [
      { name: 'tracking', match: 'X-Tracker*', action: 'strip' },
      { name: 'adverts', match: 'X-Bulk', value: { match: '*yes*' }, action: 'tag' },
    ],
  },
  fileNames: {
    rules: [
      { name: 'poison', match: '*.drop', action: 'drop' },
      { name: 'keep', match: '*.keep', action: 'quarantine' },
      { name: 'intruder', match: '*.block', action: 'block' },
    ],
  },
}
const marked = ['X-Tracker-Id: 4711', 'X-Bulk: oh yes', 'X-Tracker: folded', '\tonce more']
const messages = [
  plainMail('Clean', LINES),
  plainMail('Marked', LINES, marked),
  mailWith('Infected', [{ name: 'test.txt', content: eicar }]),
  mailWith('Poison', [{ name: 'a.drop', content: payload }]),
  mailWith('Suspect', [{ name: 'b.keep', content: payload }]),
  mailWith('Intruder', [{ name: 'c.block', content: payload }]),
] as const
const [CLEAN, MARKED, INFECTED, POISON, SUSPECT, INTRUDER] = [1, 2, 3, 4, 5, 6] as const
const edited = Buffer.from(
  messages[1]
    .toString()
    .replace(/^X-Tracker.*\r\n(?:\t.*\r\n)*/gm, '')
    .replace('Subject: Marked', 'Subject: [suspicious] Marked'),
)

const start = (configuration: Readonly<Record<string, unknown>> = {}): Promise<Gateway> =>
  startGateway({
    action: 'Rules',
    configuration: { proxyActions: [rules], ...configuration },
    script: maildrop({ messages }),
  })

/** A good message from which every payload is gone. */
async function parsed({ status, body }: Reply) {
  assert.match(status, /^\+OK/)
  const bytes = unstuffed(body)
  assertNoneOf(payloads, bytes)
  const mail = await parseMail(bytes)
  assert.deepEqual(mail.defects, [])
  return { bytes, mail, notice: textsOf(mail).at(-1) ?? '' }
}

const lastSession = ({ upstream }: Gateway) => upstream.sessions.at(-1) ?? assert.fail('no session upstream')

async function quit({ wire, socket }: Connection): Promise<void> {
  assert.match(await wire.command('QUIT'), /^\+OK/)
  socket.destroy()
}

describe('rules and TOP', { skip }, () => {
  let gateway: Gateway
  before(async () => {
    gateway = await start()
  })
  after(() => gateway?.stop())

  test('a header is left out, the Subject is tagged, all else stays', async () => {
    const connection = await gateway.login()
    const { body } = await connection.wire.fetch(`RETR ${MARKED}`)
    assert.equal(unstuffed(body).toString(), edited.toString())
    await quit(connection)
    const event = await gateway.postern.event('message.changed', ({ what }) => what === 'header')
    assert.equal(event.rule, 'tracking')
    await gateway.postern.event('message.changed', ({ what }) => what === 'subject')
  })

  test('TOP n 0: the headers alone, under the same rules', async () => {
    const connection = await gateway.login()
    const { body } = await connection.wire.fetch(`TOP ${MARKED} 0`)
    assert.equal(unstuffed(body).toString(), topOf(edited, 0).toString())
    await quit(connection)
    const { commands } = lastSession(gateway)
    assert.ok(commands.includes(`TOP ${MARKED} 0`) && !commands.some((line) => line.startsWith('RETR')))
  })

  for (const count of [1, 3, 4, 1000])
    test(`TOP n ${count}: the whole is fetched and judged, and the result cut`, async () => {
      const connection = await gateway.login()
      const { wire } = connection
      for (const [number, whole] of [
        [CLEAN, messages[0]],
        [MARKED, edited],
      ] as const) {
        const { body } = await wire.fetch(`TOP ${number} ${count}`)
        assert.equal(body.toString(), stuffed(topOf(whole, count)).toString())
      }
      const infected = await wire.fetch(`TOP ${INFECTED} ${count}`)
      assert.match(infected.status, /^\+OK/)
      assertNoneOf(payloads, unstuffed(infected.body))
      // The same lines as those of RETR, but for the number of the event and the boundaries.
      const { body } = await wire.fetch(`RETR ${INFECTED}`)
      const same = topOf(unstuffed(body), count)
      assert.equal(anonymous(unstuffed(infected.body)), anonymous(same))
      await quit(connection)
      assert.ok(!lastSession(gateway).commands.some((line) => line.startsWith('TOP')))
    })

  test('the same mail twice, in one session and in two: the same verdict', async () => {
    const notices: string[] = []
    for (let session = 0; session < 2; session += 1) {
      const connection = await gateway.login()
      for (let round = 0; round < 2; round += 1) {
        const { bytes, notice } = await parsed(await connection.wire.fetch(`RETR ${INFECTED}`))
        assertOnlyPartChanged(bytes, messages[2], 2)
        notices.push(anonymous(notice))
      }
      await quit(connection)
    }
    assert.match(notices[0] ?? '', /\nVirus: Eicar-Test-Signature\n/)
    assert.equal(new Set(notices).size, 1, notices.join('\n'))
  })

  test('DELE of what was taken out is the client’s own', async () => {
    const connection = await gateway.login()
    await parsed(await connection.wire.fetch(`RETR ${INFECTED}`))
    const { commands } = lastSession(gateway)
    assert.ok(!commands.some((line) => line.startsWith('DELE')))
    assert.match(await connection.wire.command(`DELE ${INFECTED}`), /^\+OK/)
    await quit(connection)
    assert.deepEqual(lastSession(gateway).commands.slice(-3), [
      `RETR ${INFECTED}`,
      `DELE ${INFECTED}`,
      'QUIT',
    ])
  })
})

describe('drop and block', { skip }, () => {
  let gateway: Gateway
  before(async () => {
    gateway = await start()
  })
  after(() => gateway?.stop())

  test('drop: the session ends, nothing is deleted, and the next one finds a notice there', async () => {
    const { wire } = await gateway.login()
    assert.match(await wire.command(`DELE ${CLEAN}`), /^\+OK/)
    wire.send(`RETR ${POISON}\r\n`)
    assert.equal((await wire.rest()).toString('latin1'), '')
    const session = lastSession(gateway)
    await until(() => session.closed, 'the end of the upstream session')
    assert.ok(!session.commands.includes('QUIT'), session.commands.join('\n'))
    const event = await gateway.postern.event('message.dropped')
    assert.deepEqual([event.rule, event.action, event.number], ['poison', 'drop', POISON])

    for (let again = 0; again < 2; again += 1) {
      const connection = await gateway.login()
      const { notice } = await parsed(await connection.wire.fetch(`RETR ${POISON}`))
      assert.match(notice, /\nRule: poison, event \S+/)
      const { body } = await connection.wire.fetch(`RETR ${CLEAN}`)
      assert.ok(unstuffed(body).equals(messages[0]))
      await quit(connection)
    }
  })

  // The last test here: this machine's address is shut out afterwards.
  test('block: the session ends, and the address is turned away from now on', async () => {
    const { wire } = await gateway.login()
    wire.send(`RETR ${INTRUDER}\r\n`)
    assert.equal((await wire.rest()).toString('latin1'), '')
    const session = lastSession(gateway)
    await until(() => session.closed, 'the end of the upstream session')
    assert.ok(!session.commands.includes('QUIT'))
    const before = gateway.upstream.sessions.length
    const clear = await gateway.dial()
    assert.doesNotMatch((await clear.wire.rest()).toString('latin1'), /^\+OK/)
    await assert.rejects(gateway.dialTls())
    const refused = await gateway.postern.event('connection.refused')
    assert.match(String(refused.reason), /block/)
    assert.equal(gateway.upstream.sessions.length, before)
  })
})

describe('quarantine', { skip }, () => {
  let gateway: Gateway
  let folder = ''
  before(async () => {
    gateway = await start()
    folder = join(dirname(gateway.postern.authorityFile), 'quarantine')
  })
  after(() => gateway?.stop())

  /** One copy, whole, and at least one note that is about it. */
  const assertKept = (directory: string) => {
    const [copy = '', ...more] = readdirSync(directory).filter((name) => name.endsWith('.eml'))
    assert.deepEqual(more, [], 'one message, one copy')
    assert.ok(readFileSync(join(directory, copy)).equals(messages[4]), 'the copy is not whole')
    const notes = readdirSync(directory).filter((name) => name.endsWith('.json'))
    assert.ok(notes.length > 0, 'no note is there')
    for (const name of notes) {
      const note: unknown = JSON.parse(readFileSync(join(directory, name), 'utf8'))
      assert.ok(typeof note === 'object' && note !== null && 'event' in note && 'sha256' in note)
      assert.deepEqual([note.event, note.sha256], [name.replace('.json', ''), copy.replace('.eml', '')])
    }
  }

  test('the copy is whole before any octet leaves', async () => {
    const connection = await gateway.login()
    let looked = false
    connection.socket.prependOnceListener('data', () => {
      looked = true
      assertKept(folder)
    })
    const { notice } = await parsed(await connection.wire.fetch(`RETR ${SUSPECT}`))
    assert.ok(looked)
    assert.match(notice, /\nRule: keep, event \S+/)
    await quit(connection)
    const event = await gateway.postern.event('message.quarantined')
    assert.ok(readdirSync(folder).includes(`${String(event.event)}.json`))
    assert.ok(notice.includes(String(event.event)))
  })

  /** While no copy can be kept: nothing is delivered, and everything else goes on. */
  async function assertHeldBack() {
    const failures = gateway.postern.events.filter(({ code }) => code === 'message.failed').length
    const connection = await gateway.login()
    const { wire } = connection
    for (const command of [`RETR ${SUSPECT}`, `TOP ${SUSPECT} 1`]) {
      const { status, body } = await wire.fetch(command)
      assert.match(status, /^-ERR \[SYS\/TEMP\] .*quarantine/)
      assert.equal(body.length, 0)
    }
    const { body } = await wire.fetch(`RETR ${CLEAN}`)
    assert.ok(unstuffed(body).equals(messages[0]))
    await parsed(await wire.fetch(`RETR ${INFECTED}`))
    await quit(connection)
    await until(
      () => gateway.postern.events.filter(({ code }) => code === 'message.failed').length === failures + 2,
      'two events of failure',
    )
  }

  async function assertWorksAgain() {
    const connection = await gateway.login()
    await parsed(await connection.wire.fetch(`RETR ${SUSPECT}`))
    await quit(connection)
    assertKept(folder)
  }

  test('the folder cannot be written to: -ERR [SYS/TEMP], and it works again when it can', async () => {
    const aside = `${folder}.aside`
    renameSync(folder, aside)
    writeFileSync(folder, 'a file is no folder')
    try {
      await assertHeldBack()
    } finally {
      rmSync(folder)
      renameSync(aside, folder)
    }
    await assertWorksAgain()
  })

  test('the disk is full: -ERR [SYS/TEMP], nothing half is left, and it works again when there is room', async (t) => {
    if (!(await mountSmall(t, folder))) return
    try {
      await assertHeldBack()
      assert.deepEqual(readdirSync(folder), [])
    } finally {
      await run('umount', [folder])
    }
    await assertWorksAgain()
  })
})

describe('a slow scanner', { skip }, () => {
  const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
  const scan = async (t: TestContext, answer: string) => {
    const clamd = await fakeClamd(t)
    clamd.script(({ socket, ended }) => {
      void ended.then(() => pause(2500)).then(() => socket.end(`stream: ${answer}\0`))
    })
    const gateway = await start({
      scanners: { clamav: { address: clamd.address } },
      delivery: { keepalive: '1s' },
    })
    t.after(() => gateway.stop())
    const connection = await gateway.login()
    const reply = await connection.wire.fetch(`RETR ${CLEAN}`)
    const next = await connection.wire.fetch('LIST')
    assert.match(next.status, /^\+OK/)
    await quit(connection)
    return reply
  }

  test('the client hears waiting lines, then the mail as it came', async (t) => {
    const { bytes } = await parsed(await scan(t, 'OK'))
    assert.equal(bytes.toString(), `X-Postern-Wait: 1\r\nX-Postern-Wait: 2\r\n${messages[0].toString()}`)
  })

  test('the client hears waiting lines, then a mail with a notice in it', async (t) => {
    const { bytes, mail, notice } = await parsed(await scan(t, 'Test.Slow FOUND'))
    assert.match(bytes.toString(), /^(?:X-Postern-Wait: \d+\r\n)+(?!X-Postern-Wait)/)
    assert.match(notice, /\nVirus: Test\.Slow\n/)
    assert.ok(!bytes.includes('\r\nfour\r\n'))
    assert.ok(mail.headers.some(([name, value]) => name === 'Subject' && value === 'Clean'))
  })
})

/** Without what differs each time: the number of the event, and the boundaries. */
function anonymous(text: string | Buffer): string {
  return text
    .toString()
    .replaceAll(/[0-9a-f]{12}-[0-9a-z]+-\d+/g, 'EVENT')
    .replaceAll(/=_[0-9a-f]{24}/g, 'SEED')
}

/** A file system of 64 KiB in that place; only root can have one. */
async function mountSmall(t: TestContext, folder: string): Promise<boolean> {
  const words = ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]
  const mounted = process.getuid?.() === 0 && (await run('mount', words)).code === 0
  if (!mounted) t.skip('a small file system cannot be mounted here')
  return mounted
}
