import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import tls from 'node:tls'
import { makeAuthority, makeLeaf } from '../../../test/chains/mint.ts'
import type { LeafRequest } from '../../ports.ts'
import { type AuthorityOptions, type OpenedAuthority, openAuthority, readCertificate } from './index.ts'

const now = Date.now()
const day = 24 * 60 * 60 * 1000
const request: LeafRequest = {
  ...{
    commonName: 'localhost',
    dnsNames: ['localhost', '*.example.test'],
    ipAddresses: ['127.0.0.1', '::1'],
  },
  ...{ notBefore: now - 1000, notAfter: now + 30 * day },
}

function place(t: TestContext): string {
  const directory = fs.mkdtempSync(join(tmpdir(), 'postern-ca-'))
  t.after(() => fs.rmSync(directory, { recursive: true }))
  return directory
}

async function open(t: TestContext, options: AuthorityOptions): Promise<OpenedAuthority> {
  const authority = await openAuthority(options)
  t.after(() => authority.close())
  return authority
}

const modeOf = (path: string) => fs.statSync(path).mode & 0o777
const factsOf = (pem: string) => readCertificate(new X509Certificate(pem).raw)

function verifyStrictly(directory: string, authority: string, chain: string): string {
  fs.writeFileSync(join(directory, 'authority.pem'), authority)
  fs.writeFileSync(join(directory, 'leaf.pem'), chain)
  const files = ['-CAfile', join(directory, 'authority.pem'), join(directory, 'leaf.pem')]
  return execFileSync('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', ...files], {
    encoding: 'utf8',
  })
}

test('the first start makes an authority that only its owner can use', async (t) => {
  const directory = join(place(t), 'deep', 'ca')
  const authority = await open(t, { directory })
  assert.equal(authority.created, true)
  assert.equal(authority.certificateFile, join(directory, 'proxy-authority.pem'))
  assert.deepEqual(fs.readdirSync(directory).sort(), ['proxy-authority-key.pem', 'proxy-authority.pem'])
  assert.equal(modeOf(directory), 0o700)
  assert.equal(modeOf(join(directory, 'proxy-authority-key.pem')), 0o600)
  assert.equal(fs.readFileSync(authority.certificateFile, 'utf8').trim(), authority.authority.trim())
  const facts = factsOf(authority.authority)
  assert.equal(facts.subject, 'CN=Postern Proxy Authority')
  assert.deepEqual(facts.basicConstraints, { ca: true, pathLength: 0 })
  assert.deepEqual(facts.keyUsage, ['keyCertSign', 'cRLSign'])
  assert.equal(facts.keyId, authority.authorityKeyId)
  assert.equal(facts.notAfter, authority.notAfter)
  assert.ok(Math.abs(authority.notAfter - now - 3650 * day) < day)
})

test('the second start opens the same authority and repairs loose modes', async (t) => {
  const directory = place(t)
  const first = await open(t, { directory })
  fs.chmodSync(directory, 0o755)
  fs.chmodSync(join(directory, 'proxy-authority-key.pem'), 0o644)
  const second = await open(t, { directory })
  assert.deepEqual([second.created, second.authority], [false, first.authority])
  assert.equal(modeOf(directory), 0o700)
  assert.equal(modeOf(join(directory, 'proxy-authority-key.pem')), 0o600)
})

test('two installs share neither key nor serial number', async (t) => {
  const [one, other] = [await open(t, { directory: place(t) }), await open(t, { directory: place(t) })]
  assert.notEqual(one.authorityKeyId, other.authorityKeyId)
  const serial = (pem: string) => new X509Certificate(pem).serialNumber
  assert.notEqual(serial(one.authority), serial(other.authority))
})

test('a start that was cut short after the key is finished with that key', async (t) => {
  const directory = place(t)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  fs.writeFileSync(join(directory, 'proxy-authority-key.pem'), pem)
  const authority = await open(t, { directory })
  assert.equal(authority.created, true)
  assert.ok(new X509Certificate(authority.authority).checkPrivateKey(privateKey))
})

test('a minted leaf passes the strictest check of OpenSSL and says what was asked', async (t) => {
  const directory = place(t)
  const authority = await open(t, { directory })
  const { chain, key, notAfter } = await authority.issue(request)
  assert.match(verifyStrictly(directory, authority.authority, chain), /: OK/)
  const facts = factsOf(chain)
  assert.deepEqual(facts.dnsNames, request.dnsNames)
  assert.deepEqual(facts.ipAddresses, request.ipAddresses)
  assert.deepEqual(facts.basicConstraints, { ca: false })
  assert.deepEqual(facts.keyUsage, ['digitalSignature'])
  assert.deepEqual(facts.extendedKeyUsage, ['1.3.6.1.5.5.7.3.1'])
  assert.deepEqual([facts.signatureHash, facts.key.curve, facts.flaws], ['sha256', 'prime256v1', []])
  assert.equal(facts.notAfter, notAfter)
  assert.ok(facts.notBefore <= now && now - facts.notBefore < 3000)
  const certificate = new X509Certificate(chain)
  assert.match(certificate.serialNumber, /^01[0-9A-F]{32}$/)
  assert.ok(certificate.checkPrivateKey(createPrivateKey(key)))
})

test('two leaves for one name have their own keys and serial numbers', async (t) => {
  const authority = await open(t, { directory: place(t) })
  const [one, other] = await Promise.all([authority.issue(request), authority.issue(request)])
  assert.notEqual(factsOf(one.chain).keyId, factsOf(other.chain).keyId)
  assert.notEqual(new X509Certificate(one.chain).serialNumber, new X509Certificate(other.chain).serialNumber)
})

test('a leaf without a common name has critical alternative names and passes OpenSSL', async (t) => {
  const directory = place(t)
  const authority = await open(t, { directory })
  const { chain } = await authority.issue({ ...request, commonName: '' })
  assert.match(verifyStrictly(directory, authority.authority, chain), /: OK/)
  const text = execFileSync('openssl', ['x509', '-noout', '-ext', 'subjectAltName'], {
    input: chain,
    encoding: 'utf8',
  })
  assert.match(text, /Alternative Name: critical/)
})

test('a leaf is cut to the validity of the authority', async (t) => {
  const authority = await open(t, { directory: place(t) })
  const { chain } = await authority.issue({ ...request, notBefore: 0, notAfter: now + 9000 * day })
  assert.equal(factsOf(chain).notAfter, authority.notAfter)
  assert.equal(factsOf(chain).notBefore, factsOf(authority.authority).notBefore)
})

test('a leaf that makes no sense is a rejected promise, never a throw', async (t) => {
  const authority = await open(t, { directory: place(t) })
  await assert.rejects(authority.issue({ ...request, dnsNames: [], ipAddresses: [] }), /without a name/)
  await assert.rejects(authority.issue({ ...request, notAfter: request.notBefore }), /end before it begins/)
  for (const name of ['ä.test', 'a\0b', '', 'a b'])
    await assert.rejects(authority.issue({ ...request, dnsNames: [name] }), /cannot stand in a certificate/)
  await assert.rejects(authority.issue({ ...request, ipAddresses: ['nonsense'] }), /cannot stand in/)
  await assert.rejects(authority.issue({ ...request, notAfter: Number.NaN }), /end before it begins/)
  assert.ok((await authority.issue(request)).chain)
})

for (const keyType of ['ec', 'rsa'] as const)
  test(`a real handshake with a minted ${keyType} leaf is trusted for each of its names`, async (t) => {
    const authority = await open(t, { directory: place(t) })
    const { chain, key } = await authority.issue({ ...request, keyType })
    const server = tls.createServer({ cert: chain, key })
    server.listen(0, '127.0.0.1')
    t.after(() => server.close())
    await once(server, 'listening')
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : assert.fail()
    for (const servername of ['localhost', 'pop.example.test']) {
      const client = tls.connect({ port, host: '127.0.0.1', servername, ca: authority.authority })
      await once(client, 'secureConnect')
      assert.equal(client.authorized, true)
      client.destroy()
    }
  })

async function pair(t: TestContext, certificate: string, key: string): Promise<AuthorityOptions> {
  const directory = place(t)
  const files = { certificate: join(directory, 'ca.pem'), key: join(directory, 'ca-key.pem') }
  fs.writeFileSync(files.certificate, certificate)
  fs.writeFileSync(files.key, key, { mode: 0o600 })
  return files
}

test('a subordinate authority with an RSA key is taken, and its leaves bring its certificate along', async (t) => {
  const root = await makeAuthority({ subject: 'CN=Company Root' })
  const own = await makeAuthority({ subject: 'CN=Company Proxy', key: 'rsa', issuer: root })
  const options = await pair(t, own.pem + root.pem, own.key)
  const authority = await open(t, options)
  assert.equal(authority.created, false)
  const { chain } = await authority.issue(request)
  assert.equal(chain.match(/BEGIN/g)?.length, 2)
  assert.equal(factsOf(chain).issuer, 'CN=Company Proxy')
})

const own = await makeAuthority({ subject: 'CN=Own' })
const other = await makeAuthority({ subject: 'CN=Other' })
const server = await makeLeaf({ issuer: own, dns: ['a.test'] })
const weak = await makeAuthority({ subject: 'CN=Weak', key: 'rsa1024' })
const locked = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' },
})

for (const [what, certificate, key, reason] of [
  ['a key of another certificate', own.pem, other.key, /do not belong together; give the key/],
  ['a certificate of a server', server.pem, server.key, /may not sign certificates; give one/],
  ['a weak key', weak.pem, weak.key, /at least 2048 bits/],
  ['a locked key', own.pem, String(locked), /locked with a password; store it without/],
  ['a key that is none', own.pem, 'nonsense', /holds no PEM key; convert/],
  ['a certificate that is none', 'nonsense', own.key, /holds no PEM certificate; check/],
  [
    ...(['a broken certificate', own.pem.replace(/\n.{40}/, '\n'), own.key] as const),
    /holds a certificate that cannot be read; check/,
  ],
] as const)
  test(`${what} is refused with a reason and a remedy`, async (t) => {
    await assert.rejects(openAuthority(await pair(t, certificate, key)), (error: Error) => {
      assert.match(error.message, reason)
      assert.doesNotMatch(error.message, /PRIVATE KEY-----/)
      return true
    })
  })

test('an expired authority opens and refuses to mint', async (t) => {
  const expired = await makeAuthority({ subject: 'CN=Expired', from: -90, to: -1 })
  const authority = await open(t, await pair(t, expired.pem, expired.key))
  await assert.rejects(authority.issue(request), /expired on \d{4}-\d\d-\d\d; renew it/)
})

test('missing files and a key open to everybody are refused with a remedy', async (t) => {
  const directory = place(t)
  const missing = { certificate: join(directory, 'no.pem'), key: join(directory, 'no-key.pem') }
  await assert.rejects(openAuthority(missing), /cannot read .*no-key\.pem \(ENOENT\); check/)
  const options = await pair(t, own.pem, own.key)
  if ('key' in options) fs.chmodSync(options.key, 0o644)
  await assert.rejects(openAuthority(options), /open to every user of this machine; run: chmod o=/)
})

test('an authority whose key was lost is not silently replaced', async (t) => {
  const directory = place(t)
  const first = await openAuthority({ directory })
  first.close()
  fs.rmSync(join(directory, 'proxy-authority-key.pem'))
  await assert.rejects(openAuthority({ directory }), /has lost its key .*; put the key back/)
  assert.deepEqual(fs.readdirSync(directory), ['proxy-authority.pem'])
})

test('a directory that cannot be made is refused with a reason', async (t) => {
  const file = join(place(t), 'file')
  fs.writeFileSync(file, '')
  await assert.rejects(
    openAuthority({ directory: join(file, 'ca') }),
    /cannot make the directory .*\(ENOTDIR\)/,
  )
})
