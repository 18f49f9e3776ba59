/**
 * Opens the Proxy Authority, or makes it on first start (RFC 5280 §4.2.1.9: pathLen 0, so that nobody
 * can put a second authority below it). Runs in the authority's own thread; the key stays there.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  type webcrypto,
  X509Certificate,
} from 'node:crypto'
import { join } from 'node:path'
import { AuthorityError, readIfThere, secureDirectory, secureKey, writeWhole } from './files.ts'
import type { AuthorityFacts, AuthorityOptions } from './messages.ts'
import { readCertificate } from './read-certificate.ts'
import { x509 } from './x509.ts'

export interface Authority {
  readonly facts: AuthorityFacts
  readonly certificate: x509.X509Certificate
  /** PEM of the certificates a client needs besides the leaf: a subordinate authority's, never a root's. */
  readonly intermediates: string
  readonly notBefore: number
  readonly signingKey: webcrypto.CryptoKey
  readonly signingAlgorithm: ReturnType<typeof signing>
}

const name = 'Postern Proxy Authority'
const certificateName = 'proxy-authority.pem'
const keyName = 'proxy-authority-key.pem'
const year = 365 * 24 * 60 * 60 * 1000
const life = 10 * year
/** Clients' clocks may run behind by this much. */
const backdate = 24 * 60 * 60 * 1000

/** Throws `AuthorityError` with a reason and a remedy. */
export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  if (!('directory' in options)) {
    secureKey(options.key, 'strict')
    return load(options, false)
  }
  secureDirectory(options.directory)
  const files = {
    certificate: join(options.directory, certificateName),
    key: join(options.directory, keyName),
  }
  const created = await makeWhatIsMissing(files)
  secureKey(files.key, 'repair')
  return load(files, created)
}

interface Files {
  readonly certificate: string
  readonly key: string
}

/** The key is written first: a start that was cut short leaves a key, and gets its certificate now. */
async function makeWhatIsMissing(files: Files): Promise<boolean> {
  const certificate = readIfThere(files.certificate)
  const key = readIfThere(files.key)
  if (certificate !== undefined && key === undefined)
    throw new AuthorityError(
      `${files.certificate} has lost its key ${files.key}; put the key back, or move the certificate away to have a new authority made (clients must then trust the new one)`,
    )
  if (certificate !== undefined) return false
  const pem = key ?? freshKey().export({ type: 'pkcs8', format: 'pem' }).toString()
  if (key === undefined) writeWhole(files.key, pem, 0o600)
  writeWhole(files.certificate, await selfSigned(readKey(files.key, pem)), 0o644)
  return true
}

function freshKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
}

async function selfSigned(key: KeyObject): Promise<string> {
  const { publicKey, privateKey } = keyPair(key)
  const usages = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    serialNumber: randomSerial(),
    notBefore: wholeSeconds(Date.now() - backdate),
    notAfter: wholeSeconds(Date.now() + life),
    keys: { publicKey, privateKey },
    signingAlgorithm: signing(key),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(usages, true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  })
  return `${certificate.toString('pem')}\n`
}

function load(files: Files, created: boolean): Authority {
  const text = readIfThere(files.certificate)
  const keyText = readIfThere(files.key)
  if (text === undefined || keyText === undefined)
    throw new AuthorityError(
      `${text === undefined ? files.certificate : files.key} does not exist; check the path`,
    )
  const key = readKey(files.key, keyText)
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  const known = blocks.map((block) => readPem(files.certificate, block))
  const own = known[0]
  if (own === undefined)
    throw new AuthorityError(`${files.certificate} holds no PEM certificate; check the file`)
  const facts = readCertificate(own.raw)
  if (!own.checkPrivateKey(key))
    throw new AuthorityError(
      `${files.certificate} and ${files.key} do not belong together; give the key that the certificate was made for`,
    )
  if (facts.basicConstraints?.ca !== true || facts.keyUsage?.includes('keyCertSign') === false)
    throw new AuthorityError(
      `${files.certificate} may not sign certificates; give one with basicConstraints CA and keyCertSign`,
    )
  const { privateKey } = keyPair(key)
  const pem = known.map((one) => (readCertificate(one.raw).selfIssued ? '' : one.toString()))
  return {
    facts: {
      authority: own.toString(),
      authorityKeyId: facts.keyId,
      certificateFile: files.certificate,
      notAfter: facts.notAfter,
      created,
    },
    certificate: new x509.X509Certificate(own.raw),
    intermediates: pem.join(''),
    notBefore: facts.notBefore,
    signingKey: privateKey,
    signingAlgorithm: signing(key),
  }
}

function readPem(file: string, block: string): X509Certificate {
  try {
    return new X509Certificate(block)
  } catch {
    throw new AuthorityError(`${file} holds a certificate that cannot be read; check the file`)
  }
}

function readKey(file: string, text: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch {
    const locked = /ENCRYPTED/.test(text)
      ? 'is locked with a password; store it without one'
      : 'holds no PEM key'
    throw new AuthorityError(`${file} ${locked}; convert it with: openssl pkey -in FILE -out NEW-FILE`)
  }
}

/** How a key signs; keys too weak or strange for an authority are refused. */
export function signing(key: KeyObject): { name: string; hash: string; namedCurve?: string } {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048)
    return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const curve = curves.get(namedCurve)
  if (curve !== undefined) return { name: 'ECDSA', ...curve }
  throw new AuthorityError(
    'the Proxy Authority needs an RSA key of at least 2048 bits, or one on P-256, P-384 or P-521',
  )
}

const curves: ReadonlyMap<string, { readonly hash: string; readonly namedCurve: string }> = new Map([
  ['prime256v1', { hash: 'SHA-256', namedCurve: 'P-256' }],
  ['secp384r1', { hash: 'SHA-384', namedCurve: 'P-384' }],
  ['secp521r1', { hash: 'SHA-512', namedCurve: 'P-521' }],
])

/** The pair as the certificate library takes it. */
export function keyPair(key: KeyObject): webcrypto.CryptoKeyPair {
  const algorithm = signing(key)
  return {
    privateKey: key.toCryptoKey(algorithm, false, ['sign']),
    publicKey: createPublicKey(key).toCryptoKey(algorithm, true, ['verify']),
  }
}

/** RFC 5280 §4.1.2.2: positive and at most 20 octets; here 128 random bits behind a one. */
export function randomSerial(): string {
  return `01${randomBytes(16).toString('hex')}`
}

/** Certificates know whole seconds only (RFC 5280 §4.1.2.5). */
export function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000)
}
