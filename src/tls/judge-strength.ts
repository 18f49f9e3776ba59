/** Keys and signatures too weak to vouch for anybody. */
import { isRoot, roleOf } from './chain-words.ts'
import type { CertificateFacts, CertificateFault, ChainEntry } from './types.ts'

/** NIST SP 800-131A revision 2: less than 112 bits of strength is disallowed. */
const shortestRsa = 2048
const curves: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1'])
/** "none" is EdDSA, which hashes inside (RFC 8410). */
const hashes: ReadonlySet<string> = new Set([
  ...['sha256', 'sha384', 'sha512', 'none'],
  ...['sha3-256', 'sha3-384', 'sha3-512'],
])

export function judgeStrength(chain: readonly ChainEntry[]): CertificateFault[] {
  return chain.flatMap((entry, index): CertificateFault[] => {
    const weaknesses = [keyWeakness(entry.key), ...(isRoot(chain, index) ? [] : [hashWeakness(entry)])]
    return weaknesses.flatMap((weakness) =>
      weakness === undefined ? [] : [{ fault: 'weak', text: `${roleOf(chain, index)} ${weakness}` }],
    )
  })
}

function keyWeakness(key: CertificateFacts['key']): string | undefined {
  switch (key.type) {
    case 'rsa':
      return key.bits < shortestRsa ? `has a weak key (RSA, ${key.bits} bits)` : undefined
    case 'ec':
      return curves.has(key.curve ?? '') ? undefined : `has a weak key (curve ${key.curve ?? 'unnamed'})`
    case 'dsa':
      return 'has a weak key (DSA)'
    case 'other':
      return 'has a key of an unknown kind'
    case 'ed25519':
    case 'ed448':
      return undefined
    default:
      return key.type satisfies never
  }
}

/** A root's signature on itself says nothing, so its hash does not matter (RFC 5280 §6.1). */
function hashWeakness({ signatureHash }: CertificateFacts): string | undefined {
  return hashes.has(signatureHash) ? undefined : `has a weak signature (${signatureHash})`
}
