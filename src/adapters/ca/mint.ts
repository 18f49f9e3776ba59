/** Mints one leaf under the authority: what RFC 5280 and the CA/Browser Forum's baseline ask of a server's. */
import { generateKeyPair, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import type { Credentials, LeafRequest } from '../../ports.ts'
import { type Authority, keyPair, randomSerial, wholeSeconds } from './authority.ts'
import { AuthorityError } from './files.ts'
import { x509 } from './x509.ts'

const generate = promisify(generateKeyPair)

/** @param now milliseconds since the epoch. Throws `AuthorityError` where no sound leaf can be made. */
export async function mint(authority: Authority, leaf: LeafRequest, now: number): Promise<Credentials> {
  const { notBefore, notAfter } = validity(authority, leaf, now)
  const names = [
    ...leaf.dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...leaf.ipAddresses.map((value) => ({ type: 'ip' as const, value })),
  ]
  if (names.length === 0) throw new AuthorityError('a leaf without a name is of no use')
  // The library would write any text as a name, and something as the address.
  if (!leaf.dnsNames.every((name) => /^[\x21-\x7e]{1,253}$/.test(name)) || !leaf.ipAddresses.every(isAddress))
    throw new AuthorityError('a name that cannot stand in a certificate')
  const key = await freshKey(leaf.keyType ?? 'ec')
  const { publicKey } = keyPair(key)
  const certificate = await x509.X509CertificateGenerator.create({
    subject: leaf.commonName === '' ? [] : [{ CN: [leaf.commonName] }],
    issuer: authority.certificate.subjectName,
    serialNumber: randomSerial(),
    notBefore,
    notAfter,
    publicKey,
    signingKey: authority.signingKey,
    signingAlgorithm: authority.signingAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(usages(leaf), true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      // RFC 5280 §4.2.1.6: with an empty subject the alternative names MUST be critical.
      new x509.SubjectAlternativeNameExtension(names, leaf.commonName === ''),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await authorityKeyIdentifier(authority.certificate),
    ],
  })
  return {
    chain: `${certificate.toString('pem')}\n${authority.intermediates}`,
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    notAfter: notAfter.getTime(),
  }
}

/** Inside the authority's own validity: an expired authority refuses instead of making what nobody accepts. */
function validity(authority: Authority, leaf: LeafRequest, now: number): { notBefore: Date; notAfter: Date } {
  const { notAfter: end, certificateFile } = authority.facts
  if (now > end)
    throw new AuthorityError(
      `the Proxy Authority ${certificateFile} expired on ${new Date(end).toISOString().slice(0, 10)}; renew it`,
    )
  const notBefore = wholeSeconds(Math.max(leaf.notBefore, authority.notBefore))
  const notAfter = wholeSeconds(Math.min(leaf.notAfter, end))
  if (!(notBefore.getTime() < notAfter.getTime()))
    throw new AuthorityError('a leaf would end before it begins')
  return { notBefore, notAfter }
}

function isAddress(text: string): boolean {
  return isIP(text) !== 0
}

async function freshKey(keyType: 'ec' | 'rsa'): Promise<KeyObject> {
  const made =
    keyType === 'ec'
      ? await generate('ec', { namedCurve: 'prime256v1' })
      : await generate('rsa', { modulusLength: 2048 })
  return made.privateKey
}

/** RSA key exchange needs keyEncipherment (RFC 5246 §7.4.2); nothing else does. */
function usages({ keyType }: LeafRequest): number {
  const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags
  return keyType === 'rsa' ? digitalSignature | keyEncipherment : digitalSignature
}

/** RFC 5280 §4.2.1.1: MUST equal the issuer's own subject key identifier. */
async function authorityKeyIdentifier(certificate: x509.X509Certificate): Promise<x509.Extension> {
  const own = certificate.getExtension(x509.SubjectKeyIdentifierExtension)
  return own === null
    ? await x509.AuthorityKeyIdentifierExtension.create(certificate.publicKey)
    : new x509.AuthorityKeyIdentifierExtension(own.keyId)
}
