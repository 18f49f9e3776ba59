/**
 * Name constraints on DNS names (RFC 5280 §4.2.1.10), honoured whether the extension is critical or not.
 * A wildcard name counts as every name it stands for. Constraints on addresses and mail names are OpenSSL's.
 */
import { namingText, roleOf } from './chain-words.ts'
import { isHostName } from './host-name.ts'
import type { CertificateFault, ChainEntry } from './types.ts'

/** What an issuer's constraints say about the names of all certificates below it. */
export function judgeConstraints(
  chain: readonly ChainEntry[],
  issuer: ChainEntry,
  index: number,
): CertificateFault[] {
  if (issuer.nameConstraints === undefined) return []
  const who = roleOf(chain, index)
  const { permitted, excluded } = issuer.nameConstraints
  const invalid = [...permitted, ...excluded].find((base) => !isBase(base))
  if (invalid !== undefined)
    return [{ fault: 'malformed', text: `${who} has a malformed name constraint: ${namingText(invalid)}` }]
  const names = chain.slice(0, index).flatMap(({ dnsNames }) => dnsNames)
  const breach = names.find(
    (name) =>
      excluded.some((base) => touches(name, base)) ||
      (permitted.length > 0 && !permitted.some((base) => isWithin(name, base))),
  )
  if (breach === undefined) return []
  return [{ fault: 'brokenChain', text: `${who} may not vouch for ${namingText(breach)} (name constraints)` }]
}

/** Empty stands for every name; a leading dot is not in the RFC but in real certificates. */
function isBase(base: string): boolean {
  const bare = base.startsWith('.') ? base.slice(1) : base
  return base === '' || isHostName(bare.toLowerCase())
}

/** Whether every name that `name` stands for is the base or below it. */
function isWithin(name: string, base: string): boolean {
  const inner = name.toLowerCase()
  const outer = base.toLowerCase()
  if (outer === '' || inner === outer) return true
  return inner.endsWith(outer.startsWith('.') ? outer : `.${outer}`)
}

/** Whether any name that `name` stands for is the base or below it. */
function touches(name: string, base: string): boolean {
  const bare = base.startsWith('.') ? base.slice(1) : base
  if (isWithin(name, bare)) return true
  const dot = bare.indexOf('.')
  return name.startsWith('*.') && dot > 0 && name.slice(1).toLowerCase() === bare.slice(dot).toLowerCase()
}
