/**
 * Upstream certificate chains that no client should accept, each with a pattern for the fault that must
 * be found. All of them would be served by a real TLS server; most of them pass somebody's checks.
 */
import { X509Certificate } from 'node:crypto'
import { x509 } from '../../src/adapters/ca/x509.ts'
import type { CertIssuer } from '../../src/ports.ts'
import {
  type AuthoritySpec,
  der,
  type Issued,
  type LeafSpec,
  makeAuthority,
  makeLeaf,
  nameConstraints,
  rawExtension,
  tamper,
} from './mint.ts'
import { authorityLines, dsaKey, ecKey, issueWithOpenssl, leafLines, type Pair } from './openssl.ts'

export interface ChainCase {
  readonly name: string
  /** PEM as a server is given it: leaf first. */
  readonly chain: string
  /** PKCS#8 PEM of the leaf's key. */
  readonly key: string
  /** The name or address that the client means. */
  readonly host: string
}

export interface HostileCase extends ChainCase {
  /** The text of one of the faults. */
  readonly expect: RegExp
}

export interface HostileChains {
  /** PEM bundle to trust: one sound root, weak or odd ones, and the proxy authority when one was given. */
  readonly trustedRoot: string
  readonly cases: readonly HostileCase[]
  readonly good: ChainCase
}

const host = 'mail.example.test'

/**
 * Makes all chains anew; takes about two seconds.
 *
 * @param directory for scratch files, private keys among them
 * @param authority the gateway's own, for the chain that it must never believe
 */
export async function makeHostileChains(directory: string, authority?: CertIssuer): Promise<HostileChains> {
  const root = await makeAuthority({ subject: 'CN=Test Root', key: 'rsa' })
  const roots = [root.pem]
  const inter = await makeAuthority({ subject: 'CN=Test Intermediate', key: 'rsa', issuer: root })
  const cases: HostileCase[] = []
  const add = (name: string, expect: RegExp, chain: readonly Pair[], meant = host) => {
    const [leaf] = chain
    cases.push({
      name,
      expect,
      host: meant,
      chain: chain.map(({ pem }) => pem).join(''),
      key: leaf?.key ?? '',
    })
  }
  const leaf = (spec: Partial<LeafSpec> = {}) => makeLeaf({ issuer: inter, dns: [host], ...spec })
  const leafCase = async (name: string, expect: RegExp, spec: Partial<LeafSpec>, meant = host) =>
    add(name, expect, [await leaf(spec), inter], meant)
  const interCase = async (
    name: string,
    expect: RegExp,
    spec: AuthoritySpec,
    names: Partial<LeafSpec> = {},
  ) => {
    const middle = await makeAuthority({ subject: `CN=Intermediate with ${name}`, issuer: root, ...spec })
    add(
      name,
      expect,
      [await leaf({ issuer: middle, ...names }), middle],
      names.dns?.[0]?.replace('*', 'a') ?? host,
    )
  }
  const rootCase = async (name: string, expect: RegExp, spec: AuthoritySpec) => {
    const top = await makeAuthority({ subject: `CN=Root with ${name}`, ...spec })
    roots.push(top.pem)
    const middle = await makeAuthority({ subject: `CN=Intermediate below ${name}`, issuer: top })
    add(name, expect, [await leaf({ issuer: middle }), middle])
  }

  await leafCase('expired leaf', /^certificate expired on \d{4}-\d\d-\d\d$/, { from: -90, to: -2 })
  await interCase('expired intermediate', /^intermediate certificate expired on/, { from: -90, to: -2 })
  await rootCase('expired root', /^root certificate expired on/, { from: -90, to: -2 })
  await leafCase('leaf of the future', /^certificate is not valid before/, { from: 3 })
  await interCase('intermediate of the future', /^intermediate certificate is not valid before/, { from: 3 })
  await rootCase('root of the future', /^root certificate is not valid before/, { from: 3 })

  await leafCase('wrong name', /is for other\.example\.test, not mail\.example\.test/, {
    dns: ['other.example.test'],
  })
  await leafCase('no alternative names', /names no host/, { dns: [], subject: 'O=Nobody' })
  await leafCase('common name only', /names no host \(no alternative/, { dns: [], subject: `CN=${host}` })
  await leafCase('wildcard inside a label', /is for ma\*\.example/, { dns: ['ma*.example.test'] })
  await leafCase('wildcard over a top level', /is for \*\.test, not/, { dns: ['*.test'] }, 'example.test')
  await leafCase('wildcard over two labels', /is for \*\.test, not/, { dns: ['*.test'] })
  await leafCase('wildcard not left-most', /is for mail\.\*\.test/, { dns: ['mail.*.test'] })
  await leafCase('URI names only', /only uri names/, { dns: [], uri: [`pop://${host}`] })
  await leafCase('mail names only', /only email names/, { dns: [], email: [`postmaster@${host}`] })
  await leafCase('address as a DNS name', /not 127\.0\.0\.1/, { dns: ['127.0.0.1'] }, '127.0.0.1')
  await leafCase('name for an address', /is for mail.*, not 127\.0\.0\.1/, {}, '127.0.0.1')
  await leafCase('other address', /is for 127\.0\.0\.2, not/, { dns: [], ip: ['127.0.0.2'] }, '127.0.0.1')
  await leafCase('address for a name', /is for 127\.0\.0\.1, not mail/, { dns: [], ip: ['127.0.0.1'] })
  const san = (...names: string[]) => ({
    dns: [],
    extra: [rawExtension('2.5.29.17', false, der(0x30, ...names.map((name) => der(0x82, name))))],
  })
  await leafCase('NUL in a name', /malformed name: mail\.example\.test\?\.evil/, san(`${host}\0.evil.test`))
  await leafCase('NUL beside the right name', /malformed name/, san(host, `${host}\0.evil.test`))
  await leafCase('quotes in a name', /malformed name: x", DNS:/, san(host, 'x", DNS:"y.test'))
  await leafCase('no names in the names', /unreadable extension 2\.5\.29\.17/, san())

  await leafCase('authority as leaf', /is an authority/, { ca: true })
  const both = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign
  await leafCase('leaf that may sign', /keyCertSign/, { usages: both })
  await leafCase('name constraints in the leaf', /only an authority may have/, {
    extra: [nameConstraints([host], [])],
  })
  await leafCase('leaf for clients', /not meant for servers/, { purpose: x509.ExtendedKeyUsage.clientAuth })
  const strange = rawExtension('1.2.3.4.5', true, der(0x05))
  await leafCase('unknown critical extension', /unknown critical extension 1\.2\.3\.4\.5/, {
    extra: [strange],
  })
  const twice = new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'b.test' }])
  await leafCase('extension twice', /extension 2\.5\.29\.17 twice/, { extra: [twice] })
  const garbled = rawExtension('2.5.29.31', false, der(0x30))
  await leafCase('expired leaf for another name', /is for other/, {
    to: -0.5,
    dns: ['other.test'],
    extra: [garbled],
  })

  await leafCase('RSA-1024 leaf', /^certificate has a weak key \(RSA, 1024/, { key: 'rsa1024' })
  await interCase('RSA-1024 intermediate', /^intermediate certificate has a weak key/, { key: 'rsa1024' })
  await rootCase('RSA-1024 root', /^root certificate has a weak key/, { key: 'rsa1024' })
  await leafCase('SHA-1 leaf', /^certificate has a weak signature \(sha1/, { hash: 'SHA-1' })
  await interCase('SHA-1 intermediate', /^intermediate certificate has a weak signature/, { hash: 'SHA-1' })
  const openssl = (spec: Partial<Parameters<typeof issueWithOpenssl>[1]>) =>
    issueWithOpenssl(directory, {
      ...{ subject: `/CN=${host}`, issuer: inter, key: ecKey, extensions: leafLines(host) },
      ...spec,
    })
  add('MD5 leaf', /weak signature \(md5\)/, [openssl({ digest: 'md5' }), inter])
  const middle = (name: string, key: string[], extensions = authorityLines) =>
    openssl({ subject: `/CN=${name}`, issuer: root, key, extensions })
  const dsa = middle('DSA', dsaKey(directory))
  add('DSA intermediate', /weak key \(DSA\)/, [openssl({ issuer: dsa }), dsa])
  const small = middle('P-192', [...ecKey.slice(0, -1), 'ec_paramgen_curve:prime192v1'])
  add('P-192 intermediate', /weak key \(curve prime192v1\)/, [openssl({ issuer: small }), small])
  const koblitz = middle('secp256k1', [...ecKey.slice(0, -1), 'ec_paramgen_curve:secp256k1'])
  add('secp256k1 intermediate', /weak key \(curve secp256k1\)/, [openssl({ issuer: koblitz }), koblitz])
  const explicit = [...ecKey, '-pkeyopt', 'ec_param_enc:explicit']
  const spelled = middle('a curve spelled out', explicit)
  add('curve spelled out', /weak key|malformed|refused/, [openssl({ issuer: spelled }), spelled])
  // OpenSSL passes over the expired twin and verifies the chain; Node shows the twin, and its
  // TLSSocket.getPeerCertificate kills the process over a curve without a NIST name.
  const twinned = await makeAuthority({ subject: 'CN=Twin', issuer: root })
  const sameKeyId = `subjectKeyIdentifier=${keyIdOf(twinned)}`
  const twin = openssl({
    ...{ subject: '/CN=Twin', issuer: root, key: [...ecKey.slice(0, -1), 'ec_paramgen_curve:secp256k1'] },
    ...{ extensions: [...authorityLines, sameKeyId], days: -1 },
  })
  add('expired twin of the intermediate', /weak key/, [await leaf({ issuer: twinned }), twin, twinned])
  const first = middle('Version 1', ecKey, [])
  add('version 1 intermediate', /version 1/, [openssl({ issuer: first }), first])

  await interCase('intermediate that is no authority', /is no authority/, { ca: false })
  await interCase('intermediate without keyCertSign', /keyCertSign missing/, {
    usages: x509.KeyUsageFlags.cRLSign,
  })
  const clients = new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])
  await interCase('intermediate for clients', /^intermediate.*not meant for servers/, { extra: [clients] })
  await rootCase('root with pathLen 0', /allows 0 authorities below it/, { pathLength: 0 })
  const constrained = (permitted: string[], excluded: string[], critical = true) => ({
    extra: [nameConstraints(permitted, excluded, critical)],
  })
  const breach = /may not vouch for/
  await interCase('name outside the permitted', breach, constrained(['other.test'], []))
  await interCase('excluded name', breach, constrained([], ['example.test']))
  await interCase('constraint that is not critical', breach, constrained(['other.test'], [], false))
  const wild = { dns: ['*.example.test'] }
  await interCase('wildcard over an excluded name', breach, constrained([], ['secret.example.test']), wild)
  await interCase('wildcard beyond the permitted', breach, constrained(['a.example.test'], []), wild)
  await interCase(
    'constraint that is no name',
    /malformed name constraint/,
    constrained(['*.example.test'], []),
  )

  const self = await makeLeaf({ dns: [host] })
  add('self-signed', /self-signed and not trusted/, [self])
  const unknown = await makeAuthority({ subject: 'CN=Unknown Root' })
  add('unknown root', /not trusted: it ends in CN=Unknown Root/, [await leaf({ issuer: unknown }), unknown])
  add('unknown root, not sent', /issuer CN=Unknown Root is unknown/, [await leaf({ issuer: unknown })])
  add('missing intermediate', /issuer CN=Test Intermediate is unknown/, [await leaf()])
  const double = await makeAuthority({ subject: root.certificate.subject, key: 'rsa' })
  add('root of the same name', /not trusted/, [await leaf({ issuer: double }), double])
  const sound = await leaf()
  const flip = (bytes: Buffer) => bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
  const rename = (bytes: Buffer) => void bytes.write('nail', bytes.lastIndexOf('mail'))
  const mismatch = /signature .* wrong/
  add('bad signature', mismatch, [{ ...sound, pem: tamper(sound.pem, flip) }, inter])
  const renamed = { ...sound, pem: tamper(sound.pem, rename) }
  add('changed name', mismatch, [renamed, inter], 'nail.example.test')
  add('bad signature on the intermediate', mismatch, [sound, { ...inter, pem: tamper(inter.pem, flip) }])
  if (authority !== undefined) {
    roots.push(authority.authority)
    add('leaf of our own authority', /made by a proxy authority/, [await ownLeaf(authority)])
  }

  return { trustedRoot: roots.join(''), cases, good: asCase('good', [sound, inter]) }
}

function asCase(name: string, chain: readonly [Issued, Issued]): ChainCase {
  return { name, chain: chain.map(({ pem }) => pem).join(''), key: chain[0].key, host }
}

function keyIdOf({ certificate }: Issued): string {
  return certificate.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId ?? ''
}

async function ownLeaf(authority: CertIssuer): Promise<Pair> {
  const now = Date.now()
  const validity = { notBefore: now - 1000, notAfter: now + 24 * 60 * 60 * 1000 }
  const leaf = await authority.issue({ commonName: host, dnsNames: [host], ipAddresses: [], ...validity })
  return { pem: leaf.chain + new X509Certificate(authority.authority).toString(), key: leaf.key }
}
