/** Timers, back-pressure, long lists, and what a rim may do wrong. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Effect, faults, type MessageDecision } from '../../src/pop3/index.ts'
import { deliver, rig } from './playbook.ts'

/** Timers that were set and cleared since the last look. */
function timers(effects: Effect<string>[]): string[] {
  return effects.splice(0).flatMap((effect) => {
    if (effect.kind === 'setTimer') return [`${effect.timer} ${effect.milliseconds}`]
    return effect.kind === 'clearTimer' ? [`no ${effect.timer}`] : []
  })
}
const BODY = { size: 1, sha256: 'c0ffee', decision: deliver }
const RELAYED = { octets: 1, milliseconds: 1, lineEndsRepaired: 0 }

test('timers run for whoever owes something', () => {
  const { give, client, server, effects } = rig()
  const after = (what: () => void) => {
    what()
    return timers(effects)
  }
  assert.deepEqual(
    after(() => give({ kind: 'start' })),
    [],
  )
  assert.deepEqual(
    after(() => give({ kind: 'connected' })),
    ['reply 3000'],
  )
  assert.deepEqual(
    after(() => server('+OK re')),
    ['reply 3000'],
  )
  assert.deepEqual(
    after(() => server('ady\r\n')),
    ['firstCommand 1000', 'no reply'],
  )
  assert.deepEqual(
    after(() => client('USER jo')),
    [],
  )
  assert.deepEqual(
    after(() => client('e\r\n')),
    ['no firstCommand', 'reply 3000'],
  )
  assert.deepEqual(
    after(() => server('+OK\r\n')),
    ['idle 2000', 'no reply'],
  )
  assert.deepEqual(
    after(() => client('XCLIENT\r\n')),
    ['idle 2000'],
  )
  assert.deepEqual(
    after(() => client('AUTH LOGIN\r\n')),
    ['no idle', 'reply 3000'],
  )
  assert.deepEqual(
    after(() => server('+ \r\n')),
    ['idle 2000', 'no reply'],
  )
  assert.deepEqual(
    after(() => client('x\r\n')),
    ['no idle', 'reply 3000'],
  )
  assert.deepEqual(
    after(() => server('+OK\r\n')),
    ['idle 2000', 'no reply'],
  )
  assert.deepEqual(
    after(() => client('RETR 1\r\n')),
    ['no idle', 'reply 3000'],
  )
  assert.deepEqual(
    after(() => server('+OK\r\n')),
    ['reply 3000', 'keepalive 15000'],
  )
  assert.deepEqual(
    after(() => server('a\r\n')),
    ['reply 3000'],
  )
  assert.deepEqual(
    after(() => give({ kind: 'timer', timer: 'keepalive' })),
    ['keepalive 15000'],
  )
  assert.deepEqual(
    after(() => server('.\r\n')),
    ['no reply'],
  )
  assert.deepEqual(
    after(() => give({ kind: 'findings', id: 1, findings: BODY })),
    ['no keepalive'],
  )
  assert.deepEqual(
    after(() => give({ kind: 'relayed', id: 1, relayed: RELAYED })),
    ['idle 2000'],
  )
})

test('a second message behind a refused one has a keep-alive of its own', () => {
  const { login, give, client, server, effects, told } = rig()
  login()
  client('CAPA\r\n')
  server('+OK\r\nPIPELINING\r\n.\r\n')
  client('RETR 1\r\nRETR 2\r\n')
  server('+OK\r\n.\r\n+OK\r\nhalf')
  told()
  const refused: MessageDecision<string> = {
    ...{ outcome: 'refuse', notice: 'n', quarantine: false, records: [] },
    failure: { blame: 'scanner', text: 'no', permanent: true },
  }
  give({ kind: 'findings', id: 1, findings: { ...BODY, decision: refused } })
  assert.deepEqual(timers(effects), ['reply 3000', 'keepalive 15000'])
})

test('a timer that was cleared means nothing any more', () => {
  const { login, give, effects } = rig()
  login()
  for (const timer of ['firstCommand', 'reply', 'keepalive'] as const) give({ kind: 'timer', timer })
  assert.deepEqual(effects, [])
})

test('a client that sends more than may wait is paused, and heard out', () => {
  const { login, client, server, told } = rig()
  login()
  const many = 'NOOP\r\n'.repeat(11_000)
  client('STAT\r\n')
  client(many)
  assert.deepEqual(told(), ['send(server, STAT)', 'pause(client)'])
  let answered = 0
  let resumed = 0
  server('+OK\r\n')
  for (let effects = told(); effects.some((each) => each === 'send(server, NOOP)'); effects = told()) {
    answered += 1
    if (effects.includes('resume(client)')) resumed += 1
    server('+OK\r\n')
  }
  assert.equal(answered, 11_000)
  assert.equal(resumed, 1)
})

test('a line as long as lines may be is not held up by its own length', () => {
  const { client, server, told, give } = rig()
  give({ kind: 'start' })
  give({ kind: 'connected' })
  server('+OK\r\n')
  const line = `AUTH XOAUTH2 ${'A'.repeat(65_000)}\r\n`
  told()
  for (let at = 0; at < line.length; at += 1000) client(line.slice(at, at + 1000))
  assert.deepEqual(told(), [`send(server, ${line.trim()})`])
})

test('no more than 64 commands go ahead of their replies', () => {
  const { login, client, server, told } = rig()
  login()
  client('CAPA\r\n')
  server('+OK\r\nPIPELINING\r\n.\r\n')
  told()
  client('NOOP\r\n'.repeat(100_000 / 10))
  const count = () => told().join().split('NOOP').length - 1
  assert.equal(count(), 64)
  server('+OK\r\n'.repeat(10))
  assert.equal(count(), 10)
})

test('a list of half a million lines passes, one more does not', () => {
  const { login, client, server, told } = rig()
  login()
  const piece = '1 2\r\n'.repeat(10_000)
  client('LIST\r\n')
  server('+OK\r\n')
  for (let count = 0; count < 50; count += 1) server(piece)
  assert.ok(!told().some((each) => each.startsWith('end(')))
  server('.\r\n')
  assert.deepEqual(told(), ['send(client, .)'])
  client('UIDL\r\n')
  server('+OK\r\n')
  for (let count = 0; count < 50; count += 1) server(piece)
  told()
  server('500001 x\r\n')
  const effects = told()
  assert.ok(effects.includes('record(protocol.violation server server.too-many-lines)'))
  assert.ok(!effects.some((each) => each.startsWith('send(')))
})

test('a list whose lines are all empty and end in a bare LF passes in canonical form', () => {
  const { login, client, server, effects } = rig()
  login()
  client('LIST\r\n')
  server(`+OK\r\n${'\n'.repeat(200_000)}`)
  const sent = effects.flatMap((effect) =>
    effect.kind === 'send' && effect.leg === 'client' ? [effect.bytes] : [],
  )
  assert.equal(Buffer.concat(sent).toString(), `+OK\r\n${'\r\n'.repeat(200_000)}`)
})

test('of many UIDLs the latest are remembered', () => {
  const { login, client, server, give, told } = rig()
  login()
  client('UIDL\r\n')
  server(`+OK\r\n${Array.from({ length: 3000 }, (_, at) => `${at + 1} uid-${at + 1}\r\n`).join('')}.\r\n`)
  const uidlOf = (number: number, id: number) => {
    client(`RETR ${number}\r\n`)
    server('+OK\r\n.\r\n')
    give({ kind: 'findings', id, findings: BODY })
    give({ kind: 'relayed', id, relayed: RELAYED })
    return told().find((each) => each.startsWith('record('))
  }
  assert.match(uidlOf(3000, 1) ?? '', /delivered 3000 uid-3000 /)
  assert.match(uidlOf(1000, 2) ?? '', /delivered 1000 undefined /)
})

test('chunks that are examined are pieces of what came', () => {
  const { session, login, client, server } = rig()
  login()
  client('RETR 1\r\n')
  server('+OK\r\n')
  const bytes = Buffer.from('a\r\n..b\r\n')
  const out: Effect<string>[] = []
  session.handle({ kind: 'bytes', leg: 'server', bytes }, out)
  const chunks = out.flatMap((effect) => (effect.kind === 'examine' ? [effect.chunk] : []))
  assert.equal(chunks.length, 2)
  assert.ok(chunks.every(({ buffer }) => buffer === bytes.buffer))
})

test('effects of an earlier input are left as they are', () => {
  const { session, login, client, server } = rig()
  login()
  client('CAPA\r\n')
  server('+OK\r\nPIPELINING\r\n.\r\n')
  client('STAT\r\n')
  const out: Effect<string>[] = []
  for (const _ of [1, 2])
    session.handle({ kind: 'bytes', leg: 'client', bytes: Buffer.from('NOOP\r\n') }, out)
  assert.equal(out.length, 2)
})

test('answers that nobody waits for change nothing', () => {
  const { login, give, client, server, effects, told } = rig()
  login()
  const failure = { blame: 'scanner', text: 'away', permanent: false } as const
  const stray = (id: number) => {
    give({ kind: 'findings', id, findings: BODY })
    give({ kind: 'quarantined', id })
    give({ kind: 'relayed', id, relayed: RELAYED })
    for (const effect of ['examine', 'quarantine', 'relay'] as const)
      give({ kind: 'failed', effect, id, failure })
  }
  give({ kind: 'start' })
  give({ kind: 'connected' })
  give({ kind: 'failed', effect: 'connect', failure })
  give({ kind: 'failed', effect: 'startTls', failure })
  give({ kind: 'tlsUp', leg: 'client' })
  give({ kind: 'tlsUp', leg: 'server' })
  stray(1)
  assert.deepEqual(effects, [])
  client('RETR 1\r\n')
  server('+OK\r\n.\r\n')
  told()
  stray(7)
  assert.deepEqual(told(), [])
})

test('after the end every input is ignored', () => {
  const { login, give, client, effects, told } = rig()
  login()
  give({ kind: 'drain' })
  assert.match(told().at(-1) ?? '', /^end\(/)
  client('NOOP\r\n')
  give({ kind: 'closed', leg: 'client' })
  give({ kind: 'drain' })
  assert.deepEqual(effects, [])
})

test('a fault of our own is told to nobody but the log', () => {
  const { login, client, server, give, told } = rig({
    decideMessage: () => {
      throw new Error('cannot decide')
    },
  })
  login()
  client('RETR 1\r\n')
  server('+OK\r\n.\r\n')
  told()
  give({ kind: 'findings', id: 1, findings: BODY })
  assert.deepEqual(told(), [
    'record(message.failed 1 undefined postern internal fault of the mail gateway)',
    'send(client, -ERR [SYS/TEMP] internal fault of the mail gateway)',
    ...['abandon(1)', 'close(server, abort)', 'close(client, flush)'],
    'end(postern: internal fault: Error: cannot decide)',
  ])
})

test('how a session ended names the user and counts the mails', () => {
  const { login, client, server, give, effects } = rig()
  login()
  client('RETR 1\r\n')
  server('+OK\r\n.\r\n')
  give({ kind: 'findings', id: 1, findings: BODY })
  give({ kind: 'relayed', id: 1, relayed: RELAYED })
  client('QUIT\r\n')
  server('+OK\r\n')
  assert.deepEqual(effects.at(-1), {
    kind: 'end',
    ending: { by: 'client', reason: 'QUIT', user: 'joe', messages: 1 },
  })
})

test('every fault is named after whose it is', () => {
  for (const [code, { blame, says }] of Object.entries(faults)) {
    assert.ok(code.startsWith(`${blame}.`))
    assert.match(says, /^[ -~]{1,200}$/)
  }
})
