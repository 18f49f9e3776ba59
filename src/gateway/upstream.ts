/**
 * The way to servers: connecting, TLS, and the verdict on the certificate before anything else is
 * said. Sessions are resumed only under the same host, port and profile, and only from handshakes
 * that were judged; with the session goes what was judged, because a resumed one shows no chain.
 */
import type { X509Certificate } from 'node:crypto'
import { connect as connectTcp, isIP, type LookupFunction, type OnReadOpts, type Socket } from 'node:net'
import {
  type ConnectionOptions,
  connect as connectTls,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
import type { Failure } from '../pop3/index.ts'
import type { CertIssuer, Clock, TrustStore } from '../ports.ts'
import {
  type CertificateFacts,
  type ChainEntry,
  judgeChain,
  parameters,
  type TlsProfile,
} from '../tls/index.ts'
import { BoundedMap } from './bounded-map.ts'
import { secureOptions } from './certificates.ts'
import { Inlet } from './inlet.ts'
import { rememberingLookup } from './names.ts'
import { connectFailure, handshakeFailure } from './network-faults.ts'

export interface Target {
  readonly host: string
  readonly port: number
  readonly profile: TlsProfile
  /** Milliseconds. */
  readonly timeouts: { readonly connect: number; readonly handshake: number }
}

/** A server in TLS whose certificate was found good. */
export interface Verified {
  readonly socket: TLSSocket
  /** Where its octets come in; `undefined`: by the socket's own events, as over a connection that was there before. */
  readonly inlet: Inlet | undefined
  readonly leaf: CertificateFacts
  readonly resumed: boolean
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | Refused
export interface Refused {
  readonly ok: false
  readonly failure: Failure
  /** Kinds of certificate faults, when that was the reason. */
  readonly faults?: readonly string[]
}

/** One session ticket and two certificates each; a provider's customers rarely have more servers. */
const mostSessions = 1000

/** A ticket is used for this long before a newer one is taken: taking one costs as much as a resumption saves. Milliseconds. */
const ticketUse = 5 * 60 * 1000

interface Resumable {
  readonly session: Buffer
  /** Monotonic milliseconds when the session was given. */
  readonly givenAt: number
  readonly leaf: CertificateFacts
  /** Within these milliseconds since the epoch every certificate of the judged chain was valid. */
  readonly notBefore: number
  readonly notAfter: number
}

export class Upstreams {
  readonly #trust: TrustStore<X509Certificate>
  readonly #forbidden: ReadonlySet<string>
  readonly #clock: Clock
  readonly #contexts = new Map<string, SecureContext>()
  readonly #sessions = new BoundedMap<string, Resumable>(mostSessions)

  /** For every connection. */
  readonly #tcp: { readonly noDelay: true; readonly allowHalfOpen: true; readonly lookup: LookupFunction }

  constructor(trust: TrustStore<X509Certificate>, issuer: CertIssuer, clock: Clock) {
    this.#tcp = { noDelay: true, allowHalfOpen: true, lookup: rememberingLookup(() => clock.monotonic()) }
    this.#trust = trust
    this.#forbidden = new Set([issuer.authorityKeyId])
    this.#clock = clock
  }

  /** A connection in clear. @param inlet where its octets shall come in, if not by its own events */
  connect({ host, port, timeouts }: Target, inlet?: Inlet): Promise<Outcome<Socket>> {
    return new Promise((resolve) => {
      const socket = connectTcp({
        ...{ ...this.#tcp, host, port },
        ...(inlet === undefined ? {} : { onread: inlet.onread }),
      })
      const give = (outcome: Outcome<Socket>) => {
        clearTimeout(timer)
        socket.off('error', onError).off('connect', onConnect)
        if (!outcome.ok) socket.destroy()
        socket.on('error', ignore)
        resolve(outcome)
      }
      const onError = (error: Error) => give({ ok: false, failure: connectFailure(error, host, port) })
      const onConnect = () => give({ ok: true, value: socket })
      const timer = setTimeout(() => onError(timedOut()), timeouts.connect)
      socket.on('error', onError).on('connect', onConnect)
    })
  }

  /** A connection with TLS from the first byte. */
  connectTls(target: Target): Promise<Outcome<Verified>> {
    const { host, port } = target
    const inlet = new Inlet()
    return this.#secure(target, { ...this.#tcp, host, port, onread: inlet.onread }, inlet)
  }

  /** TLS over a connection that is there. The socket is gone when it fails. */
  secure(socket: Socket, target: Target): Promise<Outcome<Verified>> {
    return this.#secure(target, { socket }, undefined)
  }

  #secure(
    target: Target,
    way: ConnectionOptions & { readonly onread?: OnReadOpts },
    inlet: Inlet | undefined,
  ): Promise<Outcome<Verified>> {
    const { host, port, profile, timeouts } = target
    const key = `${host} ${port} ${profile.name}`
    const resumable = this.#resumable(key)
    return new Promise((resolve) => {
      const tls = connectTls({
        ...way,
        secureContext: this.#context(profile),
        servername: isIP(host) === 0 ? host : '',
        ALPNProtocols: ['pop3'],
        // The verdict is ours (`judge`), and nothing is sent before it.
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
        ...(resumable === undefined ? {} : { session: resumable.session }),
      })
      // Node asks for the chain in this form itself, and dies of some keys in it; see adapters/ca/trust.ts.
      Object.defineProperty(tls, 'getPeerCertificate', { value: () => ({}) })
      let connected = inlet === undefined
      const give = (outcome: Outcome<Verified>) => {
        clearTimeout(timer)
        tls
          .off('error', onError)
          .off('close', onClose)
          .off('connect', onConnect)
          .off('secureConnect', onSecure)
        tls.on('error', ignore)
        if (!outcome.ok) tls.destroy()
        resolve(outcome)
      }
      const onError = (error: Error) => {
        // A ticket that the server chokes on must not spoil the next try.
        this.#sessions.delete(key)
        const failure = connected ? handshakeFailure(error, host) : connectFailure(error, host, port)
        give({ ok: false, failure })
      }
      const onClose = () => onError(new Error('the server closed the connection'))
      const onSecure = () => give(this.#verdict(tls, inlet, host, key, resumable))
      const tooSlow = () => onError(connected ? new Error('the server took too long') : timedOut())
      let timer = setTimeout(tooSlow, connected ? timeouts.handshake : timeouts.connect)
      const onConnect = () => {
        connected = true
        clearTimeout(timer)
        timer = setTimeout(tooSlow, timeouts.handshake)
      }
      tls.on('error', onError).on('close', onClose).on('connect', onConnect).on('secureConnect', onSecure)
    })
  }

  #verdict(
    socket: TLSSocket,
    inlet: Inlet | undefined,
    host: string,
    key: string,
    resumable: Resumable | undefined,
  ): Outcome<Verified> {
    const resumed = socket.isSessionReused()
    if (resumed && resumable !== undefined) {
      if (this.#clock.monotonic() - resumable.givenAt > ticketUse) this.#remember(socket, key, resumable)
      return { ok: true, value: { socket, inlet, leaf: resumable.leaf, resumed } }
    }
    const chain = this.#trust.pathOf(socket.getPeerX509Certificate())
    const { authorizationError } = socket
    const faults = judgeChain({
      ...{ chain, host, now: this.#clock.now(), forbiddenKeyIds: this.#forbidden },
      stackError:
        authorizationError === null || authorizationError === undefined
          ? undefined
          : codeOf(authorizationError),
    })
    const leaf = chain[0]
    if (faults.length > 0 || leaf === undefined) {
      const text = faults.map((fault) => fault.text).join('; ') || 'the server showed no certificate'
      return {
        ok: false,
        failure: { blame: 'server', text: `${host}: ${text}`.slice(0, longestText), permanent: true },
        faults: faults.map(({ fault }) => fault),
      }
    }
    this.#remember(socket, key, { leaf, ...validity(chain) })
    return { ok: true, value: { socket, inlet, leaf, resumed } }
  }

  #remember(socket: TLSSocket, key: string, judged: Omit<Resumable, 'session' | 'givenAt'>): void {
    socket.on('session', (session) => {
      const { leaf, notBefore, notAfter } = judged
      this.#sessions.set(key, { session, givenAt: this.#clock.monotonic(), leaf, notBefore, notAfter })
    })
  }

  #resumable(key: string): Resumable | undefined {
    const found = this.#sessions.get(key)
    const now = this.#clock.now()
    return found !== undefined && found.notBefore <= now && now <= found.notAfter ? found : undefined
  }

  #context(profile: TlsProfile): SecureContext {
    const known = this.#contexts.get(profile.name)
    if (known !== undefined) return known
    const { minVersion, maxVersion, ciphers, groups } = parameters(profile)
    const context = createSecureContext({
      ca: [...this.#trust.certificates],
      ...{ minVersion, maxVersion, ciphers, ecdhCurve: groups, secureOptions },
    })
    this.#contexts.set(profile.name, context)
    return context
  }
}

/** What `Failure.text` may hold. */
const longestText = 400

function validity(chain: readonly ChainEntry[]): { notBefore: number; notAfter: number } {
  return {
    notBefore: Math.max(...chain.map(({ notBefore }) => notBefore)),
    notAfter: Math.min(...chain.map(({ notAfter }) => notAfter)),
  }
}

/** Node types it as an error, and gives the code as text. */
function codeOf(error: Error | string): string {
  if (typeof error === 'string') return error
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}

function timedOut(): Error {
  return Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })
}

function ignore(): void {}
