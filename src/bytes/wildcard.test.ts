import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { wildcard } from './wildcard.ts'

const cases: readonly [pattern: string, text: string, fits: boolean][] = [
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['*', 'anything', true],
  ['?', '', false],
  ['?', 'a', true],
  ['?', 'ab', false],
  ['*.exe', 'setup.EXE', true],
  ['*.exe', 'setup.exe.txt', false],
  ['*.bank.example', 'www.bank.example', true],
  ['*.bank.example', 'bank.example', false],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['a*b*c', 'aXbYc', true],
  ['a*b*c', 'acb', false],
  ['*a?c*', 'xxabcxx', true],
  ['*a?c*', 'xxacxx', false],
  ['*ab*ab', 'ab', false],
  ['*ab*ab', 'abab', true],
  ['**', 'x', true],
  ['a.c', 'abc', false],
  ['[a-z]+', '[a-z]+', true],
  ['İx', 'İX', true],
  ['*b', 'ab\n', false],
]

for (const [pattern, text, fits] of cases)
  test(`${JSON.stringify(pattern)} ${fits ? 'fits' : 'does not fit'} ${JSON.stringify(text)}`, () => {
    assert.equal(wildcard(pattern)(text), fits)
  })

test('agrees with a regular expression on all small patterns and texts', () => {
  const letters = (alphabet: string) => fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 8 })
  fc.assert(
    fc.property(letters('ab*?'), letters('abAB'), (pattern, text) => {
      const expression = pattern.replaceAll('?', '.').replaceAll('*', '.*')
      assert.equal(wildcard(pattern)(text), new RegExp(`^${expression}$`, 'is').test(text))
    }),
    { numRuns: 2000 },
  )
})

test('a pattern made to backtrack takes time that grows with the text alone', () => {
  const matches = wildcard(`${'*a'.repeat(30)}*b`)
  const seconds = (length: number) => {
    const text = 'a'.repeat(length)
    const start = process.hrtime.bigint()
    for (let round = 0; round < 20; round += 1) matches(text)
    return Number(process.hrtime.bigint() - start) / 1e9
  }
  seconds(100_000)
  assert.ok(seconds(200_000) < 2, 'twenty texts of 200,000 characters within two seconds')
})
