import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeVerbs } from './index.ts'
import { isVerb } from './verbs.ts'

test('the table can be read as rows', () => {
  const rows = describeVerbs()
  assert.deepEqual(
    rows.find(({ verb }) => verb === 'LIST'),
    {
      ...{ verb: 'LIST', states: 'transaction', argument: 'optional-number' },
      ...{ reply: 'listing, line with an argument', last: false },
    },
  )
  assert.deepEqual(
    rows.find(({ verb }) => verb === 'STLS'),
    { verb: 'STLS', states: 'authorization', argument: 'none', reply: 'line', last: true },
  )
  assert.equal(rows.at(-1)?.verb, 'any other')
})

test('every command of the AUTHORIZATION state is answered before the next is taken', () => {
  for (const { states, last, verb } of describeVerbs())
    if (states !== 'transaction') assert.equal(last, true, verb)
})

test('only words of the table are verbs', () => {
  assert.ok(isVerb('RETR'))
  for (const word of ['retr', 'toString', '__proto__', 'XYZZY', '']) assert.ok(!isVerb(word), word)
})
