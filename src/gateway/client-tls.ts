/**
 * TLS towards the client: reads the hello, has the certificate made, and answers. A handshake that
 * fails is the client's matter and is recorded; nothing here throws into the TLS stack.
 */
import { hash } from 'node:crypto'
import type { Socket } from 'node:net'
import { type SecureContext, TLSSocket } from 'node:tls'
import type { SessionRecord } from '../events/index.ts'
import { type ClientHello, ja4 } from '../tls/index.ts'
import type { ClientSide } from './certificates.ts'
import type { Leg } from './leg.ts'
import { lastWords, printable } from './network-faults.ts'
import { peekHello } from './peek.ts'
import type { Place } from './services.ts'
import type { Verified } from './upstream.ts'

const fingerprints = new WeakMap<ClientHello, string>()

/** The fingerprint of a hello for the log. */
export function fingerprint(hello: ClientHello): string {
  const known = fingerprints.get(hello)
  if (known !== undefined) return known
  const made = ja4(hello, (text) => hash('sha256', text, 'hex'))
  fingerprints.set(hello, made)
  return made
}

export class ClientTls {
  readonly #leg: Leg
  readonly #place: Place
  readonly #record: (record: SessionRecord) => void
  /** A socket that does not belong to the leg yet, or no more. */
  #socket: Socket | undefined
  #hello: ClientHello | undefined

  constructor(leg: Leg, place: Place, record: (record: SessionRecord) => void) {
    this.#leg = leg
    this.#place = place
    this.#record = record
  }

  /** Takes a socket whose hello was read and put back; it waits until TLS is started. */
  hold(socket: Socket, hello: ClientHello | undefined): void {
    this.#socket = socket
    this.#hello = hello
    socket.pause()
  }

  /** Resolves with whether TLS is up; the leg then speaks it. */
  async start(purpose: 'serve' | 'refuse', verified: Verified | undefined): Promise<boolean> {
    const began = this.#place.services.clock.monotonic()
    const { handshake } = this.#place.snapshot.timeouts
    this.#socket ??= this.#leg.detach()
    const socket = this.#socket
    if (socket === undefined || socket.destroyed) return false
    if (this.#hello === undefined) {
      const peeked = await peekHello(socket, handshake)
      if (peeked.kind !== 'hello') return this.#failed('client', peeked.reason)
      this.#hello = peeked.hello
    }
    const context = await this.#context(this.#hello, purpose, verified)
    if (typeof context === 'string') return this.#failed('postern', context)
    const left = handshake - (this.#place.services.clock.monotonic() - began)
    return this.#handshake(socket, this.#hello, context, Math.max(1, left))
  }

  /** The session closes the leg, perhaps in the middle of a handshake. */
  abandon(): void {
    this.#socket?.destroy()
  }

  #failed(blame: 'client' | 'postern', reason: string): false {
    this.#socket?.destroy()
    this.#record({ code: 'tls.failed', leg: 'client', blame, reason })
    return false
  }

  /** The context, or why there is none. */
  async #context(
    hello: ClientHello,
    purpose: 'serve' | 'refuse',
    verified: Verified | undefined,
  ): Promise<SecureContext | string> {
    const { action, certificates } = this.#place
    try {
      return await certificates.contextFor(this.#side(hello, purpose, verified), action.tls.profile)
    } catch (error) {
      return printable(error instanceof Error ? error.message : String(error))
    }
  }

  #side(hello: ClientHello, purpose: 'serve' | 'refuse', verified: Verified | undefined): ClientSide {
    const { action, upstreamHost } = this.#place
    if (action.kind === 'server') return { kind: 'server', serverName: hello.serverName }
    if (purpose === 'serve' && verified !== undefined) return { kind: 'mirror', upstream: verified.leaf }
    const asked = hello.serverName === undefined ? [] : [hello.serverName]
    return {
      kind: 'name',
      names: [...asked, ...(upstreamHost === undefined ? [] : [upstreamHost]), 'localhost'],
    }
  }

  #handshake(
    socket: Socket,
    hello: ClientHello,
    secureContext: SecureContext,
    patience: number,
  ): Promise<boolean> {
    return new Promise((resolve) => {
      const tls = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ['pop3'] })
      const give = (reason: string | undefined) => {
        clearTimeout(timer)
        tls.off('error', onError).off('close', onClose).off('secure', onSecure)
        tls.on('error', () => socket.destroy())
        if (reason === undefined) {
          this.#socket = undefined
          this.#leg.attach(tls)
          this.#recordUp(tls, hello)
        } else {
          tls.destroy()
          this.#failed('client', reason)
        }
        resolve(reason === undefined)
      }
      const onError = (error: Error) => give(printable(lastWords(error.message)))
      const onClose = () => give('closed during the handshake')
      const onSecure = () => give(undefined)
      const timer = setTimeout(() => give('handshake took too long'), patience)
      tls.on('error', onError).on('close', onClose).on('secure', onSecure)
    })
  }

  #recordUp(tls: TLSSocket, hello: ClientHello): void {
    const { name, standardName } = tls.getCipher()
    this.#record({
      ...{ code: 'tls.up', leg: 'client', version: tls.getProtocol() ?? 'unknown' },
      cipher: standardName ?? name,
      ...(hello.serverName === undefined ? {} : { serverName: hello.serverName }),
      ja4: fingerprint(hello),
      resumed: tls.isSessionReused(),
    })
  }
}
