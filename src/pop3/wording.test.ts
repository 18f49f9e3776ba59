import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latin1 } from '../bytes/index.ts'
import { refusal, systemRefusal, waitLine } from './wording.ts'

test('a refusal is one line of printable ASCII and no longer than a reply may be', () => {
  assert.equal(latin1(refusal('a\r\nb\0é')), '-ERR a??b??\r\n')
  const long = systemRefusal({ text: 'x'.repeat(1000), permanent: true })
  assert.ok(long.length <= 512)
  assert.match(latin1(long), /^-ERR \[SYS\/PERM\] x+\r\n$/)
  assert.equal(latin1(systemRefusal({ text: 'later', permanent: false })), '-ERR [SYS/TEMP] later\r\n')
})

test('a waiting line says whole seconds', () => {
  assert.equal(latin1(waitLine(1500)), 'X-Postern-Wait: 2\r\n')
})
