/**
 * Receives a connection: counts it, finds its policy, reads a TLS hello, and hands it to a session, to
 * a splice, or to the door, with a reason the client can read.
 */
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Endpoint, Policy, Snapshot } from '../config/index.ts'
import type { SessionRecord } from '../events/index.ts'
import type { Findings } from '../inspect/index.ts'
import type { Failure, SessionOptions } from '../pop3/index.ts'
import { type ClientHello, decideTls, type TlsDecision } from '../tls/index.ts'
import { Admission } from './admission.ts'
import { BlockedSources } from './blocked-sources.ts'
import { BoundedMap } from './bounded-map.ts'
import { ClientCertificates } from './certificates.ts'
import { fingerprint } from './client-tls.ts'
import { Driver } from './driver.ts'
import { judge } from './judge.ts'
import { peekHello } from './peek.ts'
import type { Rendering } from './render.ts'
import { scannersOf } from './scanners.ts'
import type { GatewayServices, Place } from './services.ts'
import { splice } from './splice.ts'
import { Upstreams } from './upstream.ts'

/** Refusals over TLS that may be under way at one time: each costs a handshake, so a flood gets none. */
const mostRefusals = 64
/** Messages that ended a session and are remembered, so that the next one gets a notice: some megabytes at most. */
const mostDropped = 10_000
/** TLS alert, fatal, access_denied (RFC 8446 §6.2). */
const accessDenied = Uint8Array.of(21, 3, 3, 0, 2, 2, 49)
/** RFC 1939 §3: an inactivity timer MUST be at least ten minutes; a server is given as long. */
const longestSilence = 600_000

interface Visitor {
  readonly id: string
  readonly socket: Socket
  readonly address: string
  readonly endpoint: Endpoint
}

export class Reception {
  readonly #snapshot: Snapshot
  readonly #services: GatewayServices
  readonly #admission: Admission
  readonly #certificates: ClientCertificates
  readonly #upstreams: Upstreams
  readonly #drivers = new Set<Driver>()
  readonly #spliced = new Set<Socket>()
  readonly #prefix = randomBytes(6).toString('hex')
  readonly #blocked: BlockedSources
  readonly #dropped = new BoundedMap<string, true>(mostDropped)
  #count = 0
  #refusing = 0
  #idle: () => void = () => {}

  constructor(snapshot: Snapshot, services: GatewayServices) {
    this.#snapshot = snapshot
    this.#services = services
    this.#admission = new Admission(snapshot.limits)
    this.#blocked = new BlockedSources(() => services.clock.monotonic())
    this.#certificates = new ClientCertificates(services.issuer, services.clock, services.servers)
    this.#upstreams = new Upstreams(services.trust, services.issuer, services.clock)
  }

  receive(socket: Socket, endpoint: Endpoint) {
    const address = plain(socket.remoteAddress ?? '')
    const visitor: Visitor = { id: this.#nextId(), socket, address, endpoint }
    socket.on('error', ignore)
    // Gone before it was looked at.
    if (address === '') return void socket.destroy()
    if (this.#blocked.has(address)) {
      this.#recordRefused(visitor, 'the source is blocked', undefined)
      return void socket.destroy()
    }
    const full = this.#admission.enter(address)
    if (full !== undefined) return this.#turnAway(visitor, { blame: 'client', text: full, permanent: false })
    socket.once('close', () => this.#admission.leave(address))
    this.#record(visitor, {
      ...{ code: 'connection.accepted', client: address, clientPort: socket.remotePort ?? 0 },
      ...{ listener: listenerName(endpoint), protocol: endpoint.protocol },
    })
    const policy = this.#policyFor(visitor)
    if (policy === undefined) return this.#turnAway(visitor, refusal('no policy serves this connection'))
    switch (policy.connections) {
      case 'deny':
        return this.#turnAway(visitor, refusal('connections are not allowed here'), policy)
      case 'reset':
        this.#recordRefused(visitor, 'reset by policy', policy)
        return void socket.resetAndDestroy()
      case 'allow':
        if (endpoint.protocol === 'pop3') return this.#serve(visitor, policy, undefined)
        this.#greet(visitor, policy).catch((error: unknown) => this.#fault(visitor, error))
        return
      default:
        return policy satisfies never
    }
  }

  /** Unique in this process, and, by its first part, most likely everywhere. */
  #nextId(): string {
    this.#count += 1
    return `${this.#prefix}-${this.#count.toString(36)}`
  }

  /** Sessions end between two replies. Resolves when none is left, or after `patience` milliseconds, when the rest is cut. */
  async drain(patience: number): Promise<void> {
    for (const driver of this.#drivers) driver.drain()
    if (this.#isEmpty()) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.abort()
        resolve()
      }, patience)
      this.#idle = () => {
        if (!this.#isEmpty()) return
        clearTimeout(timer)
        resolve()
      }
      this.#idle()
    })
  }

  abort(): void {
    for (const driver of this.#drivers) driver.abort('Postern is stopping')
    for (const socket of this.#spliced) socket.destroy()
  }

  #isEmpty(): boolean {
    return this.#drivers.size === 0 && this.#spliced.size === 0
  }

  #policyFor({ socket, address, endpoint }: Visitor): Policy | undefined {
    const meant = plain(socket.localAddress ?? '')
    return this.#snapshot.policies.find(
      (policy) =>
        policy.endpoints.some((each) => isSame(each, endpoint)) &&
        policy.matchesFrom(address) &&
        policy.matchesTo(meant),
    )
  }

  /** A client of the pop3s port: its hello decides. */
  async #greet(visitor: Visitor, policy: Serving) {
    const { socket } = visitor
    const peeked = await peekHello(socket, this.#snapshot.timeouts.handshake)
    if (peeked.kind !== 'hello') {
      socket.destroy()
      this.#record(visitor, { code: 'tls.failed', leg: 'client', blame: 'client', reason: peeked.reason })
      return
    }
    const { hello } = peeked
    const decision = decideTls(policy.action.tls, hello.serverName)
    switch (decision.action) {
      case 'inspect':
        return this.#serve(visitor, policy, { hello, decision })
      case 'allow':
        this.#recordChosen(visitor, policy, { hello, decision })
        return this.#splice(visitor, policy, { hello, decision })
      case 'deny':
        this.#recordRefused(visitor, 'denied by TLS rule', policy)
        return void socket.end(accessDenied, () => socket.destroy())
      case 'drop':
        this.#recordRefused(visitor, 'dropped by TLS rule', policy)
        return void socket.destroy()
      default:
        return decision.action satisfies never
    }
  }

  #serve(visitor: Visitor, policy: Serving, inTls: InTls | undefined): void {
    const { upstream, action } = policy
    const place: Place = {
      ...this.#common(policy),
      upstreamHost: upstream.host,
      upstreamPort: inTls === undefined ? upstream.ports.pop3 : upstream.ports.pop3s,
      serverTls: upstream.tls === 'mirror' && inTls !== undefined ? 'implicit' : upstream.tls,
    }
    this.#recordChosen(visitor, policy, inTls)
    // STLS is offered where TLS would be opened; elsewhere it would put mail out of sight.
    const opens = decideTls(action.tls, upstream.host).action === 'inspect'
    this.#drive(visitor, place, inTls?.hello, {
      ...this.#sessionOptions(visitor, policy, undefined),
      clientTls: inTls === undefined ? 'none' : 'implicit',
      serverTls: place.serverTls,
      stls: inTls === undefined && opens ? policy.stls : 'off',
    })
  }

  /** In clear at once; over TLS in a session that says why and ends. */
  #turnAway(visitor: Visitor, failure: Failure, policy?: Policy) {
    const { socket, endpoint } = visitor
    this.#recordRefused(visitor, failure.text, policy)
    if (endpoint.protocol === 'pop3') {
      // RFC 3206 §4: what is no fault of the login says so.
      socket.end(`-ERR [SYS/${failure.permanent ? 'PERM' : 'TEMP'}] ${failure.text}\r\n`, () =>
        socket.destroy(),
      )
      return
    }
    const first =
      policy ??
      this.#snapshot.policies.find(({ endpoints }) => endpoints.some((each) => isSame(each, endpoint)))
    if (first === undefined || this.#refusing >= mostRefusals) return void socket.destroy()
    this.#refusing += 1
    socket.once('close', () => {
      this.#refusing -= 1
    })
    this.#refuse(visitor, first, failure).catch((error: unknown) => this.#fault(visitor, error))
  }

  async #refuse(visitor: Visitor, policy: Policy, failure: Failure) {
    const peeked = await peekHello(visitor.socket, this.#snapshot.timeouts.handshake)
    if (peeked.kind !== 'hello') return void visitor.socket.destroy()
    const place: Place = {
      ...this.#common(policy),
      ...{ upstreamHost: policy.upstream?.host, upstreamPort: undefined, serverTls: 'none' },
    }
    this.#drive(visitor, place, peeked.hello, {
      ...this.#sessionOptions(visitor, policy, failure),
      ...{ clientTls: 'implicit', serverTls: 'none', stls: 'off' },
    })
  }

  #drive(
    { id, socket, address }: Visitor,
    place: Place,
    hello: ClientHello | undefined,
    session: SessionOptions<Findings, Rendering>,
  ): void {
    const driver: Driver = new Driver({
      ...{ socket, hello, place, session, id },
      block: () => this.#blocked.add(address),
      ended: () => {
        this.#drivers.delete(driver)
        this.#idle()
      },
    })
    this.#drivers.add(driver)
    driver.start()
  }

  async #splice(visitor: Visitor, policy: Serving, { hello, decision }: InTls) {
    const { socket } = visitor
    const { host, ports, tls } = policy.upstream
    const { profile } = policy.action.tls
    const { clock } = this.#services
    if (tls === 'none' || tls === 'stls') {
      this.#recordRefused(
        visitor,
        'TLS cannot be relayed to a server without TLS from the first byte',
        policy,
      )
      return void socket.end(accessDenied, () => socket.destroy())
    }
    const began = clock.monotonic()
    this.#spliced.add(socket)
    const target = { host, port: ports.pop3s, profile, timeouts: this.#snapshot.timeouts }
    const connected = await this.#upstreams.connect(target)
    if (!connected.ok) {
      this.#record(visitor, {
        ...{ code: 'upstream.failed', upstream: `${host}:${ports.pop3s}`, reason: connected.failure.text },
      })
      socket.destroy()
    } else {
      this.#record(visitor, {
        code: 'tls.spliced',
        ...(hello.serverName === undefined ? {} : { serverName: hello.serverName }),
        ...{ ja4: fingerprint(hello), ...(decision.rule === undefined ? {} : { rule: decision.rule }) },
      })
      await splice(socket, connected.value, policy.idleTimeout)
      this.#record(visitor, {
        ...{ code: 'session.ended', by: 'client', reason: 'relayed unopened', user: undefined, messages: 0 },
        ...{ clientBytesIn: socket.bytesRead, clientBytesOut: socket.bytesWritten },
        ...{ serverBytesIn: connected.value.bytesRead, serverBytesOut: connected.value.bytesWritten },
        seconds: Math.round(clock.monotonic() - began) / 1000,
      })
    }
    this.#spliced.delete(socket)
    this.#idle()
  }

  #common({ action }: Policy) {
    return {
      ...{ snapshot: this.#snapshot, services: this.#services, action },
      ...{ certificates: this.#certificates, upstreams: this.#upstreams },
      scanners: scannersOf(action, this.#services.scanners),
    }
  }

  #sessionOptions({ id }: Visitor, { action, idleTimeout }: Policy, failure: Failure | undefined) {
    const { timeouts, delivery } = this.#snapshot
    return {
      hideServerReplies: action.general.hideServerReplies,
      top: action.general.top,
      refusal: failure,
      timeouts: {
        firstCommand: timeouts.firstCommand,
        idle: idleTimeout,
        reply: Math.max(idleTimeout, longestSilence),
        keepalive: delivery.keepalive,
      },
      decideMessage: judge({ action, session: id, clock: this.#services.clock, dropped: this.#dropped }),
    }
  }

  #recordChosen(visitor: Visitor, policy: Serving, inTls: InTls | undefined): void {
    const { upstream, action } = policy
    const port = inTls === undefined ? upstream.ports.pop3 : upstream.ports.pop3s
    this.#record(visitor, {
      ...{ code: 'policy.chosen', policy: policy.name, proxyAction: action.name },
      ...(inTls === undefined ? {} : { tlsAction: inTls.decision.action, ja4: fingerprint(inTls.hello) }),
      ...(inTls?.decision.rule === undefined ? {} : { tlsRule: inTls.decision.rule }),
      ...(inTls?.hello.serverName === undefined ? {} : { serverName: inTls.hello.serverName }),
      upstream: `${upstream.host}:${port}`,
    })
  }

  #recordRefused(visitor: Visitor, reason: string, policy: Policy | undefined): void {
    this.#record(visitor, {
      ...{
        code: 'connection.refused',
        client: visitor.address,
        listener: listenerName(visitor.endpoint),
        reason,
      },
      ...(policy === undefined ? {} : { policy: policy.name }),
    })
  }

  #record({ id }: Visitor, record: SessionRecord): void {
    this.#services.events.record({ session: id, ...record })
  }

  #fault(visitor: Visitor, error: unknown): void {
    visitor.socket.destroy()
    this.#spliced.delete(visitor.socket)
    this.#services.events.record({ code: 'internal.fault', session: visitor.id, reason: String(error) })
  }
}

type Serving = Extract<Policy, { readonly connections: 'allow' }>

interface InTls {
  readonly hello: ClientHello
  readonly decision: TlsDecision
}

function refusal(text: string): Failure {
  return { blame: 'configuration', text, permanent: true }
}

/** IPv4 in IPv6 clothes is IPv4. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.address === b.address && a.port === b.port && a.protocol === b.protocol
}

export function listenerName({ address, port, protocol }: Endpoint): string {
  return `${protocol} ${address.includes(':') ? `[${address}]` : address}:${port}`
}

function ignore(): void {}
