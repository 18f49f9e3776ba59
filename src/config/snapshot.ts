/**
 * The Snapshot: one validated, compiled, frozen configuration. A Session keeps the one it was born
 * with; nothing in here is read from a file again, and everything in here has an effect.
 */
import type { ContentRules } from '../policy/index.ts'
import type { TlsRuleset } from '../tls/index.ts'

export interface Snapshot {
  /** The file it came from, for messages. */
  readonly file: string
  /** Absolute path. */
  readonly dataDirectory: string
  /** In order; the first that matches takes the connection. Disabled ones are left out. */
  readonly policies: readonly Policy[]
  readonly certificates: CertificateFiles
  readonly scanners: Scanners
  readonly limits: Limits
  readonly timeouts: Timeouts
  readonly delivery: Delivery
}

/** A policy that serves connections has an upstream; one that turns them away has none. */
export type Policy = PolicyBase &
  (
    | { readonly connections: 'allow'; readonly upstream: Upstream }
    | { readonly connections: 'deny' | 'reset'; readonly upstream: undefined }
  )

interface PolicyBase {
  readonly name: string
  /** Whether the policy applies to a client at `address` (text form of an IPv4 or IPv6 address). */
  readonly matchesFrom: (address: string) => boolean
  /** Whether it applies to the address the client meant. */
  readonly matchesTo: (address: string) => boolean
  readonly action: ProxyAction
  readonly tlsSupport: 'disabled' | 'enabled' | 'required'
  readonly stls: 'offered' | 'required' | 'off'
  /** What `listen`, `ports` and `tlsSupport` come to: one entry for each socket address. */
  readonly endpoints: readonly Endpoint[]
  /** Milliseconds. */
  readonly idleTimeout: number
}

export interface Endpoint {
  readonly address: string
  readonly port: number
  /** `pop3`: starts in clear; `pop3s`: TLS from the first byte. */
  readonly protocol: 'pop3' | 'pop3s'
}

/** Where connections go. `mirror`: a bare host, TLS as the client came (ports 110 and 995 unless given). */
export interface Upstream {
  readonly host: string
  /** Port for connections that start in clear, and for those that start in TLS. Equal unless `mirror` without a port. */
  readonly ports: { readonly pop3: number; readonly pop3s: number }
  readonly tls: 'none' | 'stls' | 'implicit' | 'mirror'
}

export interface ProxyAction {
  readonly name: string
  /** `client`: outbound, leaves minted under the Proxy Authority; `server`: inbound, the Proxy Server certificate. */
  readonly kind: 'client' | 'server'
  readonly tls: TlsRuleset
  readonly general: General
  readonly content: ContentRules
}

export interface General {
  /** The server's greeting text and IMPLEMENTATION are replaced; the APOP timestamp stays. */
  readonly hideServerReplies: boolean
  /** What TOP with body lines does: the whole message is judged and cut, or the command is refused. */
  readonly top: 'judge' | 'refuse'
}

export interface CertificateFiles {
  /** Absolute paths; `undefined`: the authority made at first start in the data directory. */
  readonly proxyAuthority: CertificatePair | undefined
  /** The first is the default, others by server name. */
  readonly proxyServer: readonly CertificatePair[]
  readonly trusted: { readonly system: boolean; readonly files: readonly string[] }
}

export interface CertificatePair {
  readonly certificate: string
  readonly key: string
}

export interface Scanners {
  /** Always there, under the name `embedded`. */
  readonly embedded: {
    /** Absolute paths. */
    readonly hashes: readonly string[]
    /** Absolute paths; the last step may hold `*` and `?`. */
    readonly yara: readonly string[]
  }
  /** Under the name `clamav`. */
  readonly clamav: ClamavScanner | undefined
}

export interface ClamavScanner {
  /** `unix:/path` or `tcp://host:port`. */
  readonly address: string
  /** Octets. */
  readonly scanLimit: number
  readonly connections: number
  /** Milliseconds, these three. */
  readonly connectTimeout: number
  readonly queueTimeout: number
  readonly scanTimeout: number
}

/** Bounds on what clients may use; counts. */
export interface Limits {
  readonly connections: number
  readonly connectionsPerSource: number
}

/** All in milliseconds. */
export interface Timeouts {
  readonly connect: number
  readonly handshake: number
  readonly firstCommand: number
  readonly writeStall: number
}

export interface Delivery {
  /** A client that waits this long for a held message gets a synthetic header line; milliseconds. */
  readonly keepalive: number
  /** Messages up to this many octets are held in memory, larger ones in a spool file. */
  readonly memory: number
}
