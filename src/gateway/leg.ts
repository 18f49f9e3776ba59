/**
 * One end of a session: a socket, in clear or in TLS, with counted octets, back-pressure, and a peer
 * that may take its time but not for ever. Everything is told to hooks; nothing throws.
 */
import type { Socket } from 'node:net'

export interface LegHooks {
  readonly data: (bytes: Uint8Array) => void
  /** Once: the peer sends nothing more, or is gone. Not after `close`. */
  readonly closed: () => void
  /** The peer takes less than it is sent, and then enough again. */
  readonly blocked: () => void
  readonly drained: () => void
}

/** After a flushing close the peer has this long to read what is left, in milliseconds. */
const lingerTime = 2000

export class Leg {
  bytesIn = 0
  bytesOut = 0
  readonly #hooks: LegHooks
  readonly #writeStall: number
  #socket: Socket | undefined
  #state: 'open' | 'over' = 'open'
  readonly #pauses = new Set<string>()
  #blocked = false
  #waiting: (() => void)[] = []

  /** @param writeStall milliseconds in which a peer must take at least something of what waits for it */
  constructor(hooks: LegHooks, writeStall: number) {
    this.#hooks = hooks
    this.#writeStall = writeStall
  }

  get isOver(): boolean {
    return this.#state === 'over'
  }

  get isBlocked(): boolean {
    return this.#blocked
  }

  /** Begins to read. The socket belongs to the leg until `detach`. */
  attach(socket: Socket): void {
    this.#socket = socket
    socket.on('data', this.#onData)
    socket.on('end', this.#onGone)
    socket.on('close', this.#onGone)
    socket.on('drain', this.#onDrain)
    socket.on('timeout', this.#onStall)
    if (socket.destroyed || socket.readableEnded) queueMicrotask(this.#onGone)
    else this.#flow()
  }

  /** Lets go of the socket, paused, for a TLS handshake. Its errors must be listened to by the caller. */
  detach(): Socket | undefined {
    const socket = this.#socket
    if (socket === undefined) return undefined
    this.#socket = undefined
    socket.off('data', this.#onData)
    socket.off('end', this.#onGone)
    socket.off('close', this.#onGone)
    socket.off('drain', this.#onDrain)
    socket.off('timeout', this.#onStall)
    socket.pause()
    return socket
  }

  /** Sends; what cannot leave at once is held, and `blocked` is told when that is too much. */
  write(bytes: Uint8Array): void {
    const socket = this.#socket
    if (socket === undefined || this.#state === 'over') return
    this.bytesOut += bytes.length
    if (!socket.write(bytes)) this.#block(socket)
  }

  /** Several writes that leave together. */
  together(writes: () => void): void {
    const socket = this.#socket
    socket?.cork()
    writes()
    socket?.uncork()
    if (socket?.writableNeedDrain === true) this.#block(socket)
  }

  /** Resolves when everything written has left for the kernel, or the leg is over. */
  async flushed(): Promise<void> {
    const socket = this.#socket
    if (socket === undefined || this.#state === 'over' || socket.writableLength === 0) return
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
      socket.write(empty, this.#wake)
    })
  }

  /** Resolves when the peer has taken enough for more to be sent, or the leg is over. */
  async drained(): Promise<void> {
    if (!this.#blocked || this.#state === 'over') return
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Stops reading as long as any reason stands. */
  pause(reason: string): void {
    this.#pauses.add(reason)
    this.#socket?.pause()
  }

  resume(reason: string): void {
    if (this.#pauses.delete(reason)) this.#flow()
  }

  /** `flush`: what was written still leaves, then FIN; `abort`: at once. Hooks stay silent from now on. */
  close(how: 'flush' | 'abort'): void {
    const socket = this.#socket
    const over = this.#state === 'over'
    this.#state = 'over'
    this.#wake()
    if (socket === undefined) return
    if (how === 'abort' || over || socket.destroyed) {
      socket.destroy()
      return
    }
    socket.setTimeout(0)
    const timer = setTimeout(() => socket.destroy(), this.#blocked ? this.#writeStall : lingerTime)
    socket.once('close', () => clearTimeout(timer))
    // What still comes is read and thrown away: unread octets would turn the FIN into a reset.
    socket.resume()
    socket.end(() => {
      if (socket.readableEnded) socket.destroy()
    })
  }

  #flow(): void {
    if (this.#pauses.size === 0 && this.#state === 'open') this.#socket?.resume()
  }

  #block(socket: Socket): void {
    if (this.#blocked) return
    this.#blocked = true
    // Node starts this timer anew whenever the kernel takes some of what waits.
    socket.setTimeout(this.#writeStall)
    this.#hooks.blocked()
  }

  readonly #onData = (bytes: Buffer) => {
    this.bytesIn += bytes.length
    if (this.#state === 'open') this.#hooks.data(bytes)
  }

  readonly #onGone = () => {
    if (this.#state === 'over') {
      this.#socket?.destroy()
      return
    }
    this.#state = 'over'
    this.#wake()
    this.#hooks.closed()
  }

  readonly #onDrain = () => {
    if (!this.#blocked) return
    this.#blocked = false
    this.#socket?.setTimeout(0)
    this.#wake()
    if (this.#state === 'open') this.#hooks.drained()
  }

  readonly #onStall = () => {
    if (this.#blocked) this.#socket?.destroy()
  }

  readonly #wake = () => {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

const empty = new Uint8Array(0)
