import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkOverlaps, overlap } from './check-overlaps.ts'
import { plan } from './plan.ts'
import { formatPath } from './problems.ts'
import type { PolicySettings } from './schema.ts'
import type { Endpoint } from './snapshot.ts'

/** What is said about policies that are called A, B, C, ... */
const remarks = (...policies: Omit<PolicySettings, 'name'>[]) =>
  checkOverlaps(policies.map((policy, index) => plan({ name: 'ABC'.charAt(index), ...policy }))).map(
    ({ path, severity, message }) => `${severity} ${formatPath(path)} ${message}`,
  )
const plain = { tlsSupport: 'disabled', upstream: 'pop3://mail.example' } as const

test('two sockets in one place: the same address, or one beside all of its family', () => {
  const at = (address: string, port = 110): Endpoint => ({ address, port, protocol: 'pop3' })
  assert.ok(overlap(at('10.0.0.1'), at('10.0.0.1')))
  assert.ok(overlap(at('10.0.0.1'), at('0.0.0.0')) && overlap(at('0.0.0.0'), at('10.0.0.1')))
  assert.ok(overlap(at('::'), at('::1')))
  assert.ok(!overlap(at('10.0.0.1'), at('10.0.0.2')))
  assert.ok(!overlap(at('10.0.0.1'), at('10.0.0.1', 995)))
  assert.ok(!overlap(at('::'), at('0.0.0.0')) && !overlap(at('::'), at('10.0.0.1')))
})

test('policies that share a socket and tell each other apart are fine', () => {
  assert.deepEqual(remarks({ ...plain, to: '10.0.0.1' }, { ...plain, from: '10.0.0.2' }, plain), [])
})

describe('sockets in the way', () => {
  test('each policy before is named once', () => {
    const found = remarks(
      { ...plain, listen: '10.0.0.1' },
      { ...plain, listen: ['10.0.0.2', '10.0.0.3'] },
      plain,
    )
    assert.deepEqual(found, [
      'error policies[2].listen 0.0.0.0:110 is opened by policies[0] already, as 10.0.0.1:110: use the same address in both and tell them apart by "to"',
      'error policies[2].listen 0.0.0.0:110 is opened by policies[1] already, as 10.0.0.2:110: use the same address in both and tell them apart by "to"',
    ])
  })
  test('a disabled policy opens nothing', () => {
    assert.deepEqual(remarks({ ...plain, listen: '10.0.0.1', enabled: false }, plain), [])
    assert.deepEqual(remarks({ ...plain, listen: '10.0.0.1' }, { ...plain, enabled: false }), [])
  })
})

describe('never reached', () => {
  const never =
    'warning policies[1] this policy is never reached: policies[0] ("A") before it takes every connection to the same ports'
  test('behind one that takes all', () => {
    assert.deepEqual(remarks(plain, { ...plain, from: '10.0.0.1' }), [never])
    assert.deepEqual(remarks({ ...plain, from: ['10.0.0.1', 'any'] }, plain), [never])
  })
  test('one port of two is left: it is reached', () => {
    assert.deepEqual(remarks(plain, { upstream: 'mail.example' }), [])
    assert.deepEqual(remarks({ upstream: 'mail.example' }, plain), [never])
  })
  test('behind one that takes some, or is disabled, or stands behind it, it is reached', () => {
    assert.deepEqual(remarks({ ...plain, from: '10.0.0.0/8' }, plain), [])
    assert.deepEqual(remarks({ ...plain, enabled: false }, plain), [])
  })
})

describe('back to Postern', () => {
  const circles = (listen: string, upstream: string) => remarks({ ...plain, listen, upstream }).length === 1
  test('by the address listened on, by the names of this machine', () => {
    assert.ok(circles('10.0.0.1', 'pop3://10.0.0.1'))
    assert.ok(circles('0.0.0.0', 'pop3://127.8.0.1') && circles('0.0.0.0', 'pop3://localhost'))
    assert.ok(circles('::', 'pop3://localhost') && circles('::', 'pop3://[::1]'))
    assert.ok(circles('127.0.0.1', 'pop3://localhost') && circles('::1', 'pop3://localhost'))
  })
  test('another port, another address, another family is no circle', () => {
    assert.ok(!circles('127.0.0.1', 'pop3://127.0.0.1:2110') && !circles('127.0.0.2', 'pop3://127.0.0.1'))
    assert.ok(!circles('::', 'pop3://127.0.0.1') && !circles('0.0.0.0', 'pop3://[::1]'))
    assert.ok(!circles('127.0.0.1', 'pop3s://127.0.0.1') && !circles('10.0.0.1', 'pop3://localhost'))
  })
  test('by way of another policy, which may stand behind', () => {
    const [found, ...more] = remarks(
      { ...plain, listen: '10.0.0.1', upstream: 'pop3://10.0.0.2' },
      { ...plain, listen: '10.0.0.2' },
    )
    assert.match(found ?? '', /^error policies\[0\]\.upstream leads back .* listens on 10\.0\.0\.2:110/)
    assert.deepEqual(more, [])
  })
  test('a policy that turns away leads nowhere', () => {
    assert.deepEqual(remarks({ ...plain, connections: 'deny', upstream: 'pop3://127.0.0.1' }), [])
  })
})
