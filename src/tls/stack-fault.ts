/** Puts the TLS stack's own verdict into words. */
import { isRoot, namingText } from './chain-words.ts'
import type { CertificateFault, ChainEntry } from './types.ts'

/**
 * The stack's error as a fault. Left out only where the judge has found the same and says it better.
 *
 * @param code Node's code, such as `CERT_HAS_EXPIRED`
 */
export function stackFault(
  code: string | undefined,
  chain: readonly ChainEntry[],
  found: readonly CertificateFault[],
): CertificateFault[] {
  if (code === undefined) return []
  const fault = kinds.get(code) ?? 'brokenChain'
  const said = found.some(
    (other) => other.fault === fault || (fault === 'brokenChain' && other.fault === 'malformed'),
  )
  return said && fault !== 'untrusted' ? [] : [{ fault, text: describe(code, fault, chain) }]
}

/** A code that is not here is a broken chain: always refused, and never explained away. */
const kinds: ReadonlyMap<string, CertificateFault['fault']> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'untrusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'untrusted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'untrusted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'untrusted'],
  ['CERT_UNTRUSTED', 'untrusted'],
  ['CERT_REJECTED', 'untrusted'],
  ['CERT_HAS_EXPIRED', 'expired'],
  ['CERT_NOT_YET_VALID', 'notYetValid'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'nameMismatch'],
  ['HOSTNAME_MISMATCH', 'nameMismatch'],
  ['EE_KEY_TOO_SMALL', 'weak'],
  ['CA_KEY_TOO_SMALL', 'weak'],
  ['CA_MD_TOO_WEAK', 'weak'],
  ['UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'malformed'],
  ['ERROR_IN_CERT_NOT_BEFORE_FIELD', 'malformed'],
  ['ERROR_IN_CERT_NOT_AFTER_FIELD', 'malformed'],
])

function describe(code: string, fault: CertificateFault['fault'], chain: readonly ChainEntry[]): string {
  const last = chain[chain.length - 1]
  if (code === 'CERT_SIGNATURE_FAILURE') return 'signature in the certificate chain is wrong'
  if (fault !== 'untrusted' || last === undefined) return `certificate refused (${namingText(code)})`
  if (chain.length === 1 && last.selfIssued) return 'certificate is self-signed and not trusted'
  if (code === 'SELF_SIGNED_CERT_IN_CHAIN' || isRoot(chain, chain.length - 1))
    return `certificate chain is not trusted: it ends in ${namingText(last.subject)} (${namingText(code)})`
  return `certificate chain is not trusted: issuer ${namingText(last.issuer)} is unknown (${namingText(code)})`
}
