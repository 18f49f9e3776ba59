/**
 * One message from the server's `+OK` to the client's final dot: it is examined while it arrives,
 * judged when it is whole, and nothing of it leaves before that. While the client waits longer than
 * `keepalive` it gets the status line and header lines of Postern's own, never a part of the message.
 */
import { BodyReader } from '../bytes/index.ts'
import type { Examined, Failure, MessageDecision, Relayed } from './door.ts'
import { breakOff, causeOf, recordFailed } from './ending.ts'
import type { Live } from './live.ts'
import type { Message, Phase, Sent } from './phase.ts'
import { ok, systemRefusal, waitLine } from './wording.ts'

/** The server has said `+OK` to RETR or TOP. */
export function begin<F extends Examined, C>(live: Live<F, C>, { verb, numbers }: Sent): void {
  const [number = 0, lines] = numbers
  live.lastId += 1
  const message: Message = {
    ...{ id: live.lastId, number, lines, command: verb === 'TOP' ? 'TOP' : 'RETR' },
    ...{ uidl: live.uidls.get(number), status: 'owed', waits: 0 },
  }
  live.emit({ kind: 'begin', id: message.id, scope: lines === 0 ? 'headers' : 'message' })
  live.phase = { at: 'arriving', message, body: new BodyReader() }
}

/** Reads what there is of a message. Whether there was anything. */
export function readBody<F extends Examined, C>(
  live: Live<F, C>,
  phase: Extract<Phase<F, C>, { at: 'arriving' | 'discarding' }>,
): boolean {
  const { lines } = live.server
  if (lines.unread === 0) return false
  const id = phase.at === 'arriving' ? phase.message.id : undefined
  lines.skip(
    phase.body.read(lines.rest(), (chunk) => {
      if (id !== undefined) live.emit({ kind: 'examine', id, chunk })
    }),
  )
  if (!phase.body.ended) return true
  if (phase.at === 'discarding') goOn(live)
  else {
    // What follows is the reply to the next command, and waits until this one is answered.
    live.pause('server')
    live.emit({ kind: 'finish', id: phase.message.id })
    live.phase = { at: 'judging', message: phase.message }
  }
  return true
}

export function takeFindings<F extends Examined, C>(live: Live<F, C>, id: number, findings: F): void {
  const { phase } = live
  if (phase.at !== 'judging' || phase.message.id !== id) return
  const { number, command, uidl } = phase.message
  const decision = live.options.decideMessage(findings, { number, command, uidl, user: live.user })
  if (decision.quarantine) {
    const content = decision.outcome === 'deliver' ? decision.content : decision.notice
    live.emit({ kind: 'quarantine', id, content })
    live.phase = { at: 'quarantining', message: phase.message, findings, decision }
  } else carryOut(live, phase.message, findings, decision)
}

export function takeQuarantined<F extends Examined, C>(live: Live<F, C>, id: number): void {
  const { phase } = live
  if (phase.at !== 'quarantining' || phase.message.id !== id) return
  carryOut(live, phase.message, phase.findings, phase.decision)
}

export function takeRelayed<F extends Examined, C>(live: Live<F, C>, id: number, relayed: Relayed): void {
  const { phase } = live
  if (phase.at !== 'relaying' || phase.message.id !== id) return
  if (phase.relays.kind === 'message') {
    const { number, uidl, command } = phase.message
    const { size, sha256 } = phase.relays
    const { milliseconds, lineEndsRepaired } = relayed
    live.emit({
      kind: 'record',
      record: {
        ...{ code: 'message.delivered', number, uidl, command, size, sha256 },
        ...{ milliseconds, lineEndsRepaired },
      },
    })
    live.delivered += 1
  }
  goOn(live)
}

/** The message cannot be judged or handed on. Nothing of it has left, and nothing will. */
export function messageFailed<F extends Examined, C>(live: Live<F, C>, id: number, failure: Failure): void {
  const { phase } = live
  switch (phase.at) {
    case 'arriving':
    case 'judging':
    case 'quarantining':
    case 'relaying':
      if (phase.message.id === id) break
      return
    default:
      return
  }
  recordFailed(live, failure)
  // Nothing more is asked for this id, so that no `abandon` may follow.
  live.phase = phase.at === 'arriving' ? { at: 'discarding', body: phase.body } : { at: 'transaction' }
  if (phase.message.status === 'sent') {
    // RFC 1939 §3: without the final dot's line no client takes what it has for the whole message.
    live.end(causeOf(failure))
    return
  }
  live.send('client', systemRefusal(failure))
  if (phase.at !== 'arriving') goOn(live)
}

/** The client has waited for so long that it must hear something. */
export function keepAlive<F extends Examined, C>(live: Live<F, C>): void {
  const { phase } = live
  if (phase.at !== 'arriving' && phase.at !== 'judging' && phase.at !== 'quarantining') return
  const { message } = phase
  const waits = message.waits + 1
  if (message.status === 'owed') live.send('client', ok('message follows'))
  live.send('client', waitLine(waits * live.options.timeouts.keepalive))
  live.phase = { ...phase, message: { ...message, waits, status: 'sent' } }
}

function carryOut<F extends Examined, C>(
  live: Live<F, C>,
  message: Message,
  { size, sha256 }: Examined,
  decision: MessageDecision<C>,
): void {
  for (const record of decision.records) live.emit({ kind: 'record', record })
  switch (decision.outcome) {
    case 'deliver':
      relay(live, message, decision.content, { kind: 'message', size, sha256 })
      return
    case 'refuse':
      if (message.status === 'sent') relay(live, message, decision.notice, { kind: 'notice' })
      else {
        live.emit({ kind: 'abandon', id: message.id })
        live.send('client', systemRefusal(decision.failure))
        goOn(live)
      }
      return
    case 'drop':
    case 'block':
      if (decision.outcome === 'block') live.emit({ kind: 'block' })
      live.end({ by: 'configuration', reason: decision.reason }, 'abort')
  }
}

function relay<F extends Examined, C>(
  live: Live<F, C>,
  message: Message,
  content: C | undefined,
  relays: Extract<Phase<F, C>, { at: 'relaying' }>['relays'],
): void {
  const { id, lines, status } = message
  live.emit({ kind: 'relay', id, content, status: status === 'owed' ? 'send' : 'sent', lines })
  live.phase = { at: 'relaying', message, relays }
}

/** The command is answered; what the server has said behind the message is heard now. */
function goOn<F extends Examined, C>(live: Live<F, C>): void {
  live.phase = { at: 'transaction' }
  live.resume('server')
  live.answered()
}

/** The server fell silent or broke off. Whether there was anything it owed. */
export function serverLost<F extends Examined, C>(live: Live<F, C>, text: string): boolean {
  switch (live.phase.at) {
    case 'discarding':
      // The client has its answer; the next command will hear of the loss.
      goOn(live)
      return true
    case 'authorization':
    case 'transaction':
      if (live.queue.length === 0) return false
      break
    case 'greeting':
    case 'securing':
    case 'authenticating':
    case 'arriving':
      break
    case 'new':
    case 'connecting':
    case 'welcoming':
    case 'refusing':
    case 'upgrading':
    case 'judging':
    case 'quarantining':
    case 'relaying':
    case 'ended':
      return false
  }
  breakOff(live, { blame: 'server', text, permanent: false })
  return true
}
