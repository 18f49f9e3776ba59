/**
 * The words of TLS that the other rooms share: what a ClientHello says, what a certificate says,
 * what a TLS Profile asks for. Only data; how it is judged stands in the files beside this one.
 */

/** Versions an administrator can name. */
export type TlsVersion = '1.0' | '1.1' | '1.2' | '1.3'

/** What the TLS rules of a Proxy Action can say about a connection. */
export type TlsAction = 'inspect' | 'allow' | 'deny' | 'drop'

/** What a ClientHello told before any byte of it was answered (RFC 8446 §4.1.2). */
export interface ClientHello {
  /** Server name as sent, lower case, without a trailing dot (RFC 6066 §3); absent when none was sent. */
  readonly serverName: string | undefined
  /** Protocols offered by ALPN (RFC 7301), in order, one character an octet; empty when the extension is absent. */
  readonly alpn: readonly string[]
  /** Highest version offered, as its wire number (0x0304 is TLS 1.3); GREASE left out. */
  readonly version: number
  /** Cipher suites, extension types and signature algorithms in wire order, GREASE left out. */
  readonly ciphers: readonly number[]
  readonly extensions: readonly number[]
  readonly signatureAlgorithms: readonly number[]
}

/** What reading the first bytes of a connection can end in. */
export type HelloReading =
  | { readonly kind: 'hello'; readonly hello: ClientHello }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'not-tls'; readonly reason: string }

/** A TLS Profile as compiled: what is done on both legs. */
export interface TlsProfile {
  readonly name: string
  readonly minimumVersion: TlsVersion
  readonly maximumVersion: TlsVersion
  readonly pfsCiphers: 'allowed' | 'required' | 'none'
}

/** Parameters for a TLS stack, made from a profile. `ciphers` is an OpenSSL cipher list. */
export interface TlsParameters {
  readonly minVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  readonly maxVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  readonly ciphers: string
  readonly groups: string
}

/** One rule of a Proxy Action's TLS ruleset, matched on the server name; first match wins. */
export interface TlsRule {
  readonly name: string
  readonly matches: (serverName: string) => boolean
  readonly action: TlsAction
}

/** The compiled TLS settings of a Proxy Action. */
export interface TlsRuleset {
  readonly rules: readonly TlsRule[]
  /** What happens when no rule matches. */
  readonly action: TlsAction
  readonly profile: TlsProfile
}

/** What one certificate says, read from its DER by the rim; times in milliseconds since the epoch. */
export interface CertificateFacts {
  readonly subject: string
  readonly issuer: string
  /** SHA-256 over the DER, lower-case hex. */
  readonly fingerprint: string
  readonly notBefore: number
  readonly notAfter: number
  /** Subject alternative names by kind; absent kinds are empty. Values are as in the certificate. */
  readonly dnsNames: readonly string[]
  readonly ipAddresses: readonly string[]
  readonly key: {
    readonly type: 'rsa' | 'ec' | 'ed25519' | 'ed448' | 'dsa' | 'other'
    readonly bits: number
    readonly curve?: string
  }
  /** Name of the signature's hash, lower case ("sha256", "sha1", "md5"); "none" for EdDSA. */
  readonly signatureHash: string
  readonly version: 1 | 2 | 3
  /** basicConstraints; `undefined` when the extension is absent. */
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength?: number } | undefined
  /** keyUsage bit names (RFC 5280 §4.2.1.3); `undefined` when absent. */
  readonly keyUsage: readonly string[] | undefined
  /** extendedKeyUsage OIDs; `undefined` when absent. */
  readonly extendedKeyUsage: readonly string[] | undefined
  /** nameConstraints dNSName subtrees; `undefined` when the extension is absent. */
  readonly nameConstraints:
    | { readonly permitted: readonly string[]; readonly excluded: readonly string[] }
    | undefined
  /** OIDs of critical extensions that Postern does not know. */
  readonly unknownCritical: readonly string[]
  readonly selfIssued: boolean
  /** Kinds of subject alternative names that name no host ("uri", "email", ...); never matched. */
  readonly otherNames: readonly string[]
  /** What in the bytes breaks RFC 5280 (a duplicate extension, an unreadable one, ...): short ASCII clauses. */
  readonly flaws: readonly string[]
}

/** A certificate's facts with its key's identity: SHA-256 of the SubjectPublicKeyInfo DER, lower-case hex. */
export interface ChainEntry extends CertificateFacts {
  readonly keyId: string
}

/** What a minted leaf has to say: the upstream's names and a validity that is cut to the authority's. */
export interface LeafRequest {
  /** At most 64 characters (RFC 5280 appendix A, ub-common-name); empty: the names stand in the SAN alone. */
  readonly commonName: string
  readonly dnsNames: readonly string[]
  readonly ipAddresses: readonly string[]
  /** Milliseconds since the epoch. */
  readonly notBefore: number
  readonly notAfter: number
  /** `ec` is P-256, `rsa` is RSA-2048 (for profiles without PFS, which need RSA key exchange). @default 'ec' */
  readonly keyType?: 'ec' | 'rsa'
}

/** One thing wrong with a peer's certificate chain. `text` fits on a reply line and names the date or name. */
export interface CertificateFault {
  readonly fault:
    | 'expired'
    | 'notYetValid'
    | 'untrusted'
    | 'nameMismatch'
    | 'weak'
    | 'brokenChain'
    | 'malformed'
    | 'ownAuthority'
  readonly text: string
}
