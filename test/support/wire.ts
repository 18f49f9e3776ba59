/**
 * A POP3 client that hides nothing: lines and multi-line replies exactly as they came, over a socket,
 * TLS, or the pipes of a program. It knows only enough POP3 to see where a reply ends.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { connect as connectTls, type TLSSocket } from 'node:tls'

const CRLF = Buffer.from('\r\n')
const END = Buffer.from('\r\n.\r\n')

export interface Reply {
  /** The first line, without CRLF. */
  readonly status: string
  /** What follows it, dot-stuffed as on the wire, without the final `.` line; empty after `-ERR`. */
  readonly body: Buffer
}

/** Reads and writes one connection. Every wait ends after `patience` milliseconds with an error. */
export class Wire {
  readonly #writable: Writable
  readonly #readable: Readable
  readonly #patience: number
  #bytes = Buffer.alloc(65_536)
  #length = 0
  #ended = false
  #wake: () => void = () => {}
  readonly #take = (chunk: Buffer) => this.#append(chunk)
  readonly #finish = () => {
    this.#ended = true
    this.#wake()
  }

  constructor(readable: Readable, writable: Writable, patience = 30_000) {
    this.#readable = readable
    this.#writable = writable
    this.#patience = patience
    readable.on('data', this.#take)
    for (const event of ['end', 'close', 'error']) readable.on(event, this.#finish)
    // A peer that closes early is seen by whoever reads.
    writable.on('error', () => {})
  }

  /** What has arrived and was not read. */
  get pending(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Whether the peer has closed; what came before may still be pending. */
  get ended(): boolean {
    return this.#ended
  }

  /** Sends text as Latin-1 and adds nothing. */
  send(text: string | Uint8Array): void {
    this.#writable.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text)
  }

  /** Sends a command and reads the one line of its reply. */
  async command(text: string): Promise<string> {
    this.send(`${text}\r\n`)
    return this.line()
  }

  /** Sends a command whose reply has many lines unless it is `-ERR`. */
  async fetch(text: string): Promise<Reply> {
    this.send(`${text}\r\n`)
    return this.multiline()
  }

  /** The next line without its CRLF. Rejects when the connection ends first. */
  async line(): Promise<string> {
    const end = await this.#find(CRLF, 0)
    return this.#cut(end + 2)
      .subarray(0, -2)
      .toString('latin1')
  }

  async multiline(): Promise<Reply> {
    const status = await this.#find(CRLF, 0)
    if (!this.pending.subarray(0, 3).equals(Buffer.from('+OK')))
      return { status: await this.line(), body: Buffer.alloc(0) }
    // The status line's own CRLF may be the one before the final dot.
    const end = await this.#find(END, status)
    const all = this.#cut(end + END.length)
    return { status: all.subarray(0, status).toString('latin1'), body: all.subarray(status + 2, end + 2) }
  }

  /** All that still comes until the peer closes. */
  async rest(): Promise<Buffer> {
    await this.#until(() => this.#ended, 'the end of the connection')
    return this.#cut(this.#length)
  }

  /** Resolves when at least `count` octets are pending, or the peer has closed. */
  async arrived(count: number): Promise<void> {
    await this.#until(() => this.#length >= count || this.#ended, `${count} octets`)
  }

  /** Lets go of the streams, so that somebody else can read them: for STLS. */
  release(): void {
    this.#readable.off('data', this.#take)
    for (const event of ['end', 'close', 'error']) this.#readable.off(event, this.#finish)
  }

  #append(chunk: Buffer): void {
    if (this.#length + chunk.length > this.#bytes.length) {
      const larger = Buffer.alloc(2 * (this.#length + chunk.length))
      this.#bytes.copy(larger, 0, 0, this.#length)
      this.#bytes = larger
    }
    chunk.copy(this.#bytes, this.#length)
    this.#length += chunk.length
    this.#wake()
  }

  #cut(count: number): Buffer {
    const piece = Buffer.from(this.#bytes.subarray(0, count))
    this.#bytes.copyWithin(0, count, this.#length)
    this.#length -= count
    return piece
  }

  async #find(what: Buffer, from: number): Promise<number> {
    let searched = from
    let at = -1
    const found = () => {
      at = this.pending.indexOf(what, searched)
      if (at === -1) searched = Math.max(from, this.#length - what.length + 1)
      return at !== -1
    }
    await this.#until(() => found() || this.#ended, JSON.stringify(what.toString()))
    if (at === -1) throw new Error(`the connection ended; unread: ${shown(this.pending)}`)
    return at
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const end = performance.now() + this.#patience
    while (!condition()) {
      const left = end - performance.now()
      if (left <= 0) throw new Error(`waited in vain for ${what}; unread: ${shown(this.pending)}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}

export interface Connection {
  readonly wire: Wire
  readonly socket: Socket
}

/** A connection in clear. The greeting is still to be read. */
export async function dial(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return { socket, wire: new Wire(socket, socket) }
}

export interface TlsConnection extends Connection {
  readonly socket: TLSSocket
}

export interface Secured {
  /** PEM of the authority to trust. */
  readonly authority: string
  /** Sent as server name, and checked against the certificate. */
  readonly servername?: string
  /** `false`: any name will do, as long as the authority signed. */
  readonly checkName?: boolean
}

/** TLS from the first byte. Rejects when the handshake fails or the certificate is not the authority's. */
export async function dialTls(port: number, secured: Secured): Promise<TlsConnection> {
  const socket = connectTls({ port, host: '127.0.0.1', ...tlsOptions(secured) })
  await once(socket, 'secureConnect')
  socket.setNoDelay(true)
  return { socket, wire: new Wire(socket, socket) }
}

/** TLS over a connection whose peer has just agreed to it (RFC 2595 §4). */
export async function upgrade({ wire, socket }: Connection, secured: Secured): Promise<TlsConnection> {
  wire.release()
  const over = connectTls({ socket, ...tlsOptions(secured) })
  await once(over, 'secureConnect')
  return { socket: over, wire: new Wire(over, over) }
}

function tlsOptions({ authority, servername = 'localhost', checkName = true }: Secured) {
  return {
    ...{ servername, ca: authority, ALPNProtocols: ['pop3'] },
    ...(checkName ? {} : { checkServerIdentity: () => undefined }),
  }
}

/** Dot-stuffs canonical text (RFC 1939 §3): as it must look on the wire, without the final `.` line. */
export function stuffed(text: Buffer): Buffer {
  return Buffer.from(text.toString('latin1').replaceAll(/(?<=^|\n)\./g, '..'), 'latin1')
}

/** Takes the stuffing out again: as a mail program keeps what it was sent. */
export function unstuffed(text: Buffer): Buffer {
  return Buffer.from(text.toString('latin1').replaceAll(/(?<=^|\r\n)\./g, ''), 'latin1')
}

function shown(bytes: Buffer): string {
  return JSON.stringify(bytes.subarray(-200).toString('latin1'))
}
