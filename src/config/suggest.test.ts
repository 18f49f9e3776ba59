import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { closest, editDistance, suggestion } from './suggest.ts'

test('each slip counts one: a letter too many, too few, wrong, two swapped', () => {
  for (const [slip, word] of [
    ['enablled', 'enabled'],
    ['enabld', 'enabled'],
    ['enablad', 'enabled'],
    ['enalbed', 'enabled'],
  ] as const)
    assert.equal(editDistance(slip, word), 1, slip)
  assert.equal(editDistance('', 'abc'), 3)
  assert.equal(editDistance('abc', ''), 3)
  assert.equal(editDistance('kitten', 'sitting'), 3)
})

test('the nearest word is taken, the first of equals; case does not matter', () => {
  assert.equal(closest('tlsprofile', ['tlsProfiles', 'tls', 'profile']), 'tlsProfiles')
  assert.equal(closest('ab', ['ac', 'ad']), 'ac')
  assert.equal(closest('LISTEN', ['listen']), 'listen')
})

test('one slip in three letters may be meant, more is not', () => {
  assert.equal(closest('form', ['from']), 'from')
  assert.equal(closest('abcdef', ['abcdxy']), 'abcdxy')
  assert.equal(closest('abcdef', ['abcxyz']), undefined)
  assert.equal(closest('on', ['off']), undefined)
  assert.equal(closest('x', []), undefined)
})

test('very long words are not compared', () => {
  assert.equal(closest('a'.repeat(65), ['a'.repeat(65)]), undefined)
  assert.equal(suggestion('a'.repeat(100_000), ['a']), '')
})

test('a suggestion ends a sentence', () => {
  assert.equal(suggestion('enable', ['enabled']), ', did you mean "enabled"?')
  assert.equal(suggestion('colour', ['enabled']), '')
})

test('the distance is the same both ways, nought for the same word alone, and no longer than the longer one', () => {
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') })
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b)
      assert.equal(distance, editDistance(b, a))
      assert.equal(distance === 0, a === b)
      assert.ok(distance <= Math.max(a.length, b.length) && distance >= Math.abs(a.length - b.length))
    }),
  )
})
