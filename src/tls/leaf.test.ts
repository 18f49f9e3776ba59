import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entry } from '../../test/chains/samples.ts'
import { leafRequest, leafRequestForName } from './index.ts'

const day = 24 * 60 * 60 * 1000
const now = Date.UTC(2026, 10, 24)
const authorityEnd = now + 3650 * day
const upstream = entry({ notBefore: now - 10 * day, notAfter: now + 90 * day, dnsNames: ['A.example'] })

test('a leaf has the upstream names that a host can have, each once, and lies inside its validity', () => {
  const names = {
    dnsNames: ['A.example', 'a.example', 'x*.example', '*.b.example', 'a\0b'],
    ipAddresses: ['::0:1'],
  }
  const leaf = leafRequest({ ...upstream, ...names }, authorityEnd, now)
  assert.deepEqual(leaf, {
    commonName: 'a.example',
    dnsNames: ['a.example', '*.b.example'],
    ipAddresses: ['::1'],
    notBefore: now - day / 24,
    notAfter: upstream.notAfter,
  })
})
test('a leaf never begins before the upstream and never ends after the authority', () => {
  const leaf = leafRequest({ ...upstream, notBefore: now - 1000 }, now + 5 * day, now)
  assert.deepEqual([leaf.notBefore, leaf.notAfter], [now - 1000, now + 5 * day])
})
test('a leaf lives at most 398 days', () => {
  const leaf = leafRequest({ ...upstream, notAfter: now + 5000 * day }, authorityEnd, now)
  assert.ok(leaf.notAfter - leaf.notBefore < 398 * day)
  assert.ok(leaf.notAfter - leaf.notBefore > 397 * day)
})
test('a leaf for an expired upstream is as expired as the upstream', () => {
  const leaf = leafRequest({ ...upstream, notAfter: now - 5 * day }, authorityEnd, now)
  assert.equal(leaf.notAfter, now - 5 * day)
  assert.ok(leaf.notBefore < leaf.notAfter && leaf.notBefore >= upstream.notBefore)
})
test('an authority that ends soon cuts a leaf to a validity that is not turned round', () => {
  const leaf = leafRequest(upstream, now - day, now)
  assert.ok(leaf.notBefore < leaf.notAfter && leaf.notAfter === now - day)
})
test('a name of more than 64 characters is no common name', () => {
  const long = `${'a'.repeat(60)}.example`
  assert.equal(leafRequest({ ...upstream, dnsNames: [long] }, authorityEnd, now).commonName, '')
  assert.equal(
    leafRequest({ ...upstream, dnsNames: [long, 'b.example'] }, authorityEnd, now).commonName,
    'b.example',
  )
})
test('a leaf for a name or an address lives for a day', () => {
  const named = leafRequestForName('Mail.Example', authorityEnd, now)
  assert.deepEqual(named?.dnsNames, ['mail.example'])
  assert.equal(named?.notAfter, now + day)
  const addressed = leafRequestForName('127.0.0.1', authorityEnd, now)
  assert.deepEqual([addressed?.dnsNames, addressed?.ipAddresses], [[], ['127.0.0.1']])
  assert.equal(addressed?.commonName, '127.0.0.1')
  assert.equal(leafRequestForName('a', now + 1000, now)?.notAfter, now + 1000)
})
test('what no host can be called gets no leaf', () => {
  assert.equal(leafRequestForName('*.example', authorityEnd, now), undefined)
})
