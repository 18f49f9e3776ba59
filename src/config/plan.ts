/** One policy with its defaults filled in and its texts read: the ground for both the checks and the Snapshot. */
import { parseListen, parsePeer, type Span } from './addresses.ts'
import { defaults, type PolicySettings } from './schema.ts'
import type { Endpoint, Upstream } from './snapshot.ts'
import { parseUpstream } from './upstream.ts'
import { parseDuration, validated } from './values.ts'

export interface PlannedPolicy {
  readonly name: string
  readonly enabled: boolean
  readonly connections: 'allow' | 'deny' | 'reset'
  readonly from: readonly Span[]
  readonly to: readonly Span[]
  readonly action: string
  readonly tlsSupport: 'disabled' | 'enabled' | 'required'
  readonly stls: 'offered' | 'required' | 'off'
  readonly endpoints: readonly Endpoint[]
  readonly upstream: Upstream | undefined
  /** Milliseconds. */
  readonly idleTimeout: number
}

/** @throws TypeError when the settings were not validated */
export function plan(policy: PolicySettings): PlannedPolicy {
  const tlsSupport = policy.tlsSupport ?? defaults.tlsSupport
  return {
    name: policy.name,
    enabled: policy.enabled ?? defaults.enabled,
    connections: policy.connections ?? defaults.connections,
    from: toList(policy.from ?? defaults.from).map((text) => validated(parsePeer(text))),
    to: toList(policy.to ?? defaults.to).map((text) => validated(parsePeer(text))),
    action: policy.action ?? defaults.action,
    tlsSupport,
    // STLS only means something on a pop3 port beside which TLS is wanted at all.
    stls: tlsSupport === 'enabled' ? (policy.stls ?? defaults.stls) : 'off',
    endpoints: endpoints(policy, tlsSupport),
    upstream: policy.upstream === undefined ? undefined : validated(parseUpstream(policy.upstream)),
    idleTimeout: validated(parseDuration(policy.idleTimeout ?? defaults.idleTimeout)),
  }
}

/** `host:port` of an endpoint, IPv6 in brackets. */
export function formatEndpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

export function toList(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value
}

function endpoints(policy: PolicySettings, tlsSupport: PlannedPolicy['tlsSupport']): Endpoint[] {
  const ports = { ...defaults.ports, ...policy.ports }
  const protocols = {
    disabled: ['pop3'],
    enabled: ['pop3', 'pop3s'],
    required: ['pop3s'],
  } as const satisfies Record<PlannedPolicy['tlsSupport'], readonly Endpoint['protocol'][]>
  return toList(policy.listen ?? defaults.listen).flatMap((text) => {
    const address = validated(parseListen(text))
    return protocols[tlsSupport].map((protocol) => ({ address, port: ports[protocol], protocol }))
  })
}
