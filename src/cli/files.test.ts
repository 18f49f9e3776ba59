import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, type TestContext, test } from 'node:test'
import { type Issued, makeAuthority, makeLeaf } from '../../test/chains/mint.ts'
import { makeFolder } from '../../test/support/cli.ts'
import { formatProblem } from '../config/index.ts'
import { loadSnapshot } from './load.ts'

let root: Issued
let leaf: Issued
let other: Issued
let expired: Issued
let future: Issued
let nameless: Issued
before(async () => {
  root = await makeAuthority({ subject: 'CN=Test root' })
  const dns = ['mail.example']
  leaf = await makeLeaf({ issuer: root, dns })
  other = await makeLeaf({ issuer: root, dns, key: 'rsa' })
  expired = await makeLeaf({ issuer: root, dns, from: -30, to: -1 })
  future = await makeLeaf({ issuer: root, dns, from: 10, to: 30 })
  nameless = await makeLeaf({ issuer: root })
})

const policies = 'version: 1\npolicies: [{ name: A, action: POP3-Server.Standard, upstream: mail.example }]\n'
const outbound = 'version: 1\npolicies: [{ name: A, upstream: mail.example }]\n'
const inbound = `${policies}certificates:\n  proxyServer:\n    - { certificate: mail.pem, key: key.pem }\n`

/** What is said about a configuration with these files beside it, without the place in front. */
function said(t: TestContext, text: string, files: Readonly<Record<string, string>> = {}): string[] {
  return saidIn(makeFolder(t, { ...files, 'x.yaml': text }))
}

function saidIn(folder: string): string[] {
  const loaded = loadSnapshot('x.yaml', folder)
  const problems = loaded.ok ? loaded.warnings : loaded.problems
  assert.equal(
    loaded.ok,
    problems.every(({ severity }) => severity === 'warning'),
  )
  return problems.map((problem) =>
    formatProblem(problem)
      .replace(/^x\.yaml:\d+:\d+ /, '')
      .replaceAll(folder, '.'),
  )
}

const certificateAt = 'certificates.proxyServer[0].certificate'
const keyAt = 'certificates.proxyServer[0].key'

describe('a certificate with its key', () => {
  test('that fit are fine: alone, with the issuer behind, as PKCS#8, EC and RSA', (t) => {
    assert.deepEqual(said(t, inbound, { 'mail.pem': leaf.pem, 'key.pem': leaf.key }), [])
    assert.deepEqual(said(t, inbound, { 'mail.pem': leaf.pem + root.pem, 'key.pem': leaf.key }), [])
    const key = createPrivateKey(other.key)
    const pkcs1 = key.export({ type: 'pkcs1', format: 'pem' }).toString()
    assert.deepEqual(said(t, inbound, { 'mail.pem': `Subject: x\n${other.pem}`, 'key.pem': pkcs1 }), [])
    const sec1 = createPrivateKey(leaf.key).export({ type: 'sec1', format: 'pem' }).toString()
    assert.deepEqual(said(t, inbound, { 'mail.pem': leaf.pem, 'key.pem': sec1 }), [])
  })
  test('files that are not there, both told, at their place', (t) => {
    const folder = makeFolder(t, { 'x.yaml': inbound })
    const loaded = loadSnapshot('x.yaml', folder)
    assert.deepEqual(loaded.ok ? [] : loaded.problems.map(formatProblem), [
      `x.yaml:5:22 ${certificateAt}: mail.pem cannot be read: there is no such file`,
      `x.yaml:5:37 ${keyAt}: key.pem cannot be read: there is no such file`,
    ])
  })
  test('a key of another certificate', (t) => {
    assert.deepEqual(said(t, inbound, { 'mail.pem': leaf.pem, 'key.pem': other.key }), [
      `${keyAt}: key.pem is not the key of the certificate in mail.pem`,
    ])
  })
  test('expired, and not yet valid: warnings that name the day', (t) => {
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
    assert.deepEqual(said(t, inbound, { 'mail.pem': expired.pem, 'key.pem': expired.key }), [
      `${certificateAt}: warning: mail.pem expired on ${day(-1)}`,
    ])
    assert.deepEqual(said(t, inbound, { 'mail.pem': future.pem, 'key.pem': future.key }), [
      `${certificateAt}: warning: mail.pem is not valid before ${day(10)}`,
    ])
  })
  test('without a name in it, and with certificates that do not hang together', (t) => {
    assert.deepEqual(said(t, inbound, { 'mail.pem': nameless.pem, 'key.pem': nameless.key }), [
      `${certificateAt}: warning: mail.pem has no subject alternative name: clients will refuse it`,
    ])
    assert.deepEqual(said(t, inbound, { 'mail.pem': leaf.pem + other.pem, 'key.pem': leaf.key }), [
      `${certificateAt}: warning: certificate 2 in mail.pem did not issue the one before it: put the server's first, then each issuer in turn`,
    ])
  })
  test('a key in the place of the certificate, the other way round, and rubbish', (t) => {
    assert.deepEqual(said(t, inbound, { 'mail.pem': leaf.key, 'key.pem': leaf.pem }), [
      `${certificateAt}: mail.pem holds no certificate in PEM form ("-----BEGIN CERTIFICATE-----")`,
      `${keyAt}: key.pem holds no private key in PEM form ("-----BEGIN PRIVATE KEY-----")`,
    ])
    const damaged = leaf.pem.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA')
    assert.deepEqual(said(t, inbound, { 'mail.pem': damaged, 'key.pem': leaf.key }), [
      `${certificateAt}: mail.pem holds a damaged certificate`,
    ])
  })
})

describe('a key', () => {
  test('that is locked with a passphrase, in the new form and the old', (t) => {
    const key = createPrivateKey(other.key)
    const lock = { cipher: 'aes-128-cbc', passphrase: 'secret', format: 'pem' } as const
    for (const type of ['pkcs8', 'pkcs1'] as const)
      assert.deepEqual(
        said(t, inbound, { 'mail.pem': other.pem, 'key.pem': String(key.export({ ...lock, type })) }),
        [`${keyAt}: key.pem is locked with a passphrase: store it without one, readable by Postern only`],
      )
  })
  test('that every user may read', (t) => {
    const folder = makeFolder(t, { 'x.yaml': inbound, 'mail.pem': leaf.pem, 'key.pem': leaf.key })
    chmodSync(join(folder, 'key.pem'), 0o644)
    assert.deepEqual(saidIn(folder), [
      `${keyAt}: warning: key.pem is open to every user of this machine: chmod 600 it`,
    ])
    chmodSync(join(folder, 'key.pem'), 0o640)
    assert.deepEqual(saidIn(folder), [])
  })
  test('that this user may not read', (t) => {
    const folder = makeFolder(t, { 'x.yaml': inbound, 'mail.pem': leaf.pem, 'key.pem': leaf.key })
    chmodSync(folder, 0o755)
    for (const name of ['x.yaml', 'mail.pem']) chmodSync(join(folder, name), 0o644)
    chmodSync(join(folder, 'key.pem'), 0o000)
    assert.deepEqual(
      asNobody(() => saidIn(folder)),
      [`${keyAt}: key.pem cannot be read: this user may not read it`],
    )
  })
  test('that is a directory, a link in a circle, or endless', (t) => {
    const folder = makeFolder(t, { 'x.yaml': inbound, 'mail.pem': leaf.pem })
    mkdirSync(join(folder, 'key.pem'))
    assert.deepEqual(saidIn(folder), [`${keyAt}: key.pem cannot be read: it is no plain file`])
    const zero = makeFolder(t, { 'x.yaml': inbound.replace('key.pem', '/dev/zero'), 'mail.pem': leaf.pem })
    assert.deepEqual(saidIn(zero), [`${keyAt}: /dev/zero cannot be read: it is no plain file`])
    const circle = makeFolder(t, { 'x.yaml': inbound, 'mail.pem': leaf.pem })
    symlinkSync('key.pem', join(circle, 'key.pem'))
    assert.deepEqual(saidIn(circle), [`${keyAt}: key.pem cannot be read: its links lead in a circle`])
  })
  test('that is far too large', (t) => {
    const files = { 'mail.pem': leaf.pem, 'key.pem': leaf.key.padEnd(2 ** 20 + 1) }
    assert.deepEqual(said(t, inbound, files), [
      `${keyAt}: key.pem cannot be read: it is larger than 1048576 octets`,
    ])
  })
})

/** Does something as a user who owns nothing; tests may run as root, who may read everything. */
function asNobody<T>(act: () => T): T {
  if (process.geteuid?.() !== 0) return act()
  process.seteuid?.(65_534)
  try {
    return act()
  } finally {
    process.seteuid?.(0)
  }
}

describe('the Proxy Authority', () => {
  const text = `${outbound}certificates:\n  proxyAuthority: { certificate: ca.pem, key: ca-key.pem }\n`
  test('that is one', (t) => {
    assert.deepEqual(said(t, text, { 'ca.pem': root.pem, 'ca-key.pem': root.key }), [])
  })
  test('that may issue nothing', (t) => {
    assert.deepEqual(said(t, text, { 'ca.pem': leaf.pem, 'ca-key.pem': leaf.key }), [
      'certificates.proxyAuthority.certificate: ca.pem is not a certificate authority, so it cannot issue certificates',
    ])
  })
})

describe('who is trusted', () => {
  const text = (trusted: string) => `${outbound}certificates: { trusted: ${trusted} }\n`
  test('the authorities of the machine, and files with one or several', (t) => {
    assert.deepEqual(said(t, text('system')), [])
    assert.deepEqual(said(t, text('[system, root.pem]'), { 'root.pem': root.pem }), [])
    assert.deepEqual(said(t, text('root.pem'), { 'root.pem': `# mine\n${root.pem}${leaf.pem}` }), [])
  })
  test('files that are not there or hold none, alone and in a list', (t) => {
    assert.deepEqual(said(t, text('gone.pem')), [
      'certificates.trusted: gone.pem cannot be read: there is no such file',
    ])
    assert.deepEqual(said(t, text('[system, empty.pem]'), { 'empty.pem': '' }), [
      'certificates.trusted[1]: empty.pem holds no certificate in PEM form ("-----BEGIN CERTIFICATE-----")',
    ])
  })
})

describe('the data directory', () => {
  const text = (path: string) => `${outbound}dataDirectory: ${path}\n`
  test('need not be there, nor what is around it', (t) => {
    assert.deepEqual(said(t, text('./new/data')), [])
    assert.deepEqual(said(t, text('.')), [])
  })
  test('that is a file, is inside one, or can be nothing', (t) => {
    assert.deepEqual(said(t, text('file'), { file: '' }), ['dataDirectory: ./file is not a directory'])
    assert.deepEqual(said(t, text('file/data'), { file: '' }), ['dataDirectory: ./file is not a directory'])
    const long = 'x'.repeat(300)
    assert.deepEqual(said(t, text(long)), [`dataDirectory: ./${long} cannot be used: its name is too long`])
  })
})

describe('files of the embedded scanner', () => {
  const text = (what: string) => `${outbound}scanners: { embedded: { ${what} } }\n`
  test('that are there', (t) => {
    const files = { 'bad.txt': '', 'a.yar': '', 'b.yar': '' }
    assert.deepEqual(said(t, text('hashes: [bad.txt], yara: ["./*.yar"]'), files), [])
  })
  test('that are not', (t) => {
    assert.deepEqual(said(t, text('hashes: [bad.txt, "."], yara: ["./*.yar", a.yar]')), [
      'scanners.embedded.hashes[0]: bad.txt cannot be read: there is no such file',
      'scanners.embedded.hashes[1]: . cannot be read: it is no plain file',
      'scanners.embedded.yara[0]: no file is called ./*.yar',
      'scanners.embedded.yara[1]: no file is called a.yar',
    ])
  })
  test('that this user may not read', (t) => {
    const folder = makeFolder(t, {
      'x.yaml': text('hashes: [bad.txt], yara: [a.yar]'),
      'bad.txt': '',
      'a.yar': '',
    })
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'x.yaml'), 0o644)
    for (const name of ['bad.txt', 'a.yar']) chmodSync(join(folder, name), 0o000)
    assert.deepEqual(
      asNobody(() => saidIn(folder)),
      [
        'scanners.embedded.hashes[0]: bad.txt cannot be read: this user may not read it',
        'scanners.embedded.yara[0]: ./a.yar cannot be read: this user may not read it',
      ],
    )
  })
})
