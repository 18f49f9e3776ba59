import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatPath, type Path } from './problems.ts'
import { prune } from './prune.ts'
import { validate } from './validate.ts'

function pruned(data: unknown) {
  const validation = validate(data)
  assert.ok(!validation.ok, 'nothing is wrong with the data')
  const result = prune(data, validation.remarks)
  assert.ok(result !== undefined)
  return { ...result, cut: result.cut.map(formatPath).sort() }
}
const sound = (name: string) => ({ name, upstream: 'mail.example' })

test('what is wrong is cut out, what is sound stays, and the data is left as it was', () => {
  const data = {
    version: 1,
    policies: [{ ...sound('A'), tlsSupport: 'on', colour: 'red' }],
    limits: { x: 1 },
  }
  const before = structuredClone(data)
  const { settings, cut } = pruned(data)
  assert.deepEqual(settings, { version: 1, policies: [sound('A')], limits: {} })
  assert.deepEqual(cut, ['limits.x', 'policies[0].colour', 'policies[0].tlsSupport'])
  assert.deepEqual(data, before)
})

test('settings of the top level are cut out like others', () => {
  const { settings, cut } = pruned({ version: 1, policies: [sound('A')], dataDirectory: 5, colour: 'red' })
  assert.deepEqual(settings, { version: 1, policies: [sound('A')] })
  assert.deepEqual(cut, ['colour', 'dataDirectory'])
})

test('an entry without what it needs goes as a whole; those behind it keep their place in messages', () => {
  const data = { version: 1, policies: [{ upstream: 'a' }, sound('B'), { name: 5 }, sound('D')] }
  const { settings, original, cut } = pruned(data)
  assert.deepEqual(settings.policies, [sound('B'), sound('D')])
  assert.deepEqual(cut, ['policies[0]', 'policies[2]', 'policies[2].name'])
  const place = (path: Path) => formatPath(original(path))
  assert.equal(place(['policies', 0, 'name']), 'policies[1].name')
  assert.equal(place(['policies', 1, 'name']), 'policies[3].name')
  assert.equal(place(['policies', 1, 'from', 2]), 'policies[3].from[2]')
})

test('entries of a list inside a list', () => {
  const rules = [{ match: 'a', action: 'allow' }, { match: 'b' }, { match: 'c', action: 'deny' }]
  const data = { version: 1, policies: [sound('A')], proxyActions: [{}, { name: 'X', tls: { rules } }] }
  const { settings, original } = pruned(data)
  assert.deepEqual(settings.proxyActions, [{ name: 'X', tls: { rules: [rules[0], rules[2]] } }])
  assert.equal(formatPath(original(['proxyActions', 0, 'tls', 'rules', 1])), 'proxyActions[1].tls.rules[2]')
})

test('without a version the rest is judged as of this one', () => {
  const { settings } = pruned({ policies: [sound('A')] })
  assert.equal(settings.version, 1)
})

test('one value that stands in two places by an alias is cut out of both', () => {
  const from = ['10.0.0.1', 'nonsense']
  const data = {
    version: 1,
    policies: [
      { ...sound('A'), from },
      { ...sound('B'), from },
    ],
  }
  const { settings } = pruned(data)
  assert.deepEqual(
    settings.policies.map((policy) => policy.from),
    [['10.0.0.1'], ['10.0.0.1']],
  )
})

test('where nothing sensible is left there is nothing', () => {
  for (const data of [{ version: 1 }, { version: 1, policies: 5 }, { version: 1, policies: [] }, 5]) {
    const validation = validate(data)
    assert.ok(!validation.ok)
    assert.equal(prune(data, validation.remarks), undefined, JSON.stringify(data))
  }
})
