/** How a session ends before its time: whoever is owed an answer gets one, and the log gets the reason. */
import type { Examined, Failure } from './door.ts'
import { type Fault, faults } from './faults.ts'
import type { Live } from './live.ts'
import { type Cause, messageOf } from './phase.ts'
import { systemRefusal } from './wording.ts'

/** A peer broke the protocol. */
export function violate<F extends Examined, C>(live: Live<F, C>, fault: Fault, detail?: string): void {
  const { blame, says } = faults[fault]
  live.emit({
    kind: 'record',
    record: { code: 'protocol.violation', blame, fault, detail: detail ?? says },
  })
  // What a client sends is a command, and a command is owed a reply.
  if (blame === 'client' && live.queue.length === 0 && takesCommands(live)) {
    live.send('client', systemRefusal({ text: says, permanent: false }))
    live.end({ by: blame, reason: says })
  } else breakOff(live, { blame, text: says, permanent: false })
}

/** Nothing more can be done for this client. */
export function breakOff<F extends Examined, C>(
  live: Live<F, C>,
  failure: Failure,
  cause: Cause = causeOf(failure),
): void {
  const message = messageOf(live.phase)
  if (message !== undefined && live.phase.at !== 'relaying') recordFailed(live, failure)
  if (beforeGreeting(live)) {
    refuse(live, systemRefusal(failure), cause)
    return
  }
  if (isOwed(live)) live.send('client', systemRefusal(failure))
  live.end(cause)
}

/** Turns the client away in place of a greeting; inside TLS, when the client waits for that. */
export function refuse<F extends Examined, C>(live: Live<F, C>, reply: Uint8Array, cause: Cause): void {
  live.closeServer('abort')
  switch (live.client.tls) {
    case 'none':
    case 'up':
      live.send('client', reply)
      live.end(cause)
      return
    case 'waiting':
      live.client.tls = 'handshaking'
      live.emit({ kind: 'startTls', leg: 'client', purpose: 'refuse' })
      live.phase = { at: 'refusing', reply, cause }
      return
    case 'handshaking':
      live.phase = { at: 'refusing', reply, cause }
  }
}

export function causeOf({ blame, text }: Failure): Cause {
  return { by: blame, reason: text }
}

/** The message under way will not be delivered now; it stays on its server. */
export function recordFailed<F extends Examined, C>(live: Live<F, C>, { blame, text }: Failure): void {
  const message = messageOf(live.phase)
  if (message === undefined) return
  const { number, uidl } = message
  live.emit({ kind: 'record', record: { code: 'message.failed', number, uidl, blame, reason: text } })
}

/** The client has closed its side and is owed nothing that can still be given. */
export function clientGone<F extends Examined, C>(live: Live<F, C>): void {
  live.end({ by: 'client', reason: 'the client closed the connection' })
}

/** Postern itself is the cause, and it will pass. */
export function goingDown(): Failure {
  return { blame: 'postern', text: 'the mail gateway is shutting down, please try again', permanent: false }
}

export function takesCommands<F extends Examined, C>({ phase }: Live<F, C>): boolean {
  return phase.at === 'authorization' || phase.at === 'transaction'
}

export function beforeGreeting<F extends Examined, C>({ phase }: Live<F, C>): boolean {
  switch (phase.at) {
    case 'new':
    case 'connecting':
    case 'greeting':
    case 'welcoming':
    case 'refusing':
      return true
    case 'securing':
      return phase.next.kind === 'welcome'
    case 'authorization':
    case 'upgrading':
    case 'authenticating':
    case 'transaction':
    case 'arriving':
    case 'discarding':
    case 'judging':
    case 'quarantining':
    case 'relaying':
    case 'ended':
      return false
  }
}

/** Whether the client waits for a reply of which it has nothing yet. */
function isOwed<F extends Examined, C>({ phase, queue }: Live<F, C>): boolean {
  switch (phase.at) {
    case 'arriving':
    case 'judging':
    case 'quarantining':
      return phase.message.status === 'owed'
    case 'authorization':
    case 'transaction': {
      const [head] = queue
      return head?.kind === 'sent' && head.progress.at !== 'listing'
    }
    case 'securing':
    case 'authenticating':
      return true
    case 'discarding':
      // The message itself was answered.
      return queue.length > 1
    case 'new':
    case 'connecting':
    case 'greeting':
    case 'welcoming':
    case 'refusing':
    case 'upgrading':
    case 'relaying':
    case 'ended':
      return false
  }
}
