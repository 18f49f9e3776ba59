import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { orKnown, resolveActions, resolveProfiles } from './inherit.ts'
import { predefinedActions, predefinedProfiles } from './predefined.ts'
import type { ProxyActionSettings, Settings, TlsProfileSettings } from './schema.ts'

const settings = (more: Partial<Settings>): Settings => ({ version: 1, policies: [], ...more })
const actions = (...proxyActions: ProxyActionSettings[]) => resolveActions(settings({ proxyActions }))
const profiles = (...tlsProfiles: TlsProfileSettings[]) => resolveProfiles(settings({ tlsProfiles }))
const messages = ({ remarks }: { remarks: readonly { message: string }[] }) =>
  remarks.map(({ message }) => message)

test("without any of one's own there are the predefined ones, unchanged", () => {
  assert.deepEqual([...resolveActions(settings({})).whole], [...predefinedActions])
  assert.deepEqual([...resolveProfiles(settings({})).whole], [...predefinedProfiles])
  assert.deepEqual(actions().remarks, [])
})

describe('what a proxy action comes to', () => {
  test('it is silent: everything is as in its base, which depends on its kind', () => {
    const { whole } = actions(
      { name: 'A' },
      { name: 'B', kind: 'server' },
      { name: 'C', basedOn: 'POP3-Server' },
    )
    assert.deepEqual(whole.get('A'), predefinedActions.get('POP3-Client.Standard'))
    assert.deepEqual(whole.get('B'), predefinedActions.get('POP3-Server.Standard'))
    assert.deepEqual(whole.get('C'), predefinedActions.get('POP3-Server'))
  })
  test('setting by setting, the nearest in the chain counts', () => {
    const first = {
      name: 'First',
      tls: { action: 'deny', profile: 'P' },
      general: { top: 'refuse' },
    } as const
    const second = { name: 'Second', basedOn: 'First', tls: { action: 'drop' } } as const
    const third = { name: 'Third', basedOn: 'Second', general: { hideServerReplies: false } } as const
    for (const order of [
      [first, second, third],
      [third, second, first],
      [second, third, first],
    ]) {
      const { whole, remarks } = actions(...order)
      const third = whole.get('Third')
      assert.deepEqual(third?.tls, { action: 'drop', profile: 'P', rules: [] })
      assert.deepEqual(third.general, { hideServerReplies: false, top: 'refuse' })
      assert.equal(whole.get('Second')?.general.hideServerReplies, true)
      assert.equal(whole.get('First')?.tls.action, 'deny')
      assert.deepEqual(remarks, [])
    }
  })
  test('a list of rules replaces the inherited one', () => {
    const rules = [{ match: '*.bank.example', action: 'allow' }] as const
    const { whole } = actions(
      { name: 'A', tls: { rules: [...rules] } },
      { name: 'B', basedOn: 'A', tls: { rules: [] } },
    )
    assert.deepEqual(whole.get('A')?.tls.rules, rules)
    assert.deepEqual(whole.get('B')?.tls.rules, [])
  })
  test('kind is inherited with the rest, and can be said anew', () => {
    const { whole } = actions(
      { name: 'A', basedOn: 'POP3-Server' },
      { name: 'B', basedOn: 'A', kind: 'client' },
    )
    assert.equal(whole.get('A')?.kind, 'server')
    assert.equal(whole.get('B')?.kind, 'client')
  })
})

test('what a profile comes to', () => {
  const { whole } = profiles(
    { name: 'B', basedOn: 'A', minimumVersion: '1.3' },
    { name: 'A', pfsCiphers: 'required' },
  )
  assert.deepEqual(whole.get('B'), { minimumVersion: '1.3', maximumVersion: '1.3', pfsCiphers: 'required' })
})

describe('chains that lead nowhere', () => {
  test('a base that is not there is told once, at the one that names it; what builds on it is left out', () => {
    const resolved = actions({ name: 'A', basedOn: 'B' }, { name: 'B', basedOn: 'Gone' }, { name: 'C' })
    assert.deepEqual(messages(resolved), [
      'no proxy action is called "Gone"; there are POP3-Client, POP3-Server, POP3-Client.Standard, POP3-Server.Standard, A, B, C',
    ])
    assert.deepEqual(resolved.remarks[0]?.path, ['proxyActions', 1, 'basedOn'])
    assert.deepEqual(
      ['A', 'B', 'C'].filter((name) => resolved.whole.has(name)),
      ['C'],
    )
    assert.deepEqual(
      ['A', 'B', 'C'].filter((name) => resolved.names.includes(name)),
      ['A', 'B', 'C'],
    )
  })
  test('a circle is told at each that stands in it, and not at one that leads into it', () => {
    const resolved = profiles(
      { name: 'Into', basedOn: 'A' },
      { name: 'A', basedOn: 'B' },
      { name: 'B', basedOn: 'C' },
      { name: 'C', basedOn: 'A' },
    )
    assert.deepEqual(messages(resolved), [
      'the chain of basedOn runs in a circle: A -> B -> C -> A',
      'the chain of basedOn runs in a circle: B -> C -> A -> B',
      'the chain of basedOn runs in a circle: C -> A -> B -> C',
    ])
    assert.deepEqual([...resolved.whole.keys()], [...predefinedProfiles.keys()])
  })
  test('one that is based on itself', () => {
    assert.deepEqual(messages(actions({ name: 'A', basedOn: 'A' })), [
      'the chain of basedOn runs in a circle: A -> A',
    ])
  })
  test('a chain of thousands is followed, in either order', () => {
    const chain = Array.from({ length: 5000 }, (_, index) => ({
      name: `A${index}`,
      ...(index === 0 ? { general: { top: 'refuse' as const } } : { basedOn: `A${index - 1}` }),
    }))
    for (const list of [chain, chain.toReversed()]) {
      const { whole, remarks } = actions(...list)
      assert.equal(whole.get('A4999')?.general.top, 'refuse')
      assert.deepEqual(remarks, [])
    }
  })
})

describe('names', () => {
  test('of a doubled one the first counts', () => {
    const resolved = profiles({ name: 'A', minimumVersion: '1.3' }, { name: 'A' }, { name: 'A' })
    assert.equal(resolved.whole.get('A')?.minimumVersion, '1.3')
    assert.deepEqual(messages(resolved), [
      'the name "A" is taken by tlsProfiles[0]',
      'the name "A" is taken by tlsProfiles[0]',
    ])
  })
  test('a predefined one stays what it is', () => {
    const resolved = actions({ name: 'POP3-Client', tls: { action: 'drop' } })
    assert.equal(resolved.whole.get('POP3-Client'), predefinedActions.get('POP3-Client'))
    assert.equal(resolved.remarks.length, 1)
  })
  test('names that objects of JavaScript have are names like others', () => {
    const { whole, remarks } = actions({ name: 'constructor', basedOn: '__proto__' }, { name: '__proto__' })
    assert.equal(whole.get('constructor')?.kind, 'client')
    assert.deepEqual(remarks, [])
  })
  test('a name near to one there is is suggested, else all are listed', () => {
    assert.equal(orKnown('Staf', ['Staff', 'Guests']), ', did you mean "Staff"?')
    assert.equal(orKnown('x', ['Staff', 'Guests']), '; there are Staff, Guests')
  })
})
