import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BoundedMap } from './bounded-map.ts'

test('what was used longest ago is forgotten first', () => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  assert.equal(map.get('a'), 1)
  map.set('c', 3)
  assert.deepEqual([map.get('a'), map.get('b'), map.get('c')], [1, undefined, 3])
  map.set('a', 4)
  map.set('d', 5)
  assert.deepEqual([map.get('a'), map.get('c'), map.get('d')], [4, undefined, 5])
  map.delete('a')
  assert.equal(map.get('a'), undefined)
  assert.equal(map.size, 1)
})
