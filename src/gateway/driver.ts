/**
 * One session's rim: the only loop between the core and the world. Inputs go into the Session one
 * after the other, the Effects that come out are carried out in order; what takes time comes back as
 * an Input of its own.
 */
import type { Socket } from 'node:net'
import type { SessionRecord } from '../events/index.ts'
import { Examination, type Findings } from '../inspect/index.ts'
import {
  createSession,
  type Effect,
  type Ending,
  type Failure,
  type Input,
  type LegName,
  type Session,
  type SessionOptions,
  type TimerName,
} from '../pop3/index.ts'
import type { ClientHello } from '../tls/index.ts'
import { ClientTls } from './client-tls.ts'
import { Leg } from './leg.ts'
import { relay } from './relay.ts'
import { type Rendering, render } from './render.ts'
import { ServerLink } from './server-link.ts'
import type { Place } from './services.ts'

export interface DriverOptions {
  /** In clear, or with a ClientHello that was read and put back. */
  readonly socket: Socket
  /** Present when the client came with TLS from the first byte. */
  readonly hello: ClientHello | undefined
  readonly place: Place
  readonly session: SessionOptions<Findings, Rendering>
  /** The session's id in the log. */
  readonly id: string
  /** Shuts the client's address out. */
  readonly block: () => void
  /** Once, when both legs are closed. */
  readonly ended: () => void
}

type AnyEffect = Effect<Rendering>
type AnyInput = Input<Findings>

export class Driver {
  readonly #options: DriverOptions
  readonly #session: Session<Findings, Rendering>
  readonly #legs: Readonly<Record<LegName, Leg>>
  readonly #server: ServerLink
  readonly #clientTls: ClientTls
  readonly #timers = new Map<TimerName, Timer>()
  readonly #examinations = new Map<number, Held>()
  readonly #begun: number
  readonly #queue: AnyInput[] = []
  readonly #effects: AnyEffect[] = []
  #running = false
  #over = false

  constructor(options: DriverOptions) {
    const { socket, place, session } = options
    this.#options = options
    this.#begun = place.services.clock.monotonic()
    this.#session = createSession(session)
    const { writeStall } = place.snapshot.timeouts
    this.#legs = {
      client: new Leg(this.#hooks('client', ['client', 'server']), writeStall),
      server: new Leg(this.#hooks('server', ['client']), writeStall),
    }
    const record = (event: SessionRecord) => this.#record(event)
    this.#server = new ServerLink(this.#legs.server, place, record)
    this.#clientTls = new ClientTls(this.#legs.client, place, record)
    socket.on('error', ignore)
    if (session.clientTls === 'none') this.#legs.client.attach(socket)
    else this.#clientTls.hold(socket, options.hello)
  }

  start(): void {
    this.#input({ kind: 'start' })
  }

  /** Postern is going: the session ends between two replies. */
  drain(): void {
    this.#input({ kind: 'drain' })
  }

  /** At once, whatever is under way. */
  abort(reason: string): void {
    if (!this.#over) this.#finish({ by: 'postern', reason, user: undefined, messages: 0 })
  }

  #hooks(leg: LegName, pausing: readonly LegName[]) {
    const reason = `${leg} is slow`
    return {
      data: (bytes: Uint8Array) => this.#input({ kind: 'bytes', leg, bytes }),
      closed: () => this.#input({ kind: 'closed', leg }),
      // Whoever feeds a slow peer waits too; a client that takes no replies may give no commands.
      blocked: () => {
        for (const other of pausing) this.#legs[other].pause(reason)
      },
      drained: () => {
        for (const other of pausing) this.#legs[other].resume(reason)
      },
    }
  }

  #input(input: AnyInput): void {
    if (this.#over) return
    // An effect may answer at once; its answer waits until the effects before it are carried out.
    if (this.#running) {
      this.#queue.push(input)
      return
    }
    this.#running = true
    try {
      for (let next: AnyInput | undefined = input; next !== undefined; next = this.#queue.shift()) {
        this.#session.handle(next, this.#effects)
        for (const effect of this.#effects) this.#perform(effect)
        this.#effects.length = 0
      }
    } catch (error) {
      this.#fault(error)
    }
    this.#running = false
  }

  #perform(effect: AnyEffect) {
    switch (effect.kind) {
      case 'send':
        return this.#legs[effect.leg].write(effect.bytes)
      case 'examine':
        return this.#examine(effect.id, effect.chunk)
      case 'connect':
        return this.#answer('connect', this.#server.connect(), { kind: 'connected' })
      case 'startTls':
        return this.#startTls(effect.leg, effect.purpose)
      case 'begin':
        return this.#begin(effect.id, effect.scope)
      case 'finish':
        return this.#finishExamination(effect.id)
      case 'abandon':
        return this.#discard(effect.id)
      case 'quarantine':
        return this.#quarantine(effect.id, effect.content)
      case 'relay':
        return this.#relay(effect)
      case 'record':
        return this.#record(effect.record)
      case 'pause':
        return this.#legs[effect.leg].pause('session')
      case 'resume':
        return this.#legs[effect.leg].resume('session')
      case 'setTimer':
        return this.#setTimer(effect.timer, effect.milliseconds)
      case 'clearTimer':
        return this.#clearTimer(effect.timer)
      case 'close':
        return this.#close(effect.leg, effect.how)
      case 'block':
        return this.#options.block()
      case 'end':
        return this.#finish(effect.ending)
      default:
        return effect satisfies never
    }
  }

  /** Hands on what came of a wait. */
  #answer(effect: 'connect' | 'startTls', wait: Promise<Failure | undefined>, done: AnyInput): void {
    wait.then(
      (failure) => this.#input(failure === undefined ? done : { kind: 'failed', effect, failure }),
      (error: unknown) => this.#fault(error),
    )
  }

  #startTls(leg: LegName, purpose: 'serve' | 'refuse'): void {
    if (leg === 'server') {
      this.#answer('startTls', this.#server.startTls(), { kind: 'tlsUp', leg })
      return
    }
    this.#clientTls.start(purpose, this.#server.verified).then(
      (up) => this.#input(up ? { kind: 'tlsUp', leg } : { kind: 'closed', leg }),
      (error: unknown) => this.#fault(error),
    )
  }

  #begin(id: number, scope: 'message' | 'headers'): void {
    const { services, scanners } = this.#options.place
    const examination = new Examination(services.inspect, scanners, scope)
    this.#examinations.set(id, { examination, begun: services.clock.monotonic() })
  }

  #examine(id: number, chunk: Uint8Array): void {
    const held = this.#examinations.get(id)
    if (held === undefined || held.examination.write(chunk)) return
    const reason = `message ${id} is held`
    this.#legs.server.pause(reason)
    held.examination.drained().then(
      () => this.#legs.server.resume(reason),
      (error: unknown) => {
        this.#legs.server.resume(reason)
        this.#failMessage('examine', id, diskFailure(error))
      },
    )
  }

  #finishExamination(id: number): void {
    this.#examinations
      .get(id)
      ?.examination.finish()
      .then(
        (findings) => this.#input({ kind: 'findings', id, findings }),
        (error: unknown) => this.#failMessage('examine', id, diskFailure(error)),
      )
  }

  #quarantine(id: number, content: Rendering | undefined) {
    const held = this.#examinations.get(id)
    const { services } = this.#options.place
    if (held === undefined || content === undefined)
      return this.#failMessage('quarantine', id, quarantineFailure('the message is gone'))
    const { facts, decision, eventId } = content.options
    const { from, subject, sha256 } = facts
    const reason = decision.why?.reason ?? ''
    const note = { event: eventId, from, subject, sha256, reason, at: services.clock.now() }
    services.quarantine.keep(held.examination.content(), note).then(
      () => this.#input({ kind: 'quarantined', id }),
      (error: unknown) => this.#failMessage('quarantine', id, quarantineFailure(error)),
    )
  }

  #relay({ id, status, lines, content }: Extract<AnyEffect, { kind: 'relay' }>) {
    const held = this.#examinations.get(id)
    const client = this.#legs.client
    if (held === undefined) return this.#failMessage('relay', id, diskFailure('the message is gone'))
    const { examination, begun } = held
    const { services } = this.#options.place
    const pieces =
      content === undefined ? examination.content() : render(examination, content, services.inspect.locker)
    relay(client, { status: status === 'send' ? retrieved : undefined, content: pieces, lines })
      .then(
        (result) => {
          const milliseconds = Math.round(services.clock.monotonic() - begun)
          if (!client.isOver) this.#input({ kind: 'relayed', id, relayed: { ...result, milliseconds } })
        },
        // Some of it has left: without the final dot the client knows that it is not whole.
        (error: unknown) => this.#fault(error),
      )
      .finally(() => this.#discard(id))
  }

  #failMessage(effect: 'examine' | 'quarantine' | 'relay', id: number, failure: Failure): void {
    if (!this.#examinations.has(id)) return
    this.#discard(id)
    this.#input({ kind: 'failed', effect, id, failure })
  }

  #discard(id: number): void {
    this.#examinations.get(id)?.examination.discard()
    this.#examinations.delete(id)
  }

  /** Set and cleared with every command: a timer that is there is wound up again, and one that is not wanted runs out in silence. */
  #setTimer(timer: TimerName, milliseconds: number): void {
    const known = this.#timers.get(timer)
    if (known !== undefined && known.milliseconds === milliseconds) {
      known.wanted = true
      known.timeout.refresh()
      return
    }
    if (known !== undefined) clearTimeout(known.timeout)
    const made: Timer = {
      ...{ milliseconds, wanted: true },
      timeout: setTimeout(() => {
        if (!made.wanted) return
        made.wanted = false
        this.#input({ kind: 'timer', timer })
      }, milliseconds),
    }
    this.#timers.set(timer, made)
  }

  #clearTimer(timer: TimerName): void {
    const known = this.#timers.get(timer)
    if (known !== undefined) known.wanted = false
  }

  #close(leg: LegName, how: 'flush' | 'abort'): void {
    if (leg === 'client') this.#clientTls.abandon()
    else this.#server.abandon()
    this.#legs[leg].close(how)
  }

  #record(record: SessionRecord): void {
    this.#options.place.services.events.record({ session: this.#options.id, ...record })
  }

  /** A fault of ours ends this session and no other; nothing unjudged has left. */
  #fault(error: unknown): void {
    if (this.#over) return
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const { events } = this.#options.place.services
    events.record({
      code: 'internal.fault',
      session: this.#options.id,
      reason: reason.slice(0, longestReason),
    })
    this.#finish({ by: 'postern', reason: 'a fault of Postern', user: undefined, messages: 0 })
  }

  #finish(ending: Ending): void {
    if (this.#over) return
    this.#over = true
    for (const { timeout } of this.#timers.values()) clearTimeout(timeout)
    for (const id of this.#examinations.keys()) this.#discard(id)
    for (const leg of ['client', 'server'] as const) if (!this.#legs[leg].isOver) this.#close(leg, 'abort')
    const { client, server } = this.#legs
    const seconds = (this.#options.place.services.clock.monotonic() - this.#begun) / 1000
    this.#record({
      ...{ code: 'session.ended', by: ending.by, reason: ending.reason, user: ending.user },
      messages: ending.messages,
      ...{ clientBytesIn: client.bytesIn, clientBytesOut: client.bytesOut },
      ...{ serverBytesIn: server.bytesIn, serverBytesOut: server.bytesOut },
      seconds: Math.round(seconds * 1000) / 1000,
    })
    this.#options.ended()
  }
}

interface Held {
  readonly examination: Examination
  /** Monotonic milliseconds. */
  readonly begun: number
}

interface Timer {
  readonly milliseconds: number
  readonly timeout: NodeJS.Timeout
  wanted: boolean
}

const retrieved = new TextEncoder().encode('+OK message follows\r\n')
/** Of a stack trace in the log, in characters. */
const longestReason = 2000

function quarantineFailure(error: unknown): Failure {
  return { blame: 'postern', text: `no copy could be put into quarantine${codeOf(error)}`, permanent: false }
}

function diskFailure(error: unknown): Failure {
  return { blame: 'postern', text: `the message cannot be held${codeOf(error)}`, permanent: false }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
}

function ignore(): void {}
