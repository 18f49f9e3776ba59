/** The rim reads into memory that it uses again: nothing of a chunk may be needed after `push`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createReader, type ReaderEvent } from './index.ts'

const body = `${'QUJD'.repeat(19)}\r\n`.repeat(50)
const message = Buffer.from(
  'From: a@example.test\r\nContent-Type: multipart/mixed; boundary="b-1"\r\n\r\n--b-1\r\n\r\ntext - with - hyphens\r\n' +
    `--b-1\r\nContent-Type: application/pdf; name=x.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}--b-1--\r\n`,
)

function read(size: number, spoil: boolean): { ids: string[]; content: string } {
  const ids: string[] = []
  let content = ''
  const out = (event: ReaderEvent) => {
    if (event.kind === 'begin') ids.push(`${event.part.id} ${event.part.declaredType}`)
    if (event.kind === 'body') content += Buffer.from(event.octets).toString('latin1')
  }
  const reader = createReader({ out })
  const shared = Buffer.alloc(size)
  for (let at = 0; at < message.length; at += size) {
    const count = message.copy(shared, 0, at, at + size)
    reader.push(spoil ? shared.subarray(0, count) : message.subarray(at, at + count))
    if (spoil) shared.fill(0x2d)
  }
  reader.finish()
  return { ids, content }
}

for (const size of [1, 7, 64, 100, 1000])
  test(`chunks of ${size} octets in memory that is spoiled after each`, () => {
    const { ids, content } = read(size, true)
    assert.deepEqual(ids, read(message.length, false).ids)
    assert.equal(content, `text - with - hyphens${body.slice(0, -2)}`)
  })
