import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatPath } from './problems.ts'
import { validate } from './validate.ts'

const policy = { name: 'A', upstream: 'mail.example' }
/** What is said about data, as `path message (cuts path)`. */
function said(data: unknown): string[] {
  const result = validate(data)
  if (result.ok) return []
  return result.remarks.map(
    ({ path, message, remove, at }) =>
      `${formatPath(path)} ${message} (cuts ${formatPath(remove)}${at === 'key' ? ', name' : ''})`,
  )
}
const inPolicy = (more: object) => said({ version: 1, policies: [{ ...policy, ...more }] })

test('sound data comes back as settings, untouched', () => {
  const data = { version: 1, policies: [policy] }
  const result = validate(data)
  assert.ok(result.ok)
  assert.equal(result.settings, data)
  assert.deepEqual(data, { version: 1, policies: [{ name: 'A', upstream: 'mail.example' }] })
})

describe('one value or a list', () => {
  test('is judged as what it is, and said once', () => {
    assert.deepEqual(inPolicy({ listen: 'localhost' }), [
      'policies[0].listen "localhost" is not an address: write 127.0.0.1 or "::1" (cuts policies[0].listen)',
    ])
    assert.deepEqual(inPolicy({ listen: ['::1', 'localhost'] }), [
      'policies[0].listen[1] "localhost" is not an address: write 127.0.0.1 or "::1" (cuts policies[0].listen[1])',
    ])
    assert.deepEqual(inPolicy({ listen: [] }), [
      'policies[0].listen the list is empty: give at least one entry, or leave the setting out (cuts policies[0].listen)',
    ])
  })
  test('that is neither is told what would be', () => {
    assert.deepEqual(inPolicy({ listen: 5 }), [
      'policies[0].listen expected an address of this machine, or a list of them, got 5 (cuts policies[0].listen)',
    ])
    assert.deepEqual(inPolicy({ listen: null }), [
      'policies[0].listen is empty; expected an address of this machine, or a list of them (cuts policies[0].listen)',
    ])
  })
  test('two kinds that read the same text say the same, once', () => {
    assert.deepEqual(said({ version: 1, policies: [policy], delivery: { memory: 'much' } }), [
      'delivery.memory "much" is not a size; expected octets such as 65536, 64KiB or 1MiB (cuts delivery.memory)',
    ])
  })
  test('two entries that are wrong in the same way are both told', () => {
    assert.equal(inPolicy({ from: ['x', 'x'] }).length, 2)
  })
})

describe('what has to go', () => {
  test('for a name that is not known, the setting of that name', () => {
    const [first] = inPolicy({ nam: 'x' })
    assert.equal(first, 'policies[0].nam unknown setting, did you mean "name"? (cuts policies[0].nam, name)')
  })
  test('for a name that is missing, the group around it', () => {
    assert.deepEqual(said({ version: 1, policies: [{}] }), [
      'policies[0].name is missing: write for example "name: Staff mail" (cuts policies[0])',
    ])
  })
})

test('values are shown short, and never raw', () => {
  const long = 'x'.repeat(500)
  for (const value of [long, 'a\u001b[2Jb\n', [1], { a: 1 }, Number.NaN, Number.POSITIVE_INFINITY, true]) {
    const [message = ''] = inPolicy({ tlsSupport: value })
    assert.ok(message.length < 250, message)
    assert.doesNotMatch(message, /[\x00-\x1f]/)
  }
  assert.match(inPolicy({ tlsSupport: Number.NaN }).join(), /NaN is not one of/)
})

test('names with the marks of JSON pointers keep them in paths', () => {
  assert.match(inPolicy({ 'a/b~c': 1 }).join(), /^policies\[0\]\["a\/b~c"\] unknown setting/)
  const data = JSON.parse('{"version":1,"policies":[],"__proto__":{"x/y":1}}') as object
  assert.match(said(data).join('\n'), /^__proto__ unknown setting/m)
})

test('inherited members are no settings', () => {
  const data: unknown = Object.create({ version: 1, policies: [policy] })
  assert.equal(validate(data).ok, false)
})
