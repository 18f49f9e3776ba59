/** What the composition root hands to the gateway, and where a session stands. */
import type { X509Certificate } from 'node:crypto'
import type { ProxyAction, Snapshot } from '../config/index.ts'
import type { InspectServices, Scanners } from '../inspect/index.ts'
import type { CertIssuer, Clock, EventSink, Quarantine, Scanner, TrustStore } from '../ports.ts'
import type { ClientCertificates, ServerCertificate } from './certificates.ts'
import type { Upstreams } from './upstream.ts'

export interface GatewayServices {
  readonly issuer: CertIssuer
  readonly trust: TrustStore<X509Certificate>
  /** The Proxy Server certificates; the first is the default. */
  readonly servers: readonly ServerCertificate[]
  readonly clock: Clock
  readonly events: EventSink
  readonly inspect: InspectServices
  /** By name; the content rules of a proxy action say who is asked. */
  readonly scanners: ReadonlyMap<string, Scanner>
  readonly quarantine: Quarantine
}

/** Everything that is settled about a session before it begins. */
export interface Place {
  readonly snapshot: Snapshot
  readonly services: GatewayServices
  readonly certificates: ClientCertificates
  readonly upstreams: Upstreams
  readonly action: ProxyAction
  /** Those that the action asks. */
  readonly scanners: Scanners
  /** `undefined` where the policy turns connections away. */
  readonly upstreamHost: string | undefined
  readonly upstreamPort: number | undefined
  readonly serverTls: 'none' | 'stls' | 'implicit' | 'mirror'
}
