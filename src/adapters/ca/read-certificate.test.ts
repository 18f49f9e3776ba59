import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { rootCertificates } from 'node:tls'
import fc from 'fast-check'
import {
  der,
  issue,
  makeAuthority,
  makeLeaf,
  nameConstraints,
  rawExtension,
} from '../../../test/chains/mint.ts'
import { openTrust, readCertificate } from './index.ts'
import { x509 } from './x509.ts'

const derOf = (pem: string) => new X509Certificate(pem).raw
const root = await makeAuthority({ subject: 'CN=Root, O=Company', pathLength: 2 })
const rich = await makeLeaf({
  ...{ issuer: root, key: 'rsa', dns: ['a.test', '*.b.test'], ip: ['10.0.0.1', 'fe80::a'] },
  ...{
    uri: ['pop://a.test'],
    email: ['a@a.test'],
    extra: [nameConstraints(['a.test'], ['b.test', 'c.test'])],
  },
})

test('a leaf is read as it was written', () => {
  const facts = readCertificate(derOf(rich.pem))
  const certificate = new X509Certificate(rich.pem)
  assert.deepEqual(facts.dnsNames, ['a.test', '*.b.test'])
  assert.deepEqual(facts.ipAddresses, ['10.0.0.1', 'fe80::a'])
  assert.deepEqual(facts.otherNames, ['uri', 'email'])
  assert.deepEqual(facts.key, { type: 'rsa', bits: 2048 })
  assert.deepEqual(facts.keyUsage, ['digitalSignature', 'keyEncipherment'])
  assert.deepEqual(facts.nameConstraints, { permitted: ['a.test'], excluded: ['b.test', 'c.test'] })
  assert.equal(facts.fingerprint, certificate.fingerprint256.replaceAll(':', '').toLowerCase())
  assert.equal(facts.notAfter, certificate.validToDate.getTime())
  assert.deepEqual([facts.version, facts.selfIssued, facts.unknownCritical, facts.flaws], [3, false, [], []])
})

test('an authority is read as it was written', () => {
  const facts = readCertificate(derOf(root.pem))
  assert.deepEqual(facts.basicConstraints, { ca: true, pathLength: 2 })
  assert.deepEqual([facts.subject, facts.selfIssued], ['CN=Root, O=Company', true])
  assert.deepEqual([facts.key.curve, facts.signatureHash], ['prime256v1', 'sha256'])
})

test("every certificate of Node's own trust list is read without a flaw in its extensions", () => {
  for (const pem of rootCertificates) {
    const facts = readCertificate(derOf(pem))
    const { subject, issuer } = new X509Certificate(pem)
    assert.equal(facts.selfIssued, subject === issuer)
    assert.equal(facts.basicConstraints?.ca, facts.version === 3 ? true : undefined)
    assert.ok(['sha1', 'sha256', 'sha384', 'sha512'].includes(facts.signatureHash), facts.signatureHash)
    assert.deepEqual(
      facts.flaws.filter((flaw) => flaw.includes('extension')),
      [],
    )
  }
})

const odd: readonly [string, x509.Extension, RegExp][] = [
  ['twice the same extension', new x509.BasicConstraintsExtension(false), /2\.5\.29\.19 twice/],
  ['a key usage that is no bit string', rawExtension('2.5.29.15', true, der(0x05)), /unreadable .*\.15/],
  ['an empty list of names', rawExtension('2.5.29.17', false, der(0x30)), /unreadable .*\.17/],
  ['an address of five octets', rawExtension('2.5.29.17', false, der(0x30, der(0x87, 'abcde'))), /\.17/],
  ['a name of no kind', rawExtension('2.5.29.17', false, der(0x30, der(0x04, 'a'))), /\.17/],
  ['empty constraints', rawExtension('2.5.29.30', true, der(0x30)), /\.30/],
  ['octets behind the value', rawExtension('2.5.29.37', false, Buffer.from([0x30, 0, 0])), /\.37/],
  ['a negative path length', rawExtension('2.5.29.19', true, der(0x30, der(2, Buffer.from([0xff])))), /\.19/],
  ['a boolean that is neither', rawExtension('2.5.29.19', true, der(0x30, der(1, Buffer.from([3])))), /\.19/],
  ['a length in too many octets', rawExtension('2.5.29.37', false, Buffer.from([0x30, 0x81, 0])), /\.37/],
  ['an endless length', rawExtension('2.5.29.37', false, Buffer.from([0x30, 0x80, 0, 0])), /\.37/],
  ['an unfinished purpose', rawExtension('2.5.29.37', false, der(0x30, der(6, Buffer.from([0x80])))), /\.37/],
]
for (const [what, extension, flaw] of odd)
  test(`${what} is told as a flaw`, async () => {
    const others = extension.type === '2.5.29.19' && /twice/.test(String(flaw)) ? [extension] : []
    const { flaws } = readCertificate(
      new Uint8Array((await issue({}, [extension, ...others])).certificate.rawData),
    )
    assert.ok(
      flaws.some((text) => flaw.test(text)),
      JSON.stringify(flaws),
    )
  })

test('a critical extension that is not known is told by its identifier', async () => {
  const unknown = rawExtension('1.2.840.99999.7', true, der(5))
  const policies = new x509.CertificatePolicyExtension(['2.5.29.32.0'], true)
  const { pem } = await issue({}, [unknown, policies, rawExtension('1.2.3', false, der(5))])
  assert.deepEqual(readCertificate(derOf(pem)).unknownCritical, ['1.2.840.99999.7'])
})

test('junk and mutations give facts or a TypeError, nothing else', () => {
  const whole = derOf(rich.pem)
  const mutated = fc
    .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const copy = Uint8Array.from(whole)
      for (const [at, value] of changes) copy[at] = value
      return copy
    })
  const cut = fc.nat(whole.length - 1).map((length) => Uint8Array.from(whole.subarray(0, length)))
  let read = 0
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), cut, mutated, mutated), (bytes) => {
      try {
        readCertificate(bytes)
        read += 1
      } catch (error) {
        assert.ok(error instanceof TypeError, String(error))
      }
    }),
    { numRuns: 3000 },
  )
  assert.ok(read > 100, 'some mutations are still certificates')
})

test('the path of a leaf ends in the trusted certificate that signed it', async () => {
  const twin = await makeAuthority({ subject: 'CN=Root, O=Company' })
  const leaf = new X509Certificate(rich.pem)
  const trust = openTrust([twin.pem + root.pem])
  assert.equal(trust.certificates.length, 2)
  assert.deepEqual(
    trust.pathOf(leaf).map(({ keyId }) => keyId),
    [readCertificate(leaf.raw).keyId, readCertificate(derOf(root.pem)).keyId],
  )
  assert.equal(openTrust([twin.pem]).pathOf(leaf).length, 1)
  assert.deepEqual(trust.pathOf(undefined), [])
  assert.equal(trust.pathOf(new X509Certificate(root.pem)).length, 1)
})

test('a trusted certificate that cannot be read is a TypeError', () => {
  assert.throws(() => openTrust([root.pem.replace(/\n.{40}/, '\n')]), TypeError)
})
