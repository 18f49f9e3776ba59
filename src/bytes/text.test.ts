import assert from 'node:assert/strict'
import { test } from 'node:test'
import { join, latin1, octets } from './index.ts'

test('every octet is one character, and back', () => {
  const all = Uint8Array.from({ length: 256 }, (_, value) => value)
  assert.deepEqual(octets(latin1(all)), all)
  assert.equal(latin1(octets('+OK é')), '+OK é')
})

test('long texts too', () => {
  const long = 'x'.repeat(100_001)
  assert.equal(latin1(octets(long)), long)
})

test('a character that no octet can hold is a question mark', () => {
  assert.equal(latin1(octets('a€b')), 'a?b')
})

test('pieces are joined in new memory', () => {
  const one = octets('one')
  const whole = join([one, octets(''), octets('two')])
  one.fill(0)
  assert.equal(latin1(whole), 'onetwo')
  assert.equal(join([]).length, 0)
})
