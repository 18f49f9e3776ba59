/** What the composition root hands to the gateway, and where a session stands. */
import type { X509Certificate } from 'node:crypto'
import type { ProxyAction, Snapshot } from '../config/index.ts'
import type { Examination, Findings } from '../inspect/index.ts'
import type { MessageContext, MessageDecision } from '../pop3/index.ts'
import type { CertIssuer, Clock, EventSink, TrustStore } from '../ports.ts'
import type { ClientCertificates, ServerCertificate } from './certificates.ts'
import type { Upstreams } from './upstream.ts'

/** What is delivered in place of a message as it came. */
export type Content = never

export interface GatewayServices {
  readonly issuer: CertIssuer
  readonly trust: TrustStore<X509Certificate>
  /** The Proxy Server certificates; the first is the default. */
  readonly servers: readonly ServerCertificate[]
  readonly clock: Clock
  readonly events: EventSink
  /** Begins the examination of one message. */
  readonly examine: () => Examination
  /** What a proxy action makes of a message's findings. */
  readonly judge: (
    action: ProxyAction,
  ) => (findings: Findings, message: MessageContext) => MessageDecision<Content>
}

/** Everything that is settled about a session before it begins. */
export interface Place {
  readonly snapshot: Snapshot
  readonly services: GatewayServices
  readonly certificates: ClientCertificates
  readonly upstreams: Upstreams
  readonly action: ProxyAction
  /** `undefined` where the policy turns connections away. */
  readonly upstreamHost: string | undefined
  readonly upstreamPort: number | undefined
  readonly serverTls: 'none' | 'stls' | 'implicit' | 'mirror'
}
