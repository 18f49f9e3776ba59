/**
 * A POP3 server that does what a test's script says, in clear or TLS, and keeps every octet it was
 * sent. For the faults that no real server shows on demand; the everyday server in tests is Dovecot.
 */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { portOf } from './ports.ts'
import { Wire } from './wire.ts'

/** One connection to the scripted server, as its script sees it. */
export interface UpstreamSession {
  /** The next command, without CRLF. Rejects when the peer has gone. */
  line(): Promise<string>
  /** Sends octets as they are (strings as Latin-1); resolves when they left for the kernel. */
  send(data: string | Uint8Array): Promise<void>
  /** Becomes a TLS server on this connection. Rejects when the handshake fails. */
  startTls(): Promise<void>
  /** Sends FIN. */
  end(): void
  /** Breaks off, as a killed server does. */
  abort(): void
  /** Octets that came in clear, and those that came through TLS. */
  readonly inClear: Buffer
  readonly inTls: Buffer
  /** All commands that were received so far, in either way: lines, without CRLF. */
  readonly commands: readonly string[]
  readonly closed: boolean
  /** Resolves when the connection is gone. */
  readonly gone: Promise<void>
}

export type Script = (session: UpstreamSession) => Promise<void>

export interface UpstreamOptions {
  /** PEM; needed when the script speaks TLS. */
  readonly certificate?: string
  readonly key?: string
  /** OpenSSL ciphers, to let weak certificates be shown. */
  readonly ciphers?: string
  /** `true`: TLS from the first byte; the script begins after the handshake. */
  readonly implicit?: boolean
  readonly script: Script
}

export interface Upstream {
  readonly port: number
  /** Every connection so far, in order. */
  readonly sessions: readonly UpstreamSession[]
  stop(): Promise<void>
}

/** Starts the server on a free port of 127.0.0.1. A script that fails ends its own session only. */
export async function startUpstream(options: UpstreamOptions): Promise<Upstream> {
  const sessions: ScriptedSession[] = []
  const server = createServer({ noDelay: true }, (socket) => {
    const session = new ScriptedSession(socket, options)
    sessions.push(session)
    const play = async () => {
      if (options.implicit === true) await session.startTls()
      await options.script(session)
    }
    // A peer that goes away makes every wait in the script fail: that is what many tests are about.
    play().catch(() => session.abort())
  })
  server.listen(0, '127.0.0.1', 1024)
  await once(server, 'listening')
  return {
    port: portOf(server),
    sessions,
    stop: async () => {
      for (const session of sessions) session.abort()
      server.close()
      await once(server, 'close')
    },
  }
}

class ScriptedSession implements UpstreamSession {
  readonly gone: Promise<void>
  readonly #options: UpstreamOptions
  readonly #plain: Socket
  readonly #clear: Buffer[] = []
  readonly #secured: Buffer[] = []
  readonly #keepClear = (chunk: Buffer) => void this.#clear.push(chunk)
  #socket: Socket
  #wire: Wire

  constructor(socket: Socket, options: UpstreamOptions) {
    this.#options = options
    this.#plain = socket
    this.#socket = socket
    socket.on('error', () => {})
    this.gone = new Promise((resolve) => socket.once('close', () => resolve()))
    if (options.implicit !== true) socket.on('data', this.#keepClear)
    this.#wire = new Wire(socket, socket)
  }

  line(): Promise<string> {
    return this.#wire.line()
  }

  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data
    if (this.closed) throw new Error('the peer has gone')
    await new Promise<void>((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(error) : resolve()))
    })
  }

  async startTls(): Promise<void> {
    const { certificate, key, ciphers } = this.#options
    this.#wire.release()
    this.#plain.off('data', this.#keepClear)
    const secureContext = createSecureContext({
      ...(certificate === undefined ? {} : { cert: certificate }),
      ...(key === undefined ? {} : { key }),
      ...(ciphers === undefined ? {} : { ciphers }),
    })
    const secured = new TLSSocket(this.#plain, { isServer: true, secureContext, ALPNProtocols: ['pop3'] })
    secured.on('error', () => this.#plain.destroy())
    secured.on('data', (chunk: Buffer) => this.#secured.push(chunk))
    this.#socket = secured
    this.#wire = new Wire(secured, secured)
    await new Promise<void>((resolve, reject) => {
      secured.once('secure', () => resolve())
      secured.once('close', () => reject(new Error('no handshake')))
      secured.once('error', reject)
    })
  }

  end(): void {
    this.#socket.end()
  }

  abort(): void {
    this.#plain.destroy()
  }

  get inClear(): Buffer {
    return Buffer.concat(this.#clear)
  }

  get inTls(): Buffer {
    return Buffer.concat(this.#secured)
  }

  get commands(): readonly string[] {
    const linesOf = (bytes: Buffer) => bytes.toString('latin1').split('\r\n')
    // What came in clear after an STLS is TLS, and no commands.
    return [...linesOf(this.inClear), ...linesOf(this.inTls)].filter((line) => line !== '')
  }

  get closed(): boolean {
    return this.#plain.destroyed
  }
}
