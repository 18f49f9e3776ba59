/**
 * One session: every input goes through `handle`, does what it says, and then whatever has become
 * possible by it is done, until nothing is left that can go on.
 */
import { longestClientLine } from './command.ts'
import { readClient } from './commands.ts'
import {
  keepAlive,
  messageFailed,
  serverLost,
  takeFindings,
  takeQuarantined,
  takeRelayed,
} from './delivery.ts'
import type { Effect, Examined, Failure, Input, LegName, Session, SessionOptions, TimerName } from './door.ts'
import { beforeGreeting, breakOff, clientGone, goingDown, takesCommands } from './ending.ts'
import { Live } from './live.ts'
import { connected, serverFailed, start, tlsUp } from './opening.ts'
import { readServer } from './replies.ts'
import { settleTimers } from './timers.ts'

/**
 * Octets of a client that may wait for their turn before it is asked to stop sending: as many as the
 * longest line has, so that a line can always come to its end.
 */
const mostWaiting = longestClientLine

export function createSession<F extends Examined, C>(options: SessionOptions<F, C>): Session<F, C> {
  const live = new Live<F, C>(options)
  return {
    handle(input: Input<F>, out: Effect<C>[]): void {
      if (live.phase.at === 'ended') return
      live.into(out)
      try {
        live.took = false
        live.heard = false
        take(live, input)
        goOn(live)
        settle(live)
      } catch (error) {
        fault(live, error)
      }
    },
  }
}

function take<F extends Examined, C>(live: Live<F, C>, input: Input<F>): void {
  switch (input.kind) {
    case 'start':
      if (live.phase.at === 'new') start(live)
      return
    case 'connected':
      connected(live)
      return
    case 'tlsUp':
      tlsUp(live, input.leg)
      return
    case 'bytes':
      live.heard = input.leg === 'server'
      live[input.leg].lines.push(input.bytes)
      return
    case 'closed':
      takeClosed(live, input.leg)
      return
    case 'findings':
      takeFindings(live, input.id, input.findings)
      return
    case 'quarantined':
      takeQuarantined(live, input.id)
      return
    case 'relayed':
      takeRelayed(live, input.id, input.relayed)
      return
    case 'timer':
      takeTimer(live, input.timer)
      return
    case 'failed':
      if ('id' in input) messageFailed(live, input.id, input.failure)
      else serverFailed(live, input.failure)
      return
    case 'drain':
      drain(live)
  }
}

/** Does whatever can be done with what is there: the server's side first, so that replies go before new commands. */
function goOn<F extends Examined, C>(live: Live<F, C>): void {
  while (readServer(live) || lostServer(live) || readClient(live));
  if (live.phase.at === 'ended') return
  if (live.draining && takesCommands(live) && live.queue.length === 0)
    live.end({ by: 'postern', reason: goingDown().text })
  // A client that has closed its side still gets the replies to what it asked, as long as they are small.
  else if (live.client.gone && !(takesCommands(live) && live.queue.length > 0)) clientGone(live)
}

function lostServer<F extends Examined, C>(live: Live<F, C>): boolean {
  return live.server.link === 'gone' && serverLost(live, 'the mail server broke off the connection')
}

function settle<F extends Examined, C>(live: Live<F, C>): void {
  if (live.phase.at === 'ended') return
  settleTimers(live)
  const { client, server } = live
  client.lines.keep()
  server.lines.keep()
  if (client.lines.unread <= mostWaiting) live.resume('client')
  else if (!client.paused) live.pause('client')
}

function takeClosed<F extends Examined, C>(live: Live<F, C>, leg: LegName): void {
  if (leg === 'client') live.client.gone = true
  else if (live.server.link === 'up') live.server.link = 'gone'
}

function takeTimer<F extends Examined, C>(live: Live<F, C>, timer: TimerName): void {
  if (timer === 'keepalive') {
    if (live.timers.keepalive === undefined) return
    live.timers.keepalive = undefined
    keepAlive(live)
    return
  }
  if (!live.timers[timer]) return
  live.timers[timer] = false
  switch (timer) {
    case 'firstCommand':
    case 'idle':
      // RFC 1939 §3: the connection is closed without a reply, and nothing is deleted.
      live.end({ by: 'client', reason: 'the client was silent for too long' })
      return
    case 'reply':
      breakOff(live, { blame: 'server', text: 'the mail server does not answer', permanent: false })
  }
}

/** Postern is going: at once where nobody is owed a reply, else after it. */
function drain<F extends Examined, C>(live: Live<F, C>): void {
  live.draining = true
  const { at } = live.phase
  if (at === 'refusing') return
  // Nobody knows how long TLS takes, or a client that logs in.
  const unbounded = at === 'securing' || at === 'upgrading' || at === 'authenticating'
  if (unbounded || beforeGreeting(live)) breakOff(live, goingDown())
}

/** A fault of our own ends this session, and no other. The client is not told what it was. */
function fault<F extends Examined, C>(live: Live<F, C>, error: unknown): void {
  if (live.phase.at === 'ended') return
  const failure: Failure = { blame: 'postern', text: 'internal fault of the mail gateway', permanent: false }
  breakOff(live, failure, { by: 'postern', reason: `internal fault: ${String(error)}` })
}
