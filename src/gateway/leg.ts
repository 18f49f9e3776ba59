/**
 * One end of a session: a socket, in clear or in TLS, with counted octets, back-pressure, and a peer
 * that may take its time but not for ever. Everything is told to hooks; nothing throws.
 */
import type { Socket } from 'node:net'
import type { Inlet } from './inlet.ts'

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
  #inlet: Inlet | undefined
  #state: 'open' | 'over' = 'open'
  readonly #pauses = new Set<string>()
  #blocked = false
  /** Resolved when the leg drains or is over. */
  readonly #draining = new Set<() => void>()
  /** Resolved when the leg is over. */
  readonly #waiting = new Set<() => void>()

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

  /**
   * Begins to read. The socket belongs to the leg until `detach`.
   *
   * @param inlet where its octets come in, if not by its own events
   */
  attach(socket: Socket, inlet?: Inlet): void {
    this.#socket = socket
    this.#inlet = inlet
    if (inlet === undefined) socket.on('data', this.#onData)
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
    this.#inlet?.pause()
    this.#inlet = undefined
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

  /** Sends, and resolves when it and all before it have left for the kernel, or the leg is over. */
  async writeThrough(bytes: Uint8Array): Promise<void> {
    const socket = this.#socket
    if (socket === undefined || this.#state === 'over') return
    this.bytesOut += bytes.length
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve)
      const through = () => {
        this.#waiting.delete(resolve)
        resolve()
      }
      if (!socket.write(bytes, through)) this.#block(socket)
    })
  }

  /** Resolves when the peer has taken enough for more to be sent, or the leg is over. */
  async drained(): Promise<void> {
    if (!this.#blocked || this.#state === 'over') return
    await new Promise<void>((resolve) => this.#draining.add(resolve))
  }

  /** Stops reading as long as any reason stands. */
  pause(reason: string): void {
    this.#pauses.add(reason)
    this.#inlet?.pause()
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
    this.#wake(this.#draining, this.#waiting)
    if (socket === undefined) return
    if (how === 'abort' || over || socket.destroyed) {
      socket.destroy()
      return
    }
    socket.setTimeout(0)
    const timer = setTimeout(() => socket.destroy(), this.#blocked ? this.#writeStall : lingerTime)
    socket.once('close', () => clearTimeout(timer))
    // What still comes is read and thrown away: unread octets would turn the FIN into a reset. When both
    // sides have ended, Node closes the socket by itself.
    socket.resume()
    socket.end()
  }

  #flow(): void {
    if (this.#pauses.size > 0 || this.#state !== 'open') return
    this.#socket?.resume()
    if (this.#inlet !== undefined) queueMicrotask(this.#drawHeld)
  }

  #block(socket: Socket): void {
    if (this.#blocked) return
    this.#blocked = true
    // Node starts this timer anew whenever the kernel takes some of what waits.
    socket.setTimeout(this.#writeStall)
    this.#hooks.blocked()
  }

  readonly #onData = (bytes: Uint8Array) => {
    this.bytesIn += bytes.length
    if (this.#state === 'open') this.#hooks.data(bytes)
  }

  /** What came while nobody read. Not within `resume`: the caller may be in the middle of something. */
  readonly #drawHeld = () => {
    if (this.#pauses.size === 0 && this.#state === 'open') this.#inlet?.flow(this.#onData)
  }

  readonly #onGone = () => {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.#wake(this.#draining, this.#waiting)
    this.#hooks.closed()
  }

  readonly #onDrain = () => {
    if (!this.#blocked) return
    this.#blocked = false
    this.#socket?.setTimeout(0)
    this.#wake(this.#draining)
    if (this.#state === 'open') this.#hooks.drained()
  }

  readonly #onStall = () => {
    if (this.#blocked) this.#socket?.destroy()
  }

  #wake(...groups: readonly Set<() => void>[]): void {
    for (const group of groups) {
      for (const resolve of group) resolve()
      group.clear()
    }
  }
}
