/**
 * From the first input to the greeting, and every start of TLS. The server comes first: the client gets
 * no greeting, and its implicit TLS no answer, before the server is there and verified.
 */
import { latin1 } from '../bytes/index.ts'
import type { Examined, Failure, LegName } from './door.ts'
import { breakOff, causeOf, refuse, violate } from './ending.ts'
import { clientGreeting } from './greeting.ts'
import type { Live } from './live.ts'
import { ok, refusal, systemRefusal, withEnd } from './wording.ts'

export function start<F extends Examined, C>(live: Live<F, C>): void {
  const { refusal: turnedAway } = live.options
  if (turnedAway !== undefined) {
    refuse(live, systemRefusal(turnedAway), causeOf(turnedAway))
    return
  }
  live.emit({ kind: 'connect' })
  live.server.link = 'asked'
  live.phase = { at: 'connecting' }
}

export function connected<F extends Examined, C>(live: Live<F, C>): void {
  if (live.phase.at !== 'connecting') return
  live.server.link = 'up'
  live.phase = { at: 'greeting' }
}

/** `connect`, or TLS towards the server, could not be done. */
export function serverFailed<F extends Examined, C>(live: Live<F, C>, failure: Failure): void {
  const { phase } = live
  if (phase.at === 'connecting') live.server.link = 'none'
  else if (phase.at !== 'securing' || phase.step !== 'handshake') return
  breakOff(live, failure)
}

/** The server's first line. */
export function takeGreeting<F extends Examined, C>(live: Live<F, C>, line: Uint8Array): void {
  const { hideServerReplies, serverTls } = live.options
  const text = latin1(line)
  if (text.startsWith('-ERR')) {
    const failure: Failure = {
      ...{ blame: 'server', text: 'the mail server refused the connection', permanent: false },
    }
    refuse(live, hideServerReplies ? systemRefusal(failure) : withEnd(line), causeOf(failure))
    return
  }
  // RFC 1939 §4: the greeting is a positive reply.
  if (!text.startsWith('+OK')) {
    violate(live, 'server.no-reply-line')
    return
  }
  const greeting = clientGreeting(text.slice(3).trim(), hideServerReplies)
  if (serverTls === 'stls') askStls(live, { kind: 'welcome', greeting })
  else welcome(live, greeting)
}

/** The server's answer to STLS. */
export function takeStlsReply<F extends Examined, C>(live: Live<F, C>, line: Uint8Array): void {
  const { phase } = live
  if (phase.at !== 'securing') return
  const text = latin1(line)
  if (text.startsWith('+OK')) {
    // RFC 2595 §4: TLS begins right behind the CRLF of the +OK; whatever else stands there is not of the server.
    if (live.server.lines.unread > 0) {
      violate(live, 'server.plaintext-after-stls')
      return
    }
    live.emit({ kind: 'startTls', leg: 'server', purpose: 'serve' })
    live.phase = { ...phase, step: 'handshake' }
  } else if (!text.startsWith('-ERR')) violate(live, 'server.no-reply-line')
  else if (phase.next.kind === 'client') {
    live.send('client', refusal('the mail server does not start TLS'))
    live.phase = { at: 'authorization' }
  } else breakOff(live, { blame: 'server', text: 'the mail server does not start TLS', permanent: true })
}

export function tlsUp<F extends Examined, C>(live: Live<F, C>, leg: LegName): void {
  if (leg === 'server') serverSecured(live)
  else clientSecured(live)
}

/** The client asks for STLS, and may have it. */
export function startClientTls<F extends Examined, C>(live: Live<F, C>): void {
  // RFC 2595 §4: the client must not send anything before it has the reply; what is there may be anybody's.
  if (live.client.lines.unread > 0) violate(live, 'client.plaintext-after-stls')
  else if (live.options.serverTls === 'mirror' && !live.server.secured) askStls(live, { kind: 'client' })
  else grantClientTls(live)
}

function askStls<F extends Examined, C>(
  live: Live<F, C>,
  next: Extract<Live<F, C>['phase'], { at: 'securing' }>['next'],
): void {
  // RFC 1939 §3: a reply answers a command. One that is there before STLS may be anybody's.
  if (live.server.lines.unread > 0) {
    violate(live, 'server.unexpected-reply')
    return
  }
  live.send('server', stls())
  live.phase = { at: 'securing', step: 'asked', next }
}

function welcome<F extends Examined, C>(live: Live<F, C>, greeting: Uint8Array): void {
  if (live.client.tls === 'waiting') {
    live.client.tls = 'handshaking'
    live.emit({ kind: 'startTls', leg: 'client', purpose: 'serve' })
    live.phase = { at: 'welcoming', greeting }
    return
  }
  live.send('client', greeting)
  live.phase = { at: 'authorization' }
}

function grantClientTls<F extends Examined, C>(live: Live<F, C>): void {
  live.send('client', ok('begin TLS'))
  live.emit({ kind: 'startTls', leg: 'client', purpose: 'serve' })
  live.client.tls = 'handshaking'
  live.phase = { at: 'upgrading' }
}

function serverSecured<F extends Examined, C>(live: Live<F, C>): void {
  const { phase } = live
  if (phase.at !== 'securing' || phase.step !== 'handshake') return
  live.server.secured = true
  // RFC 2595 §4: what the server offered before TLS is forgotten.
  live.server.pipelining = false
  if (phase.next.kind === 'welcome') welcome(live, phase.next.greeting)
  else grantClientTls(live)
}

function clientSecured<F extends Examined, C>(live: Live<F, C>): void {
  const { phase } = live
  switch (phase.at) {
    case 'refusing':
      live.client.tls = 'up'
      live.send('client', phase.reply)
      live.end(phase.cause)
      return
    case 'welcoming':
      live.client.tls = 'up'
      live.send('client', phase.greeting)
      live.phase = { at: 'authorization' }
      return
    case 'upgrading':
      live.client.tls = 'up'
      // RFC 2595 §4: after TLS everything starts anew, a user name given before among it.
      live.claimed = undefined
      live.phase = { at: 'authorization' }
      return
    default:
      return
  }
}

function stls(): Uint8Array {
  return Uint8Array.of(0x53, 0x54, 0x4c, 0x53, 0x0d, 0x0a)
}
