/** Random conversations: the core never throws, never goes on after its end, and never cares how octets were cut. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSession, type Effect, type Input, type MessageDecision } from '../../src/pop3/index.ts'
import { defaults, deliver, type Found, type Options, shown, trouble } from './playbook.ts'

const PASSWORD = 'hunter2'
const SASL = Buffer.from(`\0joe\0${PASSWORD}`).toString('base64')
const BODY = 'MARKED-BODY'

const fromClient = fc.constantFrom(
  ...[
    'USER joe\r\n',
    `PASS ${PASSWORD}\r\n`,
    'STLS\r\n',
    'CAPA\r\n',
    'AUTH LOGIN\r\n',
    `AUTH PLAIN ${SASL}\r\n`,
  ],
  ...[
    'LIST\r\n',
    'UIDL\r\n',
    'UIDL 1\r\n',
    'RETR 1\r\n',
    'RETR 2\r\nRETR 3\r\n',
    'TOP 1 0\r\n',
    'TOP 1 5\r\n',
  ],
  ...['DELE 1\r\n', 'NOOP\r\n', 'RSET\r\n', 'QUIT\r\n', 'UTF8\r\n', 'LANG\r\n', 'XYZ\r\n', '*\r\n', '\r\n'],
  ...[`${SASL}\r\n`, 'GET /\r\n', '\0', '\r', '\n', 'ST', 'AT\r\n', 'x'.repeat(300)],
)
const fromServer = fc.constantFrom(
  ...['+OK\r\n', '+OK ready <1@x>\r\n', '+OK\r\n', '+OK\r\n', '-ERR no\r\n', '-ERR\r\n', '+ \r\n', '.\r\n'],
  ...[
    '+OK\r\nPIPELINING\r\nUSER\r\n.\r\n',
    `+OK\r\n${BODY}\r\n.\r\n`,
    `+OK\r\n.${BODY}`,
    `${BODY}\r\n..\r\n`,
  ],
  ...['+OK\r\n1 a\r\n2 b\r\n.\r\n', '\r\n.\r\n', '1 x\r\n', '\n', '\r', '\0', '+O', 'K\r\n', 'y'.repeat(600)],
)
const bytes = fc.oneof(
  fromClient.map((text) => ({ leg: 'client', text }) as const),
  fromServer.map((text) => ({ leg: 'server', text }) as const),
  fc
    .record({ leg: fc.constantFrom('client', 'server'), octets: fc.uint8Array({ maxLength: 40 }) })
    .map(({ leg, octets }) => ({ leg, text: Buffer.from(octets).toString('latin1') }) as const),
)
const id = fc.integer({ min: 1, max: 3 })
const refused: MessageDecision<string> = {
  ...{ outcome: 'refuse', notice: 'notice', failure: trouble, quarantine: true, records: [] },
}
const decision = fc.constantFrom<MessageDecision<string>[]>(
  deliver,
  deliver,
  { ...deliver, quarantine: true },
  refused,
  {
    ...{ outcome: 'drop', reason: 'worm', notice: 'n', quarantine: false, records: [] },
  } as const,
)
type Given = Input<Found>
const leg = fc.constantFrom('client', 'server')
const input: fc.Arbitrary<Given> = fc.oneof(
  often(
    12,
    bytes.map((each) => ({ kind: 'bytes', leg: each.leg, bytes: Buffer.from(each.text, 'latin1') })),
  ),
  often(
    1,
    leg.map((each) => ({ kind: 'closed', leg: each })),
  ),
  often(
    2,
    leg.map((each) => ({ kind: 'tlsUp', leg: each })),
  ),
  often(
    3,
    fc
      .record({ id, decision })
      .map((each) => ({ kind: 'findings', id: each.id, findings: { size: 1, sha256: 'x', ...each } })),
  ),
  often(
    2,
    id.map((each) => ({ kind: 'quarantined', id: each })),
  ),
  often(
    3,
    id.map((each) => ({
      ...{ kind: 'relayed', id: each },
      relayed: { octets: 1, milliseconds: 1, lineEndsRepaired: 0 },
    })),
  ),
  often(
    1,
    fc.constantFrom('firstCommand', 'idle', 'reply', 'keepalive').map((timer) => ({ kind: 'timer', timer })),
  ),
  often(
    1,
    fc
      .record({ effect: fc.constantFrom('examine', 'quarantine', 'relay'), id })
      .map((each) => ({ kind: 'failed', ...each, failure: trouble })),
  ),
  often(
    1,
    fc.constantFrom('connect', 'startTls').map((effect) => ({ kind: 'failed', effect, failure: trouble })),
  ),
  often(1, fc.constant({ kind: 'drain' })),
)

function often(weight: number, arbitrary: fc.Arbitrary<Given>) {
  return { weight, arbitrary }
}

const options: fc.Arbitrary<Partial<Options>> = fc.record({
  clientTls: fc.constantFrom('none', 'none', 'implicit'),
  serverTls: fc.constantFrom('none', 'none', 'stls', 'mirror'),
  stls: fc.constantFrom('offered', 'required', 'off'),
  hideServerReplies: fc.boolean(),
  top: fc.constantFrom('judge', 'refuse'),
})

/** Conversations that get somewhere: some are logged in before chance takes over. */
const LOGGED_IN: readonly Input<Found>[] = [
  { kind: 'bytes', leg: 'server', bytes: Buffer.from('+OK ready\r\n') },
  { kind: 'bytes', leg: 'client', bytes: Buffer.from('USER joe\r\n') },
  { kind: 'bytes', leg: 'server', bytes: Buffer.from('+OK\r\n') },
  { kind: 'bytes', leg: 'client', bytes: Buffer.from(`PASS ${PASSWORD}\r\n`) },
  { kind: 'bytes', leg: 'server', bytes: Buffer.from('+OK\r\n') },
]
const conversation = fc
  .record({ loggedIn: fc.boolean(), options, inputs: fc.array(input, { maxLength: 40 }) })
  .map((each) => ({
    options: each.loggedIn
      ? ({ ...each.options, clientTls: 'none', serverTls: 'none', stls: 'offered' } as const)
      : each.options,
    inputs: [
      ...([{ kind: 'start' }, { kind: 'connected' }] as const),
      ...(each.loggedIn ? LOGGED_IN : []),
      ...each.inputs,
    ] as readonly Input<Found>[],
  }))

/** Plays it, each piece of octets cut as `cut` says. */
function run(
  all: { readonly options: Partial<Options>; readonly inputs: readonly Input<Found>[] },
  cut: (bytes: Uint8Array) => readonly Uint8Array[],
): Effect<string>[] {
  const session = createSession<Found, string>({ ...defaults, ...all.options })
  const effects: Effect<string>[] = []
  for (const each of all.inputs) {
    const given = each.kind === 'bytes' ? cut(each.bytes).map((piece) => ({ ...each, bytes: piece })) : [each]
    for (const one of given) {
      const out: Effect<string>[] = []
      session.handle(one, out)
      for (const effect of out)
        effects.push(effect.kind === 'examine' ? { ...effect, chunk: Uint8Array.from(effect.chunk) } : effect)
    }
  }
  return effects
}

const whole = (bytes: Uint8Array) => [bytes]
const octets = (bytes: Uint8Array) => Array.from(bytes, (octet) => Uint8Array.of(octet))

test('nothing throws, and the end is the end', () => {
  fc.assert(
    fc.property(conversation, (all) => {
      const effects = run(all, whole)
      const end = effects.findIndex(({ kind }) => kind === 'end')
      if (end !== -1) assert.equal(end, effects.length - 1)
      // A fault of our own would show up as such.
      assert.ok(!shown(effects).some((each) => /internal fault/.test(each)))
    }),
    { numRuns: 3000 },
  )
})

test('how octets are cut changes nothing, unless a peer speaks out of turn', () => {
  fc.assert(
    fc.property(conversation, (all) => {
      const wanted = shown(run(all, whole))
      // Whether something came before or behind what Postern said is then a matter of the cut alone.
      fc.pre(!wanted.some((each) => /unexpected-reply|plaintext-after-stls/.test(each)))
      assert.deepEqual(shown(run(all, octets)), wanted)
    }),
    { numRuns: 3000 },
  )
})

test('no password is ever recorded', () => {
  fc.assert(
    fc.property(conversation, (all) => {
      for (const effect of run(all, whole))
        if (effect.kind === 'record' || effect.kind === 'end')
          assert.doesNotMatch(JSON.stringify(effect), new RegExp(`${PASSWORD}|${SASL}`))
    }),
    { numRuns: 1000 },
  )
})

test('nothing is asked for a message that was not begun, or that was given up', () => {
  fc.assert(
    fc.property(conversation, (all) => {
      const open = new Set<number>()
      for (const effect of run(all, whole)) {
        if (effect.kind === 'begin') open.add(effect.id)
        if (effect.kind === 'examine' || effect.kind === 'finish' || effect.kind === 'relay')
          assert.ok(open.has(effect.id), `${effect.kind} without begin`)
        if (effect.kind === 'abandon') assert.ok(open.delete(effect.id), 'abandoned twice')
      }
    }),
    { numRuns: 1000 },
  )
})
