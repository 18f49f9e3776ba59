/**
 * Plays a conversation to the core and compares what it asks of the rim, step by step. A playbook reads
 * as the conversation does. Every one is played four times over: with each piece whole; octet by octet;
 * with half of the client's next line already there; and, once for each piece of the server, with an
 * octet more behind it, which must end the session and shift nothing.
 *
 * Effects are written as text: `send(server, RETR 1)`, lines of one piece with ` | ` between them.
 * Pieces of the same kind behind each other count as one, and timers are left out: they have tests of
 * their own.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createSession,
  type Effect,
  type Examined,
  type Failure,
  type Input,
  type LegName,
  type MessageDecision,
  type Session,
  type SessionOptions,
  type TimerName,
} from '../../src/pop3/index.ts'

/** What the examination finds is, in playbooks, the decision itself. */
export interface Found extends Examined {
  readonly decision: MessageDecision<string>
}
export type Options = SessionOptions<Found, string>
type Does = (...effects: readonly string[]) => Playbook

export interface Playbook {
  start(): { does: Does }
  connected(): { does: Does }
  tlsUp(leg: LegName): { does: Does }
  /** Lines of the client, CRLF added. */
  client(...lines: readonly string[]): { does: Does }
  /** One reply or more of the server, whole: nothing more is due behind it. */
  server(...lines: readonly string[]): { does: Does }
  /** A piece of what the server says, behind which more may come; nothing added. */
  piece(text: string): { does: Does }
  /** Octets of a peer, nothing added. */
  raw(leg: LegName, text: string): { does: Does }
  closed(leg: LegName): { does: Does }
  findings(id: number, decision: MessageDecision<string>): { does: Does }
  quarantined(id: number): { does: Does }
  relayed(id: number): { does: Does }
  timer(timer: TimerName): { does: Does }
  failed(effect: 'connect' | 'startTls', failure: Failure): { does: Does }
  messageFailed(effect: 'examine' | 'quarantine' | 'relay', id: number, failure: Failure): { does: Does }
  drain(): { does: Does }
  /** Logs in as joe; the server's greeting first. */
  login(): Playbook
}

interface Step {
  readonly input: Input<Found>
  /** Nothing more of the server is due behind it. */
  readonly whole: boolean
  readonly effects: readonly string[]
}

export const defaults: Options = {
  ...{ clientTls: 'none', serverTls: 'none', stls: 'offered', hideServerReplies: false, top: 'judge' },
  refusal: undefined,
  timeouts: { firstCommand: 1000, idle: 2000, reply: 3000, keepalive: 15_000 },
  decideMessage: ({ decision }) => decision,
}
export const deliver: Extract<MessageDecision<string>, { outcome: 'deliver' }> = {
  ...{ outcome: 'deliver', content: undefined, quarantine: false, records: [] },
}
export const trouble: Failure = { blame: 'scanner', text: 'the scanner is away', permanent: false }

/** Writes down a conversation and plays it in every way. */
export function playbook(name: string, options: Partial<Options>, write: (p: Playbook) => void): void {
  const steps: Step[] = []
  write(writer(steps))
  const all = { ...defaults, ...options }
  test(name, () => play(all, steps, 'whole'))
  test(`${name}, octet by octet`, () => play(all, steps, 'octets'))
  test(`${name}, with half of the next line`, () => play(all, steps, 'ahead'))
  for (const [index, { input, whole }] of steps.entries())
    if (whole && input.kind === 'bytes' && input.leg === 'server')
      test(`${name}, with an octet behind step ${index + 1}`, () => playTrailing(all, steps, index))
}

/** A session with its inputs as functions, for tests that are no conversations. */
export function rig(options: Partial<Options> = {}) {
  const session = createSession<Found, string>({ ...defaults, ...options })
  const effects: Effect<string>[] = []
  const give = (input: Input<Found>) => feed(session, input, effects)
  const bytes = (leg: LegName, text: string) =>
    give({ kind: 'bytes', leg, bytes: Buffer.from(text, 'latin1') })
  return {
    ...{ session, effects, give },
    client: (text: string) => bytes('client', text),
    server: (text: string) => bytes('server', text),
    login: () => {
      give({ kind: 'start' })
      give({ kind: 'connected' })
      for (const [leg, text] of LOGIN) bytes(leg, text)
      effects.length = 0
    },
    /** What was asked since the last look, as text. */
    told: () => shown(effects.splice(0)),
  }
}

const CR = 0x0d

const LOGIN = [
  ['server', '+OK ready\r\n'],
  ['client', 'USER joe\r\n'],
  ['server', '+OK\r\n'],
  ['client', 'PASS secret\r\n'],
  ['server', '+OK\r\n'],
] as const

function writer(steps: Step[]): Playbook {
  const step = (input: Input<Found>, whole = false) => ({
    does: (...effects: readonly string[]) => {
      steps.push({ input, whole, effects })
      return self
    },
  })
  const bytes = (leg: LegName, text: string, whole: boolean) =>
    step({ kind: 'bytes', leg, bytes: Buffer.from(text, 'latin1') }, whole)
  const lines = (each: readonly string[]) => each.map((line) => `${line}\r\n`).join('')
  const self: Playbook = {
    start: () => step({ kind: 'start' }),
    connected: () => step({ kind: 'connected' }),
    tlsUp: (leg) => step({ kind: 'tlsUp', leg }),
    client: (...each) => bytes('client', lines(each), false),
    server: (...each) => bytes('server', lines(each), true),
    piece: (text) => bytes('server', text, false),
    raw: (leg, text) => bytes(leg, text, false),
    closed: (leg) => step({ kind: 'closed', leg }),
    findings: (id, decision) =>
      step({ kind: 'findings', id, findings: { size: 98, sha256: 'c0ffee', decision } }),
    quarantined: (id) => step({ kind: 'quarantined', id }),
    relayed: (id) =>
      step({ kind: 'relayed', id, relayed: { octets: 98, milliseconds: 7, lineEndsRepaired: 0 } }),
    timer: (timer) => step({ kind: 'timer', timer }),
    failed: (effect, failure) => step({ kind: 'failed', effect, failure }),
    messageFailed: (effect, id, failure) => step({ kind: 'failed', effect, id, failure }),
    drain: () => step({ kind: 'drain' }),
    login: () =>
      self
        .start()
        .does('connect')
        .connected()
        .does()
        .server('+OK ready')
        .does('send(client, +OK ready)')
        .client('USER joe')
        .does('send(server, USER joe)')
        .server('+OK')
        .does('send(client, +OK)')
        .client('PASS secret')
        .does('send(server, PASS secret)')
        .server('+OK')
        .does('send(client, +OK)', 'record(login joe USER ok)'),
  }
  return self
}

function play(options: Options, steps: readonly Step[], way: 'whole' | 'octets' | 'ahead'): void {
  const session = createSession<Found, string>(options)
  /** Octets of the client's line that were sent ahead of their step. */
  let ahead = 0
  for (const [index, { input, effects: wanted }] of steps.entries()) {
    const effects: Effect<string>[] = []
    let given = input
    if (input.kind === 'bytes' && input.leg === 'client') {
      given = { ...input, bytes: input.bytes.subarray(ahead) }
      ahead = 0
    }
    if (way === 'ahead' && input.kind === 'bytes' && input.leg === 'client' && wanted.length > 0) {
      const next = steps.slice(index + 1).find((each) => each.input.kind === 'bytes' && isClients(each.input))
      const startsTls = /^STLS/i.test(Buffer.from(input.bytes).toString('latin1'))
      if (next?.input.kind === 'bytes' && given.kind === 'bytes' && !startsTls) {
        ahead = Math.floor(next.input.bytes.indexOf(CR) / 2)
        given = { ...given, bytes: Buffer.concat([given.bytes, next.input.bytes.subarray(0, ahead)]) }
      }
    }
    if (way === 'octets' && given.kind === 'bytes')
      for (const octet of given.bytes) feed(session, { ...given, bytes: Uint8Array.of(octet) }, effects)
    else feed(session, given, effects)
    const where = `step ${index + 1}, ${describe(input)}`
    assert.deepEqual(shown(effects), wanted, where)
  }
}

const isClients = (input: Input<Found>) => input.kind === 'bytes' && input.leg === 'client'

/** The server says more than it was asked for: the session ends, and no peer gets anything it should not. */
function playTrailing(options: Options, steps: readonly Step[], at: number): void {
  const session = createSession<Found, string>(options)
  const effects: Effect<string>[] = []
  for (const [index, { input }] of steps.entries()) {
    if (index === at && input.kind === 'bytes')
      feed(session, { ...input, bytes: Buffer.concat([input.bytes, Buffer.from('+')]) }, effects)
    else feed(session, input, effects)
    if (effects.some(({ kind }) => kind === 'end')) break
  }
  const told = shown(effects)
  const wanted = steps.flatMap((each) => each.effects)
  const besides = (each: readonly string[]) => each.filter((one) => !/^(send|examine)\(/.test(one))
  // Where the script goes no further than a paused server, or ends by itself, the octet is never looked at.
  if (!told.some((each) => /^record\(protocol.violation server server\.(unexpected|plaintext)/.test(each)))
    assert.deepEqual(besides(told), besides(wanted))
  else assert.ok(told.at(-1)?.startsWith('end('), told.join('\n'))
  for (const leg of ['client', 'server'] as const) {
    const due = stream(wanted, leg)
    const got = stream(told, leg).replace(/\| -ERR \[SYS\/TEMP\][^|]*\| $/, '| ')
    assert.ok(due.startsWith(got), `${leg} got ${got}, which is no beginning of ${due}`)
  }
}

function stream(effects: readonly string[], leg: LegName): string {
  const start = `send(${leg}, `
  const sent = effects.filter((each) => each.startsWith(start))
  return `| ${sent.map((each) => `${each.slice(start.length, -1)} | `).join('')}`
}

/**
 * Hands over a Buffer, as the rim does (its `slice` copies nothing), and spoils it afterwards: what is
 * kept of it must have been copied.
 */
function feed(session: Session<Found, string>, input: Input<Found>, effects: Effect<string>[]): void {
  if (input.kind !== 'bytes') {
    session.handle(input, effects)
    return
  }
  const bytes = Buffer.from(input.bytes)
  const out: Effect<string>[] = []
  session.handle({ ...input, bytes }, out)
  for (const effect of out)
    effects.push(effect.kind === 'examine' ? { ...effect, chunk: Uint8Array.from(effect.chunk) } : effect)
  bytes.fill(0x23)
}

function describe(input: Input<Found>): string {
  return input.kind === 'bytes'
    ? `${input.leg} ${JSON.stringify(Buffer.from(input.bytes).toString('latin1').slice(0, 60))}`
    : input.kind
}

/** Effects as text: pieces joined, timers left out. */
export function shown(effects: readonly Effect<string>[]): string[] {
  const texts: string[] = []
  let open: { readonly head: string; text: string } | undefined
  const close = () => {
    if (open !== undefined) texts.push(`${open.head}, ${written(open.text)})`)
    open = undefined
  }
  for (const effect of effects) {
    if (effect.kind === 'setTimer' || effect.kind === 'clearTimer') continue
    if (effect.kind === 'send' || effect.kind === 'examine') {
      const head = effect.kind === 'send' ? `send(${effect.leg}` : `examine(${effect.id}`
      if (open?.head !== head) close()
      const bytes = effect.kind === 'send' ? effect.bytes : effect.chunk
      open = { head, text: (open?.text ?? '') + Buffer.from(bytes).toString('latin1') }
      continue
    }
    close()
    texts.push(text(effect))
  }
  close()
  return texts
}

function text(
  effect: Exclude<Effect<string>, { kind: 'send' | 'examine' | 'setTimer' | 'clearTimer' }>,
): string {
  switch (effect.kind) {
    case 'connect':
    case 'block':
      return effect.kind
    case 'startTls':
      return `startTls(${effect.leg}, ${effect.purpose})`
    case 'begin':
      return `begin(${effect.id}, ${effect.scope})`
    case 'finish':
    case 'abandon':
    case 'quarantine':
      return `${effect.kind}(${effect.id})`
    case 'relay': {
      const { id, content, status, lines } = effect
      const what = content === undefined ? [] : [content]
      return `relay(${[id, status, ...what, ...(lines === undefined ? [] : [`${lines} lines`])].join(', ')})`
    }
    case 'record': {
      const { code, ...fields } = effect.record
      // What a peer said is told, but depends on how it was cut.
      const told = Object.entries(fields).filter(([name]) => name !== 'detail')
      return `record(${[code, ...told.map(([, value]) => String(value))].join(' ')})`
    }
    case 'pause':
    case 'resume':
      return `${effect.kind}(${effect.leg})`
    case 'close':
      return `close(${effect.leg}, ${effect.how})`
    case 'end':
      return `end(${effect.ending.by}: ${effect.ending.reason})`
  }
}

function written(raw: string): string {
  return raw.endsWith('\r\n') ? raw.slice(0, -2).split('\r\n').join(' | ') : JSON.stringify(raw)
}
