import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { EicarSearch, eicar } from './eicar.ts'

function found(content: Uint8Array, size: number): boolean {
  const search = new EicarSearch()
  for (let at = 0; at < content.length; at += size) search.write(content.subarray(at, at + size))
  return search.found
}

test('the string is the one that the world knows', () => {
  assert.equal(eicar.length, 68)
  assert.equal(createHash('md5').update(eicar).digest('hex'), '44d88612fea8a8f36de82e1278abb02f')
})

test('it is found at any place, at any size of the pieces', () => {
  for (const before of [0, 1, 67, 68, 5000])
    for (const size of [1, 2, 3, 33, 66, 67, 68, 69, 70, 1000, 10_000]) {
      const content = Buffer.concat([Buffer.alloc(before, 'X5O!'), eicar, Buffer.alloc(99)])
      assert.equal(found(content, size), true, `after ${before} in pieces of ${size}`)
    }
})

test('nothing less than the whole of it is found', () => {
  for (const size of [1, 7, 68, 1000])
    for (const content of [
      eicar.subarray(1),
      eicar.subarray(0, 67),
      Buffer.concat([eicar.subarray(0, 34), Buffer.from(' '), eicar.subarray(34)]),
    ])
      assert.equal(found(content, size), false)
})
