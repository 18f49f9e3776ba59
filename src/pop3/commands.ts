/** The client's side: takes its lines one at a time, answers some of them itself, hands the others to the server. */
import { latin1, octets, taint } from '../bytes/index.ts'
import { type Command, longestClientLine, readCommand } from './command.ts'
import type { Examined } from './door.ts'
import { violate } from './ending.ts'
import type { Live } from './live.ts'
import { isRelayable, userIn, userName, utf8 } from './mechanisms.ts'
import { startClientTls } from './opening.ts'
import type { Phase } from './phase.ts'
import { foreign } from './verbs.ts'
import { refusal, systemRefusal, withEnd } from './wording.ts'

/** Commands ahead of their replies. Enough to keep a slow line busy; a client with more waits its turn. */
const mostOutstanding = 64

/** Commands that no POP3 client sends, before and after login (ALPACA; Dovecot has the same numbers). */
const mostBad = { authorization: 3, transaction: 20 } as const

/** Takes the next line of the client, if it is time for one. Whether there was one. */
export function readClient<F extends Examined, C>(live: Live<F, C>): boolean {
  const { phase, client } = live
  switch (phase.at) {
    case 'authorization':
    case 'transaction':
      return mayTake(live) && withLine(live, (line) => takeCommand(live, phase.at, line))
    case 'authenticating':
      return phase.turn === 'client' && withLine(live, (line) => takeAnswer(live, phase, line))
    case 'securing':
    case 'upgrading':
      if (phase.at === 'securing' && phase.next.kind === 'welcome') return false
      if (client.lines.unread === 0) return false
      // RFC 2595 §4: nothing may follow STLS in clear.
      violate(live, 'client.plaintext-after-stls')
      return true
    default:
      return false
  }
}

/** RFC 2449 §6.8: only a server that says so takes a command ahead of the reply to the one before. */
function mayTake<F extends Examined, C>({ queue, server, draining }: Live<F, C>): boolean {
  if (draining) return false
  const last = queue.at(-1)
  if (last === undefined) return true
  if (last.kind === 'sent' && last.last) return false
  return server.pipelining && queue.length < mostOutstanding
}

function withLine<F extends Examined, C>(live: Live<F, C>, take: (line: Uint8Array) => void): boolean {
  const line = live.client.lines.next(longestClientLine)
  if (line === undefined) return false
  if (line === 'overlong') {
    violate(live, 'client.endless-line')
    return true
  }
  const fault = taint(line)
  if (fault !== undefined) violate(live, `client.${fault}`)
  else take(line)
  return true
}

function takeCommand<F extends Examined, C>(
  live: Live<F, C>,
  at: 'authorization' | 'transaction',
  line: Uint8Array,
): void {
  live.client.spoke = true
  live.took = true
  const read = readCommand(line)
  if (at === 'authorization' && foreign.has(read.word)) violate(live, 'client.foreign-protocol')
  else if (read.kind === 'bad') badCommand(live, at, read.says)
  // RFC 1939 §3: a command in a state in which it is not legal is answered with -ERR.
  else if (read.command.row.states !== 'both' && read.command.row.states !== at)
    badCommand(live, at, at === 'authorization' ? 'log in first' : 'already logged in')
  else if (live.server.link === 'gone') withoutServer(live)
  else runCommand(live, read.command)
}

function runCommand<F extends Examined, C>(live: Live<F, C>, command: Command): void {
  const refused = refusedHere(live, command)
  if (refused !== undefined) live.answer(refused)
  else if (command.verb === 'STLS') startClientTls(live)
  else forward(live, command)
}

/** RFC 1939 §3: a server may not go before the client has said QUIT; now nobody knows whether it deletes. */
function withoutServer<F extends Examined, C>(live: Live<F, C>): void {
  const text = 'the mail server broke off the connection'
  live.send('client', systemRefusal({ text, permanent: false }))
  live.end({ by: 'server', reason: text })
}

function badCommand<F extends Examined, C>(
  live: Live<F, C>,
  at: 'authorization' | 'transaction',
  says: string,
): void {
  live.client.bad += 1
  if (live.client.bad < mostBad[at]) live.answer(refusal(says))
  else violate(live, 'client.too-many-bad-commands')
}

/** What is refused without asking the server; `undefined`: it is asked. */
function refusedHere<F extends Examined, C>(live: Live<F, C>, command: Command): Uint8Array | undefined {
  const { client, options } = live
  switch (command.verb) {
    case 'USER':
    case 'PASS':
    case 'APOP':
      // RFC 2595 §4: a server can be told to take no login in clear.
      return loginNeedsTls(live) ? refusal('STLS first, then log in') : undefined
    case 'AUTH':
      if (loginNeedsTls(live)) return refusal('STLS first, then log in')
      return isRelayable(mechanismOf(command)) ? undefined : refusal('this mechanism cannot be used here')
    case 'STLS':
      // RFC 2595 §4: -ERR when TLS is already there.
      if (client.tls !== 'none') return refusal('TLS is already active')
      if (options.stls === 'off') return refusal('STLS is not available')
      // RFC 6856 §2: a client must not send STLS after UTF8.
      return client.utf8 ? refusal('STLS is too late after UTF8') : undefined
    case 'TOP':
      if (options.top === 'judge' || command.numbers[1] === 0) return undefined
      return systemRefusal({ text: 'TOP is allowed for headers only here', permanent: true })
    default:
      return undefined
  }
}

function forward<F extends Examined, C>(live: Live<F, C>, command: Command): void {
  const { verb, reply, numbers, row } = command
  if (verb === 'USER') live.claimed = userName(utf8.decode(command.argument))
  if (verb === 'APOP') live.claimed = userName(utf8.decode(wordsOf(command.argument)[0]))
  live.send('server', wireOf(command))
  live.queue.push({ kind: 'sent', verb, reply, numbers, last: row.last, progress: { at: 'status' } })
  if (verb === 'AUTH') {
    const mechanism = mechanismOf(command).toUpperCase()
    const [, initial] = wordsOf(command.argument)
    live.claimed = undefined
    live.phase = { at: 'authenticating', mechanism, turn: 'server', step: 0 }
    if (initial !== undefined) note(live, live.phase, initial)
  }
}

/** A line of a SASL exchange; RFC 5034 §4: `*` cancels, and an empty line is an answer too. */
function takeAnswer<F extends Examined, C>(
  live: Live<F, C>,
  phase: Extract<Phase<F, C>, { at: 'authenticating' }>,
  line: Uint8Array,
): void {
  live.took = true
  live.send('server', withEnd(line))
  note(live, phase, line)
}

/** Keeps of a SASL answer whom the client claims to be, and that it was given. */
function note<F extends Examined, C>(
  live: Live<F, C>,
  phase: Extract<Phase<F, C>, { at: 'authenticating' }>,
  answer: Uint8Array,
): void {
  live.claimed ??= userIn(phase.mechanism, phase.step, answer)
  live.phase = { ...phase, turn: 'server', step: phase.step + 1 }
}

/** TOP with lines of the body is a part of the message, and judged as the whole of it. */
function wireOf({ verb, numbers: [number, lines = 0], wire }: Command): Uint8Array {
  return verb === 'TOP' && lines > 0 ? octets(`RETR ${number}\r\n`) : wire
}

export function loginNeedsTls<F extends Examined, C>({ client, options }: Live<F, C>): boolean {
  return options.stls === 'required' && client.tls === 'none'
}

function mechanismOf({ argument }: Command): string {
  return latin1(wordsOf(argument)[0])
}

/** What stands before the first space and, if there is one, behind it. */
function wordsOf(argument: Uint8Array): readonly [Uint8Array, Uint8Array?] {
  const space = argument.indexOf(0x20)
  return space === -1 ? [argument] : [argument.subarray(0, space), argument.subarray(space + 1)]
}
