/** The server's side of a session: connects, starts TLS, and records what came of it. */
import type { Socket } from 'node:net'
import type { SessionRecord } from '../events/index.ts'
import type { Failure } from '../pop3/index.ts'
import { Inlet } from './inlet.ts'
import type { Leg } from './leg.ts'
import type { Place } from './services.ts'
import type { Outcome, Refused, Target, Verified } from './upstream.ts'

export class ServerLink {
  readonly #leg: Leg
  readonly #place: Place
  readonly #record: (record: SessionRecord) => void
  #verified: Verified | undefined
  /** A socket that does not belong to the leg yet, or no more. */
  #socket: Socket | undefined
  #abandoned = false

  constructor(leg: Leg, place: Place, record: (record: SessionRecord) => void) {
    this.#leg = leg
    this.#place = place
    this.#record = record
  }

  /** The server as it was verified; `undefined` while it speaks in clear. */
  get verified(): Verified | undefined {
    return this.#verified
  }

  /** Resolves with why it failed, or with nothing. */
  async connect(): Promise<Failure | undefined> {
    const target = this.#target()
    if (target === undefined) return { blame: 'configuration', text: 'no server is set', permanent: true }
    const { upstreams, serverTls } = this.#place
    if (serverTls === 'implicit') return this.#secured(await upstreams.connectTls(target), target)
    const inlet = new Inlet()
    const connected = await upstreams.connect(target, inlet)
    if (!connected.ok) return this.#refused(connected, target)
    if (this.#abandoned) connected.value.destroy()
    else this.#leg.attach(connected.value, inlet)
    return undefined
  }

  /** TLS over the connection that the leg has. */
  async startTls(): Promise<Failure | undefined> {
    const target = this.#target()
    const socket = this.#leg.detach()
    if (target === undefined || socket === undefined)
      return { blame: 'server', text: 'the connection is gone', permanent: false }
    this.#socket = socket
    const outcome = await this.#place.upstreams.secure(socket, target)
    this.#socket = undefined
    return this.#secured(outcome, target)
  }

  /** The session closes the leg, perhaps in the middle of a handshake. */
  abandon(): void {
    this.#abandoned = true
    this.#socket?.destroy()
  }

  #secured(outcome: Outcome<Verified>, target: Target): Failure | undefined {
    if (!outcome.ok) return this.#refused(outcome, target)
    const verified = outcome.value
    if (this.#abandoned) {
      verified.socket.destroy()
      return undefined
    }
    this.#verified = verified
    this.#leg.attach(verified.socket, verified.inlet)
    this.#recordUp(verified, target)
    return undefined
  }

  #target(): Target | undefined {
    const { upstreamHost: host, upstreamPort: port, action, snapshot } = this.#place
    if (host === undefined || port === undefined) return undefined
    return { host, port, profile: action.tls.profile, timeouts: snapshot.timeouts }
  }

  #refused({ failure, faults }: Refused, { host, port }: Target): Failure {
    if (this.#abandoned) return failure
    const { blame, text } = failure
    if (faults === undefined)
      this.#record({ code: 'upstream.failed', upstream: `${host}:${port}`, reason: text })
    else this.#record({ code: 'tls.failed', leg: 'server', blame, reason: text, faults })
    return failure
  }

  #recordUp({ socket, leaf, resumed }: Verified, { host }: Target): void {
    const { name, standardName } = socket.getCipher()
    this.#record({
      ...{ code: 'tls.up', leg: 'server', version: socket.getProtocol() ?? 'unknown' },
      ...{ cipher: standardName ?? name, serverName: host, resumed },
      certificateNames: [...leaf.dnsNames, ...leaf.ipAddresses],
    })
  }
}
