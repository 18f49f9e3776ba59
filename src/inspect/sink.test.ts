import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { sampleEnd, sampleStart } from './services.ts'
import { ContentSink } from './sink.ts'

/** Octets that show when one is missing or moved. */
const pattern = (length: number) =>
  Buffer.from(Uint32Array.from({ length: Math.ceil(length / 4) }, (_, at) => at).buffer).subarray(0, length)

for (const size of [
  0,
  1,
  4096,
  sampleStart,
  sampleStart + 10,
  sampleStart + sampleEnd,
  sampleStart + sampleEnd + 1,
  1_000_003,
])
  for (const chunk of [1000, 16_384, 2_000_000])
    test(`${size} octets in chunks of ${chunk}: size, hash, and a sample of the beginning and the end`, async () => {
      const content = pattern(size)
      const sink = new ContentSink([])
      const shared = Buffer.alloc(chunk)
      for (let at = 0; at < size; at += chunk) {
        const count = content.copy(shared, 0, at, at + chunk)
        sink.write(shared.subarray(0, count))
        shared.fill(0)
      }
      const { sample, complete, ...rest } = await sink.finish()
      assert.deepEqual(rest, {
        ...{ size, scans: [] },
        sha256: createHash('sha256').update(content).digest('hex'),
      })
      assert.equal(complete, size <= sampleStart + sampleEnd)
      const end = Math.max(sampleStart, size - sampleEnd)
      const wanted = complete
        ? content
        : Buffer.concat([content.subarray(0, sampleStart), content.subarray(end)])
      assert.ok(wanted.equals(sample))
    })
