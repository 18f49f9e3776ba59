/**
 * Reads the extensions of a certificate that Postern judges (RFC 5280 §4.2.1). An extension that
 * cannot be read, or stands there twice, is a flaw and not an exception.
 */
import type { CertificateFacts } from '../../tls/index.ts'
import {
  boolean,
  childrenOf,
  contentOf,
  type Der,
  latin1,
  objectId,
  readDer,
  smallInteger,
  tag,
} from './der.ts'

/** The part of the facts that comes from extensions. */
export type ExtensionFacts = Pick<
  CertificateFacts,
  | 'dnsNames'
  | 'ipAddresses'
  | 'otherNames'
  | 'basicConstraints'
  | 'keyUsage'
  | 'extendedKeyUsage'
  | 'nameConstraints'
  | 'unknownCritical'
  | 'flaws'
>

type Building = { -readonly [K in keyof ExtensionFacts]: ExtensionFacts[K] }

const readers: ReadonlyMap<string, (value: Der, facts: Building) => void> = new Map([
  ['2.5.29.15', readKeyUsage],
  ['2.5.29.17', readAlternativeNames],
  ['2.5.29.19', readBasicConstraints],
  ['2.5.29.30', readNameConstraints],
  ['2.5.29.37', readExtendedKeyUsage],
])

/**
 * Critical extensions that OpenSSL processes or that say nothing about who may be trusted: key identifiers,
 * issuer names, CRL points, policies and their kin, authority access, TLS features (RFC 7633).
 */
const understood: ReadonlySet<string> = new Set([
  ...['2.5.29.14', '2.5.29.18', '2.5.29.31', '2.5.29.32', '2.5.29.33', '2.5.29.35', '2.5.29.36', '2.5.29.54'],
  ...['1.3.6.1.5.5.7.1.1', '1.3.6.1.5.5.7.1.24'],
])

/** @param list the SEQUENCE of extensions; `undefined` when the certificate has none */
export function readExtensions(list: Der | undefined): ExtensionFacts {
  const facts: Building = {
    ...{ dnsNames: [], ipAddresses: [], otherNames: [], unknownCritical: [], flaws: [] },
    ...{ basicConstraints: undefined, keyUsage: undefined },
    ...{ extendedKeyUsage: undefined, nameConstraints: undefined },
  }
  const seen = new Set<string>()
  for (const extension of list === undefined ? [] : childrenOf(list)) {
    const parts = childrenOf(extension)
    const oid = objectId(parts[0])
    const critical = parts.length === 3 && boolean(parts[1])
    // RFC 5280 §4.2: a certificate MUST NOT include more than one instance of an extension.
    if (seen.has(oid)) facts.flaws = [...facts.flaws, `extension ${oid} twice`]
    seen.add(oid)
    const reader = readers.get(oid)
    if (reader === undefined && critical && !understood.has(oid))
      facts.unknownCritical = [...facts.unknownCritical, oid]
    const content = contentOf(parts[parts.length - 1], tag.octetString)
    if (reader !== undefined) readOrFlaw(oid, () => reader(readDer(content), facts), facts)
  }
  return facts
}

function readOrFlaw(oid: string, read: () => void, facts: Building): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    facts.flaws = [...facts.flaws, `unreadable extension ${oid}`]
  }
}

/** RFC 5280 §4.2.1.3, in the order of the bits. */
const usages = [
  ...['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement'],
  ...['keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly'],
]

function readKeyUsage(value: Der, facts: Building): void {
  const [, ...octets] = contentOf(value, tag.bitString)
  facts.keyUsage = usages.filter((_, bit) => (octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7)))
}

function readExtendedKeyUsage(value: Der, facts: Building): void {
  facts.extendedKeyUsage = childrenOf(value).map(objectId)
}

function readBasicConstraints(value: Der, facts: Building): void {
  const parts = childrenOf(value)
  const ca = parts[0]?.tag === tag.boolean && boolean(parts[0])
  const length = parts.find((part) => part.tag === tag.integer)
  facts.basicConstraints = length === undefined ? { ca } : { ca, pathLength: smallInteger(length) }
}

/** RFC 5280 §4.2.1.6, the kinds of a GeneralName in the order of their tags. */
const nameKinds = ['other', 'email', 'dns', 'x400', 'directory', 'edi', 'uri', 'ip', 'id']

function kindOf(name: Der): string {
  const kind = (name.tag & 0xc0) === 0x80 ? nameKinds[name.tag & 0x1f] : undefined
  if (kind === undefined) throw new TypeError('Not a general name')
  return kind
}

function readAlternativeNames(value: Der, facts: Building): void {
  const names = childrenOf(value)
  if (names.length === 0) throw new TypeError('No names')
  const ofKind = (wanted: string) => names.filter((name) => kindOf(name) === wanted)
  const others = names.map(kindOf).filter((kind) => kind !== 'dns' && kind !== 'ip')
  facts.dnsNames = ofKind('dns').map(({ content }) => latin1(content))
  facts.otherNames = [...new Set(others)]
  facts.ipAddresses = ofKind('ip').map(({ content }) => address(content))
}

function address(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.')
  if (octets.length !== 16) throw new TypeError('Not an address')
  const groups = Buffer.from(octets).toString('hex').match(/.{4}/g)
  return URL.parse(`http://[${groups?.join(':')}]/`)?.hostname.slice(1, -1) ?? ''
}

/** RFC 5280 §4.2.1.10. Only the DNS subtrees are told; the others are OpenSSL's. */
function readNameConstraints(value: Der, facts: Building): void {
  const parts = childrenOf(value)
  if (parts.length === 0) throw new TypeError('No constraints')
  const subtrees = (wanted: number) =>
    parts
      .filter((part) => part.tag === wanted)
      .flatMap(childrenOf)
      .flatMap((subtree) => childrenOf(subtree).slice(0, 1))
      .filter((base) => kindOf(base) === 'dns')
      .map(({ content }) => latin1(content))
  facts.nameConstraints = { permitted: subtrees(0xa0), excluded: subtrees(0xa1) }
}
