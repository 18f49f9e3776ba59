/** Makes certificates for tests, sound unless told otherwise. Nothing in here is used by Postern itself. */
import { generateKeyPairSync, type KeyObject, type webcrypto } from 'node:crypto'
import { randomSerial } from '../../src/adapters/ca/authority.ts'
import { x509 } from '../../src/adapters/ca/x509.ts'

export type KeyKind = 'ec' | 'rsa' | 'rsa1024'

/** A certificate with its key, ready to sign others. */
export interface Issued {
  readonly pem: string
  /** PKCS#8 PEM. */
  readonly key: string
  readonly certificate: x509.X509Certificate
  readonly publicKey: webcrypto.CryptoKey
  readonly privateKey: KeyObject
}

export interface Spec {
  readonly subject?: string
  /** Absent: self-signed. */
  readonly issuer?: Issued
  readonly key?: KeyKind
  /** Hash of the signature on it. */
  readonly hash?: 'SHA-256' | 'SHA-1'
  /** Days from now. */
  readonly from?: number
  readonly to?: number
}

const day = 24 * 60 * 60 * 1000
const daysFromNow = (days: number) => new Date(Math.floor(Date.now() / 1000) * 1000 + days * day)

/** One certificate with exactly these extensions, and key identifiers. */
export async function issue(spec: Spec, extensions: readonly x509.Extension[]): Promise<Issued> {
  const { key: keyPem, publicKey, privateKey } = freshKey(spec.key ?? 'ec')
  const signer = spec.issuer
  const signerKey = signWith(signer?.privateKey ?? privateKey, spec.hash ?? 'SHA-256')
  const subject = spec.subject ?? 'CN=Test'
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: signer === undefined ? subject : signer.certificate.subject,
    serialNumber: randomSerial(),
    notBefore: daysFromNow(spec.from ?? -1),
    notAfter: daysFromNow(spec.to ?? 90),
    publicKey,
    signingKey: signerKey,
    signingAlgorithm: { name: signerKey.algorithm.name, hash: spec.hash ?? 'SHA-256' },
    extensions: [
      ...extensions,
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer?.publicKey ?? publicKey),
    ],
  })
  return { pem: `${certificate.toString('pem')}\n`, key: keyPem, certificate, publicKey, privateKey }
}

export interface AuthoritySpec extends Spec {
  readonly ca?: boolean
  readonly pathLength?: number
  readonly usages?: number
  readonly extra?: readonly x509.Extension[]
}

const { keyCertSign, cRLSign, digitalSignature, keyEncipherment } = x509.KeyUsageFlags

/** An authority; a root when it has no issuer. */
export function makeAuthority(spec: AuthoritySpec): Promise<Issued> {
  return issue({ to: 3650, ...spec }, [
    new x509.BasicConstraintsExtension(spec.ca ?? true, spec.pathLength, true),
    new x509.KeyUsagesExtension(spec.usages ?? keyCertSign | cRLSign, true),
    ...(spec.extra ?? []),
  ])
}

export interface LeafSpec extends Spec {
  readonly dns?: readonly string[]
  readonly ip?: readonly string[]
  readonly uri?: readonly string[]
  readonly email?: readonly string[]
  readonly ca?: boolean
  readonly usages?: number
  readonly purpose?: string
  readonly extra?: readonly x509.Extension[]
}

/** A server's leaf with the names given. */
export function makeLeaf(spec: LeafSpec): Promise<Issued> {
  const names = [
    ...(spec.dns ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(spec.ip ?? []).map((value) => ({ type: 'ip' as const, value })),
    ...(spec.uri ?? []).map((value) => ({ type: 'url' as const, value })),
    ...(spec.email ?? []).map((value) => ({ type: 'email' as const, value })),
  ]
  return issue({ subject: `CN=${spec.dns?.[0] ?? 'server'}`, ...spec }, [
    new x509.BasicConstraintsExtension(spec.ca ?? false, undefined, true),
    new x509.KeyUsagesExtension(spec.usages ?? digitalSignature | keyEncipherment, true),
    new x509.ExtendedKeyUsageExtension([spec.purpose ?? x509.ExtendedKeyUsage.serverAuth]),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
    ...(spec.extra ?? []),
  ])
}

/** DER by hand, for what the library would not write. */
export function der(tag: number, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)))
  if (content.length > 127) throw new RangeError('Too long for a test')
  return Buffer.concat([Buffer.from([tag, content.length]), content])
}

/** An extension from its DER. */
export function rawExtension(oid: string, critical: boolean, value: Uint8Array): x509.Extension {
  return new x509.Extension(oid, critical, Uint8Array.from(value))
}

/** RFC 5280 §4.2.1.10, DNS subtrees only. */
export function nameConstraints(permitted: string[], excluded: string[], critical = true): x509.Extension {
  const subtrees = (tag: number, bases: string[]) =>
    bases.length === 0 ? [] : [der(tag, ...bases.map((base) => der(0x30, der(0x82, base))))]
  const value = der(0x30, ...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded))
  return rawExtension('2.5.29.30', critical, value)
}

/** The same certificate with bytes of its DER changed, its signature left as it was. */
export function tamper(pem: string, change: (bytes: Buffer) => void): string {
  const bytes = Buffer.from(new x509.X509Certificate(pem).rawData)
  change(bytes)
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

interface FreshKey {
  readonly key: string
  readonly publicKey: webcrypto.CryptoKey
  readonly privateKey: KeyObject
}

function freshKey(kind: KeyKind): FreshKey {
  const { privateKey, publicKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      : generateKeyPairSync('rsa', { modulusLength: kind === 'rsa' ? 2048 : 1024 })
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.toCryptoKey(algorithmOf(publicKey, 'SHA-256'), true, ['verify']),
    privateKey,
  }
}

function signWith(key: KeyObject, hash: string): webcrypto.CryptoKey {
  return key.toCryptoKey(algorithmOf(key, hash), false, ['sign'])
}

function algorithmOf(
  key: KeyObject,
  hash: string,
): webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams {
  return key.asymmetricKeyType === 'rsa'
    ? { name: 'RSASSA-PKCS1-v1_5', hash }
    : { name: 'ECDSA', namedCurve: 'P-256' }
}
