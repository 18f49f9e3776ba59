/**
 * The demo upstream's own certificate and the root it hangs from. The root, "Postern Demo Root",
 * stands for the public authority of a mail provider; it is not the Proxy Authority. Its key signs
 * one certificate and is forgotten, so trusting it trusts nothing else.
 */
import { createPrivateKey, randomBytes, randomUUID, webcrypto, X509Certificate } from 'node:crypto'
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import 'reflect-metadata' // @peculiar/x509 needs it loaded first
import * as x509 from '@peculiar/x509'

export interface DemoCertificates {
  /** Path of the root's PEM, for the side that connects to the demo server. */
  readonly caFile: string
  /** PEM of the server's private key. */
  readonly key: string
  /** PEM of the server's certificate; the root signs it directly, so there is no chain to send. */
  readonly cert: string
}

/**
 * Reads the certificates from `directory`, or makes them: at the first call, and again when they
 * expire within 30 days, name other hosts or do not belong together. Two processes that start
 * together end up with the same ones.
 * @throws whatever the file system says
 */
export async function demoCertificates(directory: string): Promise<DemoCertificates> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, 'demo-server.pem')
  const identity = (await usable(file)) ?? (await make(file))
  await chmod(file, 0o600)
  const caFile = join(directory, 'demo-root.pem')
  await writeWhole(caFile, identity.root)
  return { caFile, key: identity.key, cert: identity.leaf }
}

interface Identity {
  readonly key: string
  readonly leaf: string
  readonly root: string
}

const DAY = 24 * 60 * 60 * 1000
const VALIDITY = 365 * DAY
/** Enough that a demo left running for a while does not expire under its user. */
const RENEW_BEFORE = 30 * DAY
/** Clocks of two machines in a test lab differ. */
const CLOCK_SKEW = 60 * 60 * 1000
const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const NAMES = [
  { type: 'dns', value: 'localhost' },
  { type: 'dns', value: 'pop.demo.example' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
] as const

async function usable(file: string): Promise<Identity | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const blocks = text.match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----\n/g)
  const [key, leaf, root] = blocks ?? []
  if (!key || !leaf || !root) return undefined
  try {
    const certificate = new X509Certificate(leaf)
    const fits =
      certificate.checkPrivateKey(createPrivateKey(key)) &&
      certificate.verify(new X509Certificate(root).publicKey) &&
      NAMES.every(({ type, value }) =>
        type === 'dns' ? certificate.checkHost(value) : certificate.checkIP(value),
      ) &&
      Date.parse(certificate.validFrom) <= Date.now() &&
      Date.parse(certificate.validTo) - Date.now() > RENEW_BEFORE
    return fits ? { key, leaf, root } : undefined
  } catch {
    return undefined
  }
}

/** Makes and stores an identity; when another process was quicker, its identity is the one. */
async function make(file: string): Promise<Identity> {
  const identity = await issue()
  const written = `${file}.${randomUUID()}`
  await writeFile(written, identity.key + identity.leaf + identity.root, { mode: 0o600, flag: 'wx' })
  try {
    await link(written, file).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
      if ((await usable(file)) === undefined) await rename(written, file)
    })
  } finally {
    await rm(written, { force: true })
  }
  return (await usable(file)) ?? identity
}

async function issue(): Promise<Identity> {
  x509.cryptoProvider.set(webcrypto)
  const rootKeys = await generateKeys()
  const leafKeys = await generateKeys()
  const validity = {
    notBefore: new Date(Date.now() - CLOCK_SKEW),
    notAfter: new Date(Date.now() - CLOCK_SKEW + VALIDITY),
  }
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: serialNumber(),
    name: 'CN=Postern Demo Root',
    keys: rootKeys,
    signingAlgorithm: KEY_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  })
  const leaf = await x509.X509CertificateGenerator.create({
    ...validity,
    serialNumber: serialNumber(),
    subject: 'CN=localhost',
    issuer: root.subject,
    publicKey: leafKeys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: KEY_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([...NAMES]),
      await x509.SubjectKeyIdentifierExtension.create(leafKeys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey)
  return {
    key: `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`,
    leaf: `${leaf.toString('pem')}\n`,
    root: `${root.toString('pem')}\n`,
  }
}

const generateKeys = () => webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify'])

/** RFC 5280 §4.1.2.2: positive and at most 20 octets. */
function serialNumber(): string {
  const octets = randomBytes(16)
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40
  return octets.toString('hex')
}

/** Nobody ever reads half a file. */
async function writeWhole(file: string, text: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return
  const written = `${file}.${randomUUID()}`
  await writeFile(written, text, { mode: 0o644 })
  await rename(written, file)
}
