/** Whether each certificate may do what the chain has it do (RFC 5280 §4.2, §6.1.4). */
import { isRoot, namingText, roleOf } from './chain-words.ts'
import { judgeConstraints } from './name-constraints.ts'
import type { CertificateFacts, CertificateFault, ChainEntry } from './types.ts'

/** id-kp-serverAuth, RFC 5280 §4.2.1.12. */
const serverAuth = '1.3.6.1.5.5.7.3.1'

export function judgePath(chain: readonly ChainEntry[]): CertificateFault[] {
  return chain.flatMap((entry, index) => [
    ...(index === 0 ? judgeLeaf(entry) : judgeIssuer(chain, entry, index)),
    ...judgePurpose(chain, entry, index),
    ...critical(chain, entry, index),
  ])
}

function judgeLeaf(leaf: CertificateFacts): CertificateFault[] {
  const faults: CertificateFault[] = []
  if (leaf.basicConstraints?.ca === true)
    faults.push({ fault: 'malformed', text: 'certificate is an authority (CA), not a server' })
  if (leaf.keyUsage?.includes('keyCertSign') === true)
    faults.push({
      fault: 'malformed',
      text: 'certificate may sign others (keyCertSign), which no server needs',
    })
  // RFC 5280 §4.2.1.10: nameConstraints MUST be used only in a CA certificate.
  if (leaf.nameConstraints !== undefined)
    faults.push({
      fault: 'malformed',
      text: 'certificate has name constraints, which only an authority may have',
    })
  return faults
}

function judgeIssuer(chain: readonly ChainEntry[], entry: ChainEntry, index: number): CertificateFault[] {
  const faults: CertificateFault[] = []
  const broken = (why: string) =>
    faults.push({ fault: 'brokenChain', text: `${roleOf(chain, index)} ${why}` })
  // RFC 5280 §6.1.4 (k): an issuer MUST say in basicConstraints that it is one. A version 1 root cannot.
  if (entry.version < 3) {
    if (!isRoot(chain, index)) broken(`is of X.509 version ${entry.version} and cannot be an authority`)
  } else if (entry.basicConstraints?.ca !== true) broken('is no authority (CA)')
  // RFC 5280 §6.1.4 (n)
  if (entry.keyUsage !== undefined && !entry.keyUsage.includes('keyCertSign'))
    broken('may not sign certificates (keyCertSign missing)')
  // RFC 5280 §4.2.1.9: self-issued certificates are not counted, nor is the leaf.
  const below = chain.slice(1, index).filter(({ selfIssued }) => !selfIssued).length
  const pathLength = entry.basicConstraints?.pathLength
  if (pathLength !== undefined && below > pathLength)
    broken(`allows ${pathLength} authorities below it, the chain has ${below}`)
  return [...faults, ...judgeConstraints(chain, entry, index)]
}

/** RFC 5280 §4.2.1.12: a certificate MUST be used for its purposes only; an issuer's bind those below it. */
function judgePurpose(chain: readonly ChainEntry[], entry: ChainEntry, index: number): CertificateFault[] {
  if (isRoot(chain, index) && index > 0) return []
  if (entry.extendedKeyUsage === undefined || entry.extendedKeyUsage.includes(serverAuth)) return []
  return [
    { fault: 'brokenChain', text: `${roleOf(chain, index)} is not meant for servers (extended key usage)` },
  ]
}

/** RFC 5280 §4.2: a certificate MUST be refused when a critical extension is not understood. */
function critical(chain: readonly ChainEntry[], entry: ChainEntry, index: number): CertificateFault[] {
  return entry.unknownCritical.slice(0, 1).map((oid) => ({
    fault: 'malformed',
    text: `${roleOf(chain, index)} has an unknown critical extension ${namingText(oid)}`,
  }))
}
