import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BlockedSources } from './blocked-sources.ts'

test('a source is shut out for twenty minutes', () => {
  let now = 1000
  const blocked = new BlockedSources(() => now)
  blocked.add('192.0.2.1')
  assert.equal(blocked.has('192.0.2.1'), true)
  assert.equal(blocked.has('192.0.2.2'), false)
  now += 20 * 60 * 1000 - 1
  assert.equal(blocked.has('192.0.2.1'), true)
  now += 1
  assert.equal(blocked.has('192.0.2.1'), false)
})
