/** The server's side: reads its replies by the queue of what was asked, and passes on what may pass. */
import { join, latin1, octets, taint } from '../bytes/index.ts'
import { clientCapabilities, offersPipelining, offersStls } from './capabilities.ts'
import { longestClientLine } from './command.ts'
import { loginNeedsTls } from './commands.ts'
import { begin, readBody } from './delivery.ts'
import type { Examined } from './door.ts'
import { clientGone, violate } from './ending.ts'
import { faults } from './faults.ts'
import type { Live } from './live.ts'
import { takeGreeting, takeStlsReply } from './opening.ts'
import type { Phase, Progress, Sent } from './phase.ts'
import { crlf, finalDot, ok, withEnd } from './wording.ts'

/** RFC 2449 §4: the first line of a reply; RFC 2449 §3: a capability line. CRLF among them. */
const longestReply = 512

/** A challenge of SASL; RFC 5034 §4 gives it no bound, so it gets the one of the client's answers. */
const longestChallenge = longestClientLine

/** Lines of LIST, UIDL or LANG: more messages than any mailbox has that a POP3 client could list. */
const mostLines = 500_000

/** Capabilities of a server; some forty are registered in all. */
const mostCapabilities = 100

/** UIDLs kept for the log, the latest ones: of a large mailbox the new mails stand at the end. */
const mostUidls = 2000

/** Octets of what nobody asked for that are shown in the log: a server may say there why it goes. */
const shown = 80

/** Takes the next piece of what the server sent, if it is time for it. Whether there was one. */
export function readServer<F extends Examined, C>(live: Live<F, C>): boolean {
  const { phase, queue } = live
  switch (phase.at) {
    case 'greeting':
      return withLine(live, longestReply, (line) => takeGreeting(live, line))
    case 'securing':
      return phase.step === 'asked'
        ? withLine(live, longestReply, (line) => takeStlsReply(live, line))
        : nothingDue(live, 'server.plaintext-after-stls')
    case 'authenticating':
      return phase.turn === 'server'
        ? withLine(live, longestChallenge, (line) => takeSasl(live, phase, line))
        : nothingDue(live)
    case 'arriving':
    case 'discarding':
      return readBody(live, phase)
    case 'authorization':
    case 'transaction': {
      const [head] = queue
      return head?.kind === 'sent' ? readReply(live, head, head.progress) : nothingDue(live)
    }
    case 'welcoming':
    case 'upgrading':
      return nothingDue(live)
    case 'new':
    case 'connecting':
    case 'refusing':
    case 'judging':
    case 'quarantining':
    case 'relaying':
    case 'ended':
      return false
  }
}

function readReply<F extends Examined, C>(live: Live<F, C>, head: Sent, progress: Progress): boolean {
  switch (progress.at) {
    case 'status':
      return withLine(live, longestReply, (line) => takeStatus(live, head, line))
    case 'capabilities':
      return withLine(live, longestReply, (line) => takeCapability(live, head, progress.lines, line))
    case 'listing':
      return readListing(live, head, progress.lines)
  }
}

/** Whatever comes while nothing is due would be taken for the reply to the next command, and all after it. */
function nothingDue<F extends Examined, C>(
  live: Live<F, C>,
  fault: 'server.unexpected-reply' | 'server.plaintext-after-stls' = 'server.unexpected-reply',
): boolean {
  const said = live.server.lines.rest()
  if (said.length === 0) return false
  violate(live, fault, `${faults[fault].says}: ${JSON.stringify(latin1(said.subarray(0, shown)))}`)
  return true
}

function withLine<F extends Examined, C>(
  live: Live<F, C>,
  cap: number,
  take: (line: Uint8Array) => void,
): boolean {
  const line = live.server.lines.next(cap)
  if (line === undefined) return false
  const fault = line === 'overlong' ? 'long-line' : taint(line)
  if (fault !== undefined) violate(live, `server.${fault}`)
  else if (line !== 'overlong') take(line)
  return true
}

/** The first line of a reply. */
function takeStatus<F extends Examined, C>(live: Live<F, C>, head: Sent, line: Uint8Array): void {
  const positive = statusOf(line)
  if (positive === undefined) violate(live, 'server.no-reply-line')
  // RFC 1939 §3: a negative reply is one line, whatever was asked.
  else if (!positive) takeNegative(live, head, line)
  else
    switch (head.reply) {
      case 'line':
      case 'sasl':
        if (head.verb === 'UIDL') remember(live, latin1(line).slice(4))
        finish(live, head, line, true)
        return
      case 'listing':
        live.send('client', withEnd(line))
        step(live, head, { at: 'listing', lines: 0 })
        return
      case 'capabilities':
        step(live, head, { at: 'capabilities', lines: [] })
        return
      case 'message':
        // A mail is too much to be judged for nobody.
        if (live.client.gone) clientGone(live)
        else begin(live, head)
    }
}

function takeNegative<F extends Examined, C>(live: Live<F, C>, head: Sent, line: Uint8Array): void {
  // RFC 2449 §5: a server that has no CAPA. Where STLS is there all the same, the client must learn of it.
  if (head.verb === 'CAPA' && stlsOffered(live, [])) sendCapabilities(live, undefined)
  else finish(live, head, line, false)
}

/** Passes a reply of one line on and does what it leads to. */
function finish<F extends Examined, C>(
  live: Live<F, C>,
  head: Sent,
  line: Uint8Array,
  positive: boolean,
): void {
  live.send('client', withEnd(line))
  live.answered()
  switch (head.verb) {
    case 'PASS':
      login(live, 'USER', positive)
      return
    case 'APOP':
      login(live, 'APOP', positive)
      return
    case 'UTF8':
      live.client.utf8 ||= positive
      return
    case 'QUIT':
      live.end({ by: 'client', reason: 'QUIT' }, 'quit')
      return
    default:
  }
}

function login<F extends Examined, C>(live: Live<F, C>, mechanism: string, positive: boolean): void {
  const user = live.claimed
  live.emit({
    kind: 'record',
    record: { code: 'login', user, mechanism, result: positive ? 'ok' : 'failed' },
  })
  if (positive) live.user = user
  live.phase = { at: positive ? 'transaction' : 'authorization' }
}

/** RFC 5034 §4: a challenge, or the end of the exchange. */
function takeSasl<F extends Examined, C>(
  live: Live<F, C>,
  phase: Extract<Phase<F, C>, { at: 'authenticating' }>,
  line: Uint8Array,
): void {
  if (line[0] === PLUS && (line.length === 1 || line[1] === SPACE)) {
    // RFC 5034 §4: "+", a space, and the challenge, which may be empty.
    live.send('client', line.length === 1 ? join([line, Uint8Array.of(SPACE), crlf]) : withEnd(line))
    live.phase = { ...phase, turn: 'client' }
    return
  }
  const positive = line.length + crlf.length > longestReply ? undefined : statusOf(line)
  if (positive === undefined) {
    violate(live, 'server.no-reply-line')
    return
  }
  live.send('client', withEnd(line))
  live.answered()
  // RFC 5034 §4: after a failure everything is as it was before AUTH.
  login(live, phase.mechanism, positive)
}

function takeCapability<F extends Examined, C>(
  live: Live<F, C>,
  head: Sent,
  lines: readonly string[],
  line: Uint8Array,
): void {
  if (isDot(line)) {
    live.server.pipelining = offersPipelining(lines)
    sendCapabilities(live, lines)
  } else if (lines.length === mostCapabilities) violate(live, 'server.too-many-lines')
  else step(live, head, { at: 'capabilities', lines: [...lines, latin1(line)] })
}

function sendCapabilities<F extends Examined, C>(
  live: Live<F, C>,
  offered: readonly string[] | undefined,
): void {
  const { top, hideServerReplies } = live.options
  const lines = clientCapabilities(offered, {
    ...{ stls: stlsOffered(live, offered ?? []), loginNeedsTls: loginNeedsTls(live) },
    ...{ topRefused: top === 'refuse', hideImplementation: hideServerReplies },
  })
  const text = [ok('Capability list follows'), ...lines.map((line) => withEnd(octets(line)))]
  live.send('client', join([...text, finalDot]))
  live.answered()
}

/** Whether a client that asked for STLS now would get it. */
function stlsOffered<F extends Examined, C>(live: Live<F, C>, offered: readonly string[]): boolean {
  const { client, options, phase, server } = live
  // RFC 2595 §4: only in the AUTHORIZATION state and not when TLS is there. RFC 6856 §2: not after UTF8.
  if (options.stls === 'off' || client.tls !== 'none' || client.utf8) return false
  if (phase.at !== 'authorization') return false
  return options.serverTls !== 'mirror' || server.secured || offersStls(offered)
}

/** Passes on the lines of a list that are there, all in one piece. */
function readListing<F extends Examined, C>(live: Live<F, C>, head: Sent, before: number): boolean {
  const { lines } = live.server
  const unread = lines.rest()
  const taken: Uint8Array[] = []
  let length = 0
  let line = lines.next(longestReply)
  let fault: 'long-line' | 'too-many-lines' | ReturnType<typeof taint>
  for (; line !== undefined; line = lines.next(longestReply)) {
    fault = line === 'overlong' ? 'long-line' : taint(line)
    if (line === 'overlong' || fault !== undefined) break
    taken.push(line)
    length += line.length + crlf.length
    if (isDot(line)) break
    if (head.verb === 'UIDL') remember(live, latin1(line))
    if (before + taken.length > mostLines) fault = 'too-many-lines'
    if (fault !== undefined) break
  }
  if (fault !== undefined) violate(live, `server.${fault}`)
  else if (taken.length > 0) {
    // Where every line ended in CRLF, what was taken is what is sent.
    const same = length === unread.length - lines.unread
    live.send('client', join(same ? [unread.subarray(0, length)] : taken.flatMap((each) => [each, crlf])))
    if (line === undefined) step(live, head, { at: 'listing', lines: before + taken.length })
    else live.answered()
  }
  return fault !== undefined || taken.length > 0
}

/** What a UIDL said: a number and an id (RFC 1939 §7). */
function remember<F extends Examined, C>({ uidls }: Live<F, C>, text: string): void {
  const [, number, uidl] = /^(\d{1,10}) ([!-~]{1,70})/.exec(text) ?? []
  if (number === undefined || uidl === undefined) return
  uidls.set(Number(number), uidl)
  if (uidls.size <= mostUidls) return
  for (const oldest of uidls.keys()) {
    uidls.delete(oldest)
    break
  }
}

function step<F extends Examined, C>(live: Live<F, C>, head: Sent, progress: Progress): void {
  live.queue[0] = { ...head, progress }
}

/** RFC 1939 §3: "+OK" or "-ERR", in upper case. */
function statusOf(line: Uint8Array): boolean | undefined {
  const text = latin1(line.subarray(0, 4))
  if (text.startsWith('+OK')) return true
  return text === '-ERR' ? false : undefined
}

function isDot(line: Uint8Array): boolean {
  return line.length === 1 && line[0] === DOT
}

const PLUS = 0x2b
const SPACE = 0x20
const DOT = 0x2e
