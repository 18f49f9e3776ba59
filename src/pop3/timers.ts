/** Which timers should run now, and the effects that make it so. Who owes what decides. */
import type { Examined, TimerName } from './door.ts'
import { takesCommands } from './ending.ts'
import type { Live } from './live.ts'

/** Sets and clears timers after an input was dealt with. */
export function settleTimers<F extends Examined, C>(live: Live<F, C>): void {
  const { client, options, took, heard, timers } = live
  const { timeouts } = options
  const owes = clientOwes(live)
  settle(live, 'firstCommand', owes && !client.spoke, timeouts.firstCommand, false)
  // RFC 1939 §3: any command resets the timer.
  settle(live, 'idle', owes && client.spoke, timeouts.idle, took)
  settle(live, 'reply', serverOwes(live), timeouts.reply, heard)
  const waiting = waitingFor(live)
  if (timers.keepalive !== waiting) {
    timers.keepalive = waiting
    if (waiting === undefined) live.emit({ kind: 'clearTimer', timer: 'keepalive' })
    else live.emit({ kind: 'setTimer', timer: 'keepalive', milliseconds: timeouts.keepalive })
  }
}

function settle<F extends Examined, C>(
  live: Live<F, C>,
  timer: Exclude<TimerName, 'keepalive'>,
  wanted: boolean,
  milliseconds: number,
  anew: boolean,
): void {
  const runs = live.timers[timer]
  live.timers[timer] = wanted
  if (wanted && (!runs || anew)) live.emit({ kind: 'setTimer', timer, milliseconds })
  if (!wanted && runs) live.emit({ kind: 'clearTimer', timer })
}

/** The client is to say something: nothing is owed to it. */
function clientOwes<F extends Examined, C>(live: Live<F, C>): boolean {
  const { phase, queue } = live
  if (phase.at === 'authenticating') return phase.turn === 'client'
  return takesCommands(live) && queue.length === 0
}

/** The server is to say something, and is listened to. */
function serverOwes<F extends Examined, C>({ phase, queue }: Live<F, C>): boolean {
  switch (phase.at) {
    case 'greeting':
    case 'arriving':
    case 'discarding':
      return true
    case 'securing':
      return phase.step === 'asked'
    case 'authenticating':
      return phase.turn === 'server'
    case 'authorization':
    case 'transaction':
      return queue.length > 0
    default:
      return false
  }
}

/** The message for which the client is kept waiting. */
function waitingFor<F extends Examined, C>({ phase }: Live<F, C>): number | undefined {
  switch (phase.at) {
    case 'arriving':
    case 'judging':
    case 'quarantining':
      return phase.message.id
    default:
      return undefined
  }
}
