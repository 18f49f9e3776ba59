import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile, compileActions, resolvePath } from './compile.ts'
import { predefinedActions } from './predefined.ts'
import type { Settings } from './schema.ts'

const policy = { name: 'A', upstream: 'pop3s://mail.example' }
const snapshot = (more: Partial<Settings> = {}) =>
  compile({ version: 1, policies: [policy], ...more }, '/etc/postern', 'postern.yaml')

describe('defaults', () => {
  const { dataDirectory, certificates, limits, timeouts, delivery, file } = snapshot()
  test('places', () => {
    assert.equal(file, 'postern.yaml')
    assert.equal(dataDirectory, '/etc/postern/data')
    assert.deepEqual(certificates, {
      ...{ proxyAuthority: undefined, proxyServer: [] },
      trusted: { system: true, files: [] },
    })
  })
  test('bounds, times in milliseconds, sizes in octets', () => {
    assert.deepEqual(limits, { connections: 2000, connectionsPerSource: 50 })
    assert.deepEqual(timeouts, {
      connect: 10_000,
      handshake: 10_000,
      firstCommand: 60_000,
      writeStall: 300_000,
    })
    assert.deepEqual(delivery, { keepalive: 15_000, memory: 1_048_576 })
  })
  test('of a group that says something, for what it does not say', () => {
    assert.deepEqual(snapshot({ limits: { connections: 10 } }).limits, {
      connections: 10,
      connectionsPerSource: 50,
    })
    assert.equal(snapshot({ timeouts: { connect: '1s' } }).timeouts.writeStall, 300_000)
    assert.equal(snapshot({ delivery: { memory: 4096 } }).delivery.memory, 4096)
  })
})

test('relative paths start at the folder of the file, absolute ones stay', () => {
  const pair = (name: string) => ({ certificate: `${name}.pem`, key: `../keys/${name}.pem` })
  const { certificates, dataDirectory } = snapshot({
    dataDirectory: '/var/lib/postern/',
    certificates: {
      ...{ proxyAuthority: pair('ca'), proxyServer: [pair('mail')] },
      trusted: ['./root.pem', 'system', '/etc/ssl/root.pem'],
    },
  })
  assert.equal(dataDirectory, '/var/lib/postern')
  assert.deepEqual(certificates, {
    proxyAuthority: { certificate: '/etc/postern/ca.pem', key: '/etc/keys/ca.pem' },
    proxyServer: [{ certificate: '/etc/postern/mail.pem', key: '/etc/keys/mail.pem' }],
    trusted: { system: true, files: ['/etc/postern/root.pem', '/etc/ssl/root.pem'] },
  })
})

test('paths are tidied as POSIX has them', () => {
  for (const [base, path, whole] of [
    ['/etc/postern', '.', '/etc/postern'],
    ['/etc/postern', './a//b/', '/etc/postern/a/b'],
    ['/etc', '../../..', '/'],
    ['/', 'a', '/a'],
    ['/etc', '/x/../y', '/y'],
    ['/etc', '...', '/etc/...'],
  ] as const)
    assert.equal(resolvePath(base, path), whole)
})

describe('policies', () => {
  test('disabled ones are left out, the others keep their order', () => {
    const policies = ['A', 'B', 'C'].map((name) => ({ ...policy, name, enabled: name !== 'B' }))
    assert.deepEqual(
      snapshot({ policies }).policies.map(({ name }) => name),
      ['A', 'C'],
    )
  })
  test('one that turns away has no upstream, even when one is written', () => {
    const [denied] = snapshot({ policies: [{ ...policy, connections: 'deny' }] }).policies
    assert.equal(denied?.upstream, undefined)
  })
  test('two with the same proxy action share it', () => {
    const [a, b] = snapshot({ policies: [policy, { ...policy, name: 'B', from: '10.0.0.1' }] }).policies
    assert.equal(a?.action, b?.action)
  })
})

test('rules are called what they match unless they have a name', () => {
  const rules = [
    { match: '*.bank.example', action: 'allow' as const },
    { match: '*', name: 'rest', action: 'deny' as const },
  ]
  const [first] = snapshot({
    policies: [{ ...policy, action: 'X' }],
    proxyActions: [{ name: 'X', tls: { rules } }],
  }).policies
  assert.deepEqual(
    first?.action.tls.rules.map(({ name, matches }) => [name, matches('pop.BANK.example'), matches('')]),
    [
      ['*.bank.example', true, false],
      ['rest', true, true],
    ],
  )
})

test('everything is frozen, and the settings are not', () => {
  const settings: Settings = { version: 1, policies: [policy], limits: { connections: 10 } }
  const compiled = compile(settings, '/', 'postern.yaml')
  const loose: string[] = []
  const look = (value: unknown, path: string) => {
    if (typeof value !== 'object' || value === null) return
    if (!Object.isFrozen(value)) loose.push(path)
    for (const [key, inner] of Object.entries(value)) look(inner, `${path}.${key}`)
  }
  look(compiled, 'snapshot')
  assert.deepEqual(loose, [])
  assert.throws(() => Object.assign(compiled.limits, { connections: 1 }), TypeError)
  assert.ok(
    !Object.isFrozen(settings) && !Object.isFrozen(settings.policies) && !Object.isFrozen(settings.limits),
  )
})

test('settings that were not validated are a fault of ours', () => {
  assert.throws(() => snapshot({ policies: [{ name: 'A' }] }), /policy A has no upstream/)
  assert.throws(() => snapshot({ policies: [{ ...policy, action: 'X' }] }), /nothing is called X/)
  assert.throws(() => snapshot({ timeouts: { connect: 'soon' } }), /was not validated/)
})

test('every proxy action is compiled by its name, used or not', () => {
  const actions = compileActions({ version: 1, policies: [], proxyActions: [{ name: 'Staff' }] })
  assert.deepEqual([...actions.keys()].sort(), [...predefinedActions.keys(), 'Staff'].sort())
  for (const [name, action] of actions) {
    assert.equal(action.name, name)
    assert.ok(Object.isFrozen(action) && Object.isFrozen(action.content))
  }
  assert.deepEqual(actions.get('Staff')?.content.antivirus.scanners, ['embedded'])
})
