/** What all parts of a session share: its phase, its two legs, what is owed, and the way out. */
import { join, LineReader } from '../bytes/index.ts'
import type { Effect, Examined, LegName, SessionOptions } from './door.ts'
import type { Cause, Outstanding, Phase } from './phase.ts'
import { messageOf } from './phase.ts'

/** Pieces up to this many octets are joined; a TLS record holds as many (RFC 8446 §5.1). */
const joined = 16 * 1024

export interface ClientLeg {
  readonly lines: LineReader
  /** `waiting`: its ClientHello was read, not answered. */
  tls: 'none' | 'waiting' | 'handshaking' | 'up'
  /** It will send nothing more. */
  gone: boolean
  paused: boolean
  /** It has sent a command. */
  spoke: boolean
  /** Commands that no POP3 client sends. */
  bad: number
  /** RFC 6856 §2: UTF8 was accepted. */
  utf8: boolean
}

export interface ServerLeg {
  readonly lines: LineReader
  /** `gone`: it has closed. `none`: never asked for, not to be had, or closed by us. */
  link: 'none' | 'asked' | 'up' | 'gone'
  /** TLS by STLS. */
  secured: boolean
  paused: boolean
  /** RFC 2449 §6.8: it said, since the leg is what it is, that it takes commands ahead of replies. */
  pipelining: boolean
}

/** Which timers run; for `keepalive`, for which message. */
export interface Timers {
  firstCommand: boolean
  idle: boolean
  reply: boolean
  keepalive: number | undefined
}

export class Live<F extends Examined, C> {
  readonly options: SessionOptions<F, C>
  phase: Phase<F, C> = { at: 'new' }
  readonly client: ClientLeg
  readonly server: ServerLeg
  readonly queue: Outstanding[] = []
  readonly timers: Timers = { firstCommand: false, idle: false, reply: false, keepalive: undefined }
  /** Who logs in; not yet believed. */
  claimed: string | undefined
  /** Who has logged in. */
  user: string | undefined
  readonly uidls = new Map<number, string>()
  lastId = 0
  delivered = 0
  /** During one input: the client gave a line; the server gave octets. Timers start anew for it. */
  took = false
  heard = false
  /** Postern is going. */
  draining = false
  #out: Effect<C>[] = []
  /** Where the effects of this input begin in `#out`. */
  #from = 0

  constructor(options: SessionOptions<F, C>) {
    this.options = options
    this.client = {
      ...{ lines: new LineReader(), tls: options.clientTls === 'implicit' ? 'waiting' : 'none' },
      ...{ gone: false, paused: false, spoke: false, bad: 0, utf8: false },
    }
    this.server = {
      ...{ lines: new LineReader(), link: 'none', secured: false, paused: false, pipelining: false },
    }
  }

  /** Effects go there from now on. */
  into(out: Effect<C>[]): void {
    this.#out = out
    this.#from = out.length
  }

  emit(effect: Effect<C>): void {
    this.#out.push(effect)
  }

  /** The bytes must be the session's own: they belong to the rim from now on. */
  send(leg: LegName, bytes: Uint8Array): void {
    const at = this.#out.length - 1
    const before = at >= this.#from ? this.#out[at] : undefined
    // Small pieces leave as one, so that they travel as one TLS record.
    if (before?.kind === 'send' && before.leg === leg && before.bytes.length + bytes.length <= joined)
      this.#out[at] = { kind: 'send', leg, bytes: join([before.bytes, bytes]) }
    else this.#out.push({ kind: 'send', leg, bytes })
  }

  pause(leg: LegName): void {
    this[leg].paused = true
    this.emit({ kind: 'pause', leg })
  }

  resume(leg: LegName): void {
    if (!this[leg].paused) return
    this[leg].paused = false
    this.emit({ kind: 'resume', leg })
  }

  /** Gives a reply of our own its place behind what is owed before it. */
  answer(reply: Uint8Array): void {
    if (this.queue.length === 0) this.send('client', reply)
    else this.queue.push({ kind: 'own', reply })
  }

  /** The first thing owed was given whole; replies of our own that waited only for it follow. */
  answered(): void {
    this.queue.shift()
    for (let head = this.queue[0]; head?.kind === 'own'; head = this.queue[0]) {
      this.send('client', head.reply)
      this.queue.shift()
    }
  }

  closeServer(how: 'flush' | 'abort'): void {
    if (this.server.link !== 'none') this.emit({ kind: 'close', leg: 'server', how })
    this.server.link = 'none'
    this.server.lines.clear()
  }

  /** Ends the session. `quit`: the server has answered the client's QUIT. */
  end(cause: Cause, how: 'flush' | 'abort' | 'quit' = 'flush'): void {
    const message = messageOf(this.phase)
    if (message !== undefined) this.emit({ kind: 'abandon', id: message.id })
    // RFC 1939 §6: only QUIT lets a server delete. Without it the connection is broken off, never said farewell to.
    this.closeServer(how === 'quit' ? 'flush' : 'abort')
    this.emit({ kind: 'close', leg: 'client', how: how === 'abort' ? 'abort' : 'flush' })
    this.emit({ kind: 'end', ending: { ...cause, user: this.user, messages: this.delivered } })
    this.client.lines.clear()
    this.queue.length = 0
    this.phase = { at: 'ended' }
  }
}
