/** Turns a TLS Profile into what OpenSSL is told. Suites stand in the order the server prefers. */
import type { TlsParameters, TlsProfile, TlsVersion } from './types.ts'

/**
 * Parameters for both legs. Where a profile contradicts itself (a minimum above the maximum, or TLS 1.3
 * without PFS), the minimum wins: a contradiction never lowers the floor. On a leg where Postern is
 * the client, the order counts as a preference only.
 */
export function parameters(profile: TlsProfile): TlsParameters {
  // TLS 1.3 has no key exchange without forward secrecy (RFC 8446 §1.2), so doing without it ends at 1.2.
  const ceiling =
    profile.pfsCiphers === 'none' ? lower(profile.maximumVersion, '1.2') : profile.maximumVersion
  const maximum = higher(profile.minimumVersion, ceiling)
  return {
    minVersion: stackNames[profile.minimumVersion],
    maxVersion: stackNames[maximum],
    ciphers: [...suites(profile, maximum), ...securityLevel(profile.minimumVersion)].join(':'),
    groups: 'X25519:P-256:P-384',
  }
}

const order: readonly TlsVersion[] = ['1.0', '1.1', '1.2', '1.3']
const stackNames = { '1.0': 'TLSv1', '1.1': 'TLSv1.1', '1.2': 'TLSv1.2', '1.3': 'TLSv1.3' } as const

const tls13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']
/** RFC 9325 §4.2: ECDHE with AEAD. */
const forwardSecret = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
]
const rsaExchange = ['AES128-GCM-SHA256', 'AES256-GCM-SHA384']
/** TLS 1.0 and 1.1 know no AEAD (RFC 5246 §6.2.3.3 brought it); these are what is left of them. */
const forwardSecretCbc = [
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
]
const rsaExchangeCbc = ['AES128-SHA', 'AES256-SHA']

function suites({ minimumVersion, pfsCiphers }: TlsProfile, maximum: TlsVersion): string[] {
  const old = isOld(minimumVersion)
  const secret = pfsCiphers === 'none' ? [] : [...forwardSecret, ...(old ? forwardSecretCbc : [])]
  const plain = pfsCiphers === 'required' ? [] : [...rsaExchange, ...(old ? rsaExchangeCbc : [])]
  return [...(maximum === '1.3' ? tls13 : []), ...(minimumVersion === '1.3' ? [] : [...secret, ...plain])]
}

/** OpenSSL 3 signs the handshakes of TLS 1.0 and 1.1 (MD5 with SHA-1) at security level 0 only. */
function securityLevel(minimum: TlsVersion): string[] {
  return isOld(minimum) ? ['@SECLEVEL=0'] : []
}

function isOld(version: TlsVersion): boolean {
  return version === '1.0' || version === '1.1'
}

function lower(a: TlsVersion, b: TlsVersion): TlsVersion {
  return order.indexOf(a) < order.indexOf(b) ? a : b
}

function higher(a: TlsVersion, b: TlsVersion): TlsVersion {
  return order.indexOf(a) > order.indexOf(b) ? a : b
}
