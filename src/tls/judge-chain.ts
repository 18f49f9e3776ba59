/**
 * The must-reject list: what is wrong with a peer's certificate chain, on top of what OpenSSL found.
 * OpenSSL checks signatures and the way to a trusted root; Node's default lets through a good deal
 * that RFC 5280, RFC 9525 and today's practice refuse, and names only one fault. This judge names all.
 */
import { namingText, roleOf } from './chain-words.ts'
import { judgeNames } from './judge-names.ts'
import { judgePath } from './judge-path.ts'
import { judgeStrength } from './judge-strength.ts'
import { stackFault } from './stack-fault.ts'
import type { CertificateFault, ChainEntry } from './types.ts'

export interface ChainInput {
  /** The path that vouches for the leaf: leaf first, the trusted root last when known. */
  readonly chain: readonly ChainEntry[]
  /** The name or address that was meant to be reached. */
  readonly host: string
  /**
   * What the TLS stack says (Node's `authorizationError` code); `undefined` when it verified the chain.
   * The stack tells its last error only: "expired" may hide a wrong signature. Who wants to let one kind
   * of fault through must check signatures and trust for himself.
   */
  readonly stackError: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Keys that never vouch for a server: our own authority's among them. */
  readonly forbiddenKeyIds: ReadonlySet<string>
}

/**
 * Judges a chain. Empty means: nothing wrong. Whenever the stack reports an error there is at least one
 * fault. A resumed session shows no chain (RFC 8446 §2.2) and must not be judged again: keep sessions
 * only from handshakes that were judged, under the same host, trust and profile.
 *
 * @returns faults, the telling ones first; each `text` is one line of printable ASCII, at most 160 characters
 */
export function judgeChain(input: ChainInput): readonly CertificateFault[] {
  const { chain } = input
  const leaf = chain[0]
  if (leaf === undefined) return [{ fault: 'untrusted', text: 'server showed no certificate' }]
  const found = [
    ...ownAuthority(chain, input.forbiddenKeyIds),
    ...validity(chain, input.now),
    ...judgeNames(leaf, input.host),
    ...judgeStrength(chain),
    ...judgePath(chain),
    ...flaws(chain),
  ]
  const all = [...found, ...stackFault(input.stackError, chain, found)]
  return all.map(({ fault, text }) => ({ fault, text: text.slice(0, longestText) }))
}

/** An RFC 2449 §4 reply line has 512 octets; the refusal has room for several faults. */
const longestText = 160

function ownAuthority(chain: readonly ChainEntry[], forbidden: ReadonlySet<string>): CertificateFault[] {
  if (!chain.some(({ keyId }) => forbidden.has(keyId))) return []
  return [{ fault: 'ownAuthority', text: 'certificate was made by a proxy authority, not for a server' }]
}

/** RFC 5280 §6.1.3 (a)(2), and for the root too: what a trusted root says of itself is taken seriously. */
function validity(chain: readonly ChainEntry[], now: number): CertificateFault[] {
  return chain.flatMap((entry, index): CertificateFault[] => {
    const which = roleOf(chain, index)
    if (now > entry.notAfter)
      return [{ fault: 'expired', text: `${which} expired on ${day(entry.notAfter)}` }]
    if (now < entry.notBefore)
      return [{ fault: 'notYetValid', text: `${which} is not valid before ${day(entry.notBefore)}` }]
    return []
  })
}

function flaws(chain: readonly ChainEntry[]): CertificateFault[] {
  return chain.flatMap((entry, index) =>
    entry.flaws.map(
      (flaw): CertificateFault => ({
        fault: 'malformed',
        text: `${roleOf(chain, index)} is malformed: ${namingText(flaw)}`,
      }),
    ),
  )
}

function day(time: number): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? 'an unreadable date' : date.toISOString().slice(0, 10)
}
