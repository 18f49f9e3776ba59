/**
 * What a certificate says, from its DER. OpenSSL (through node:crypto) reads the key and the names of
 * subject and issuer; the rest is read here, because Node tells neither critical extensions, nor key
 * usages, nor name constraints, nor a name as it stands in the bytes.
 */
import { createHash, type KeyObject, X509Certificate } from 'node:crypto'
import type { CertificateReader } from '../../ports.ts'
import type { CertificateFacts } from '../../tls/index.ts'
import { childrenOf, contentOf, type Der, objectId, readDer, tag, time } from './der.ts'
import { readExtensions } from './extensions.ts'

/** Reads one certificate. Throws `TypeError`, and nothing else, when the bytes are none. */
export const readCertificate: CertificateReader = (der) => {
  const own = Buffer.from(der)
  const known = openssl(own)
  const [body, outerAlgorithm] = childrenOf(readDer(own))
  const fields = childrenOf(body)
  const version = fields[0]?.tag === 0xa0 ? readVersion(fields[0]) : 1
  const [serial, algorithm, issuer, validity, subject, key, ...optional] = fields.slice(version === 1 ? 0 : 1)
  const wrapped = optional.find((field) => field.tag === 0xa3)
  const extensions = readExtensions(wrapped === undefined ? undefined : childrenOf(wrapped)[0])
  const [notBefore, notAfter] = childrenOf(validity)
  return {
    ...extensions,
    subject: oneLine(known.subject),
    issuer: oneLine(known.issuer),
    fingerprint: sha256(own),
    keyId: sha256(key?.whole ?? own),
    notBefore: time(notBefore),
    notAfter: time(notAfter),
    key: keyFacts(known),
    signatureHash: signatureHash(algorithm),
    version,
    selfIssued: subject !== undefined && issuer !== undefined && same(subject.whole, issuer.whole),
    flaws: [
      ...extensions.flaws,
      ...serialFlaws(contentOf(serial, tag.integer)),
      // RFC 5280 §4.1.1.2: both algorithm fields MUST be the same.
      ...(same(algorithm?.whole, outerAlgorithm?.whole) ? [] : ['two different signature algorithms']),
      // RFC 5280 §4.1.2.9: extensions MUST only appear in version 3.
      ...(wrapped !== undefined && version !== 3 ? [`extensions in version ${version}`] : []),
    ],
  }
}

function openssl(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der)
  } catch {
    throw new TypeError('Not a certificate')
  }
}

/** RFC 5280 §4.1.2.1 */
function readVersion(field: Der): 1 | 2 | 3 {
  const content = contentOf(childrenOf(field)[0], tag.integer)
  if (content.length === 1 && content[0] === 1) return 2
  if (content.length === 1 && content[0] === 2) return 3
  throw new TypeError('Not a certificate version')
}

/** RFC 5280 §4.1.2.2: at most 20 octets, and positive; zero is let pass, as old private roots have it. */
function serialFlaws(serial: Uint8Array): string[] {
  if ((serial[0] ?? 0) >= 0x80) return ['negative serial number']
  return serial.length > 21 || (serial.length === 21 && serial[0] !== 0) ? ['serial number too long'] : []
}

/** Node gives one attribute a line, with control characters escaped; an empty name as `undefined`. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ')
}

const curveBits: ReadonlyMap<string, number> = new Map([
  ['prime192v1', 192],
  ['secp224r1', 224],
  ['prime256v1', 256],
  ['secp256k1', 256],
  ['secp384r1', 384],
  ['secp521r1', 521],
])

/** Bits are 0 where they say nothing about strength. */
function keyFacts(known: X509Certificate): CertificateFacts['key'] {
  const key = publicKey(known)
  const details = key?.asymmetricKeyDetails
  switch (key?.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return { type: 'rsa', bits: details?.modulusLength ?? 0 }
    case 'dsa':
      return { type: 'dsa', bits: details?.modulusLength ?? 0 }
    case 'ec': {
      const curve = details?.namedCurve
      return curve === undefined
        ? { type: 'ec', bits: 0 }
        : { type: 'ec', bits: curveBits.get(curve) ?? 0, curve }
    }
    case 'ed25519':
      return { type: 'ed25519', bits: 256 }
    case 'ed448':
      return { type: 'ed448', bits: 456 }
    default:
      return { type: 'other', bits: 0 }
  }
}

/** OpenSSL reads a certificate whose key it cannot read; that key is then of an unknown kind. */
function publicKey(known: X509Certificate): KeyObject | undefined {
  try {
    return known.publicKey
  } catch {
    return undefined
  }
}

const pkcs1 = '1.2.840.113549.1.1'
const ecdsa = '1.2.840.10045.4'
const nist = '2.16.840.1.101.3.4'
/** RSA-PSS names its hash in parameters (RFC 4055 §3.1). */
const pss = `${pkcs1}.10`

const hashesByAlgorithm: ReadonlyMap<string, string> = new Map(
  [
    ...[`${pkcs1}.2 md2`, `${pkcs1}.3 md4`, `${pkcs1}.4 md5`, `${pkcs1}.5 sha1`, `${pkcs1}.14 sha224`],
    ...[`${pkcs1}.11 sha256`, `${pkcs1}.12 sha384`, `${pkcs1}.13 sha512`],
    ...[`${ecdsa}.1 sha1`, `${ecdsa}.3.1 sha224`, `${ecdsa}.3.2 sha256`, `${ecdsa}.3.3 sha384`],
    ...[`${ecdsa}.3.4 sha512`, '1.3.101.112 none', '1.3.101.113 none', '1.2.840.10040.4.3 sha1'],
    ...[`${nist}.3.1 sha224`, `${nist}.3.2 sha256`, `${nist}.3.3 sha384`, `${nist}.3.4 sha512`],
    ...[`${nist}.3.10 sha3-256`, `${nist}.3.11 sha3-384`, `${nist}.3.12 sha3-512`],
    ...[`${nist}.3.14 sha3-256`, `${nist}.3.15 sha3-384`, `${nist}.3.16 sha3-512`],
    // Hashes by themselves, as PSS names them.
    ...['1.3.14.3.2.26 sha1', `${nist}.2.1 sha256`, `${nist}.2.2 sha384`, `${nist}.2.3 sha512`],
  ].map((line): [string, string] => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']),
)

/** The hash's name; for an algorithm unknown here its object identifier, which no judge takes for strong. */
function signatureHash(algorithm: Der | undefined): string {
  const [oid, parameters] = childrenOf(algorithm)
  const name = objectId(oid)
  if (name !== pss) return hashesByAlgorithm.get(name) ?? name
  const hash = parameters === undefined ? undefined : childrenOf(parameters).find((part) => part.tag === 0xa0)
  // RFC 4055 §3.1: the default is SHA-1.
  if (hash === undefined) return 'sha1'
  const named = objectId(childrenOf(childrenOf(hash)[0])[0])
  return hashesByAlgorithm.get(named) ?? named
}

function same(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
