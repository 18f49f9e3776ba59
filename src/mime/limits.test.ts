import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createReader, type Limits, type ReaderEvent, type Reading } from './index.ts'

const chunkSize = 64 * 1024

function read(message: Buffer, limits: Partial<Limits> = {}): Reading {
  const reader = createReader({ limits })
  for (let at = 0; at < message.length; at += chunkSize) reader.push(message.subarray(at, at + chunkSize))
  return reader.finish()
}

function seconds(work: () => void): number {
  const started = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1e6
}

const list = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('')
const mixed = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n'

/** What is made to hurt readers: the message of a size, and the limit that has to be named. */
const families: readonly [name: string, size: number, make: (size: number) => string, limit?: string][] = [
  [
    'multiparts inside each other',
    100_000,
    (size) => list(size, (n) => `Content-Type: multipart/mixed; boundary=x${n}\r\n\r\n--x${n}\r\n`),
    'depth',
  ],
  [
    'messages inside each other',
    100_000,
    (size) => 'Content-Type: message/rfc822\r\n\r\n'.repeat(size),
    'depth',
  ],
  ['header fields', 1_000_000, (size) => 'X: y\r\n'.repeat(size), 'header-fields'],
  [
    'types in one header',
    500_000,
    (size) => 'Content-Type: multipart/mixed; boundary=b\r\n'.repeat(size),
    'header-fields',
  ],
  ['one line', 50_000_000, (size) => `Subject: x\r\n\r\n${'x'.repeat(size)}`],
  ['one line in a header', 50_000_000, (size) => `Subject: ${'x'.repeat(size)}`, 'header-octets'],
  [
    'RFC 2231 parameters',
    100_000,
    (size) => `Content-Type: a/b;\r\n${list(size, (n) => ` name*${n}*=x;\r\n`)}\r\n`,
    'parameters',
  ],
  ['addresses', 500_000, (size) => `To: ${'a@example.com,\r\n '.repeat(size)}b@c\r\n\r\nx`, 'header-octets'],
  ['parts', 2_000_000, (size) => mixed + '--b\r\n\r\n'.repeat(size), 'parts'],
  [
    'multiparts beside each other',
    200_000,
    (size) => mixed + list(size, (n) => `--b\r\nContent-Type: multipart/mixed; boundary=c${n}\r\n\r\n`),
    'parts',
  ],
  ['look-alikes', 2_000_000, (size) => `${mixed}--b\r\n\r\n${'--bx\n'.repeat(size)}`, 'alternatives'],
  ['ends', 2_000_000, (size) => mixed + '--b--\n'.repeat(size), 'delimiter-lines'],
  ['ends and begins', 1_000_000, (size) => mixed + '--b--\n--b\n'.repeat(size), 'alternatives'],
  ['hyphens', 30_000_000, (size) => `Content-Type: multipart/mixed; boundary=-\r\n\r\n${'-'.repeat(size)}`],
  ['hyphens at line starts', 5_000_000, (size) => `${mixed}--b\r\n\r\n${'--\n'.repeat(size)}`],
  ['empty lines', 20_000_000, (size) => `Subject: x\r\n\r\n${'\n'.repeat(size)}`],
  ['odd header lines', 2_000_000, (size) => `Subject: x\n${'odd\n'.repeat(size)}`, 'header-octets'],
  ['CR in a header', 2_000_000, (size) => `Subject: x\n${'a:\r\r'.repeat(size)}`, 'header-octets'],
  ['uuencode blocks', 500_000, (size) => `Subject: x\n\n${'begin 644 a\n#0V%T\n'.repeat(size)}`, 'embedded'],
  [
    'headers in text',
    500_000,
    (size) => `Subject: x\n\n${'Content-Type: a/b\n\nx\n'.repeat(size)}`,
    'embedded',
  ],
  [
    'parts in doubt',
    100_000,
    (size) =>
      mixed + '--b\nContent-Type: a/b\nContent-Type: c/d\nContent-Transfer-Encoding: x\n\nx\n'.repeat(size),
    'alternatives',
  ],
  [
    'long boundaries',
    20_000,
    (size) =>
      mixed +
      list(size, (n) => `--b\r\nContent-Type: multipart/mixed; boundary=${'c'.repeat(200)}${n}\r\n\r\n`),
    'parts',
  ],
]
for (const [name, size, make, limit] of families)
  test(`${name} by the hundred thousand: linear, within two seconds`, () => {
    const [half, whole] = [Buffer.from(make(size / 2), 'latin1'), Buffer.from(make(size), 'latin1')]
    let reading: Reading | undefined
    const [short, long] = [seconds(() => read(half)), seconds(() => (reading = read(whole)))]
    assert.ok(long < 2, `${long} s`)
    // Below a tenth of a second the clock and the collector decide.
    assert.ok(long < Math.max(0.25, 2.5 * short), `${short} s, then ${long} s`)
    const named = reading?.limits.map((each) => each.limit) ?? []
    if (limit !== undefined)
      assert.ok(
        named.some((each) => each === limit),
        named.join(),
      )
  })

test('a message just inside each limit names none', () => {
  const depth = 3
  const nested = list(depth, (n) => `Content-Type: multipart/mixed; boundary=x${n}\r\n\r\n--x${n}\r\n`)
  const closed = `${nested}\r\ntext${[2, 1, 0].map((n) => `\r\n--x${n}--`).join('')}\r\n`
  assert.deepEqual(read(Buffer.from(closed), { depth }).limits, [])
  assert.deepEqual(
    read(Buffer.from(closed), { depth: depth - 1 }).limits.map(({ limit }) => limit),
    ['depth'],
  )
  assert.deepEqual(read(Buffer.from(closed), { parts: 4 }).limits, [])
  assert.deepEqual(
    read(Buffer.from(closed), { parts: 3 }).limits.map(({ limit }) => limit),
    ['parts'],
  )
  const header = Buffer.from('A: 1\r\nB: 2\r\n\r\n')
  assert.deepEqual(read(header, { headerFields: 2, headerOctets: 12 }).limits, [])
  assert.deepEqual(
    read(header, { headerFields: 1 }).limits.map(({ limit }) => limit),
    ['header-fields'],
  )
  assert.deepEqual(
    read(header, { headerOctets: 11 }).limits.map(({ limit }) => limit),
    ['header-octets'],
  )
  assert.deepEqual(
    read(header, { headerTotal: 11 }).limits.map(({ limit }) => limit),
    ['header-total'],
  )
})

test('a boundary longer than the limit is not used, and that is told', () => {
  const boundary = 'b'.repeat(300)
  const { limits, parts } = read(
    Buffer.from(`Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n--${boundary}\r\n\r\nx`),
  )
  assert.deepEqual(
    limits.map(({ limit }) => limit),
    ['boundary-length'],
  )
  assert.equal(parts[0]?.kind, 'leaf')
})

test('behind a limit the octets of the part that is open still come', () => {
  let octets = 0
  const out = (event: ReaderEvent) => {
    if (event.kind === 'body') octets += event.octets.length
  }
  const reader = createReader({ limits: { delimiterLines: 2 }, out })
  reader.push(Buffer.from(`${mixed}--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b\r\n\r\nthree\r\n`))
  assert.deepEqual(
    reader.finish().limits.map(({ limit }) => limit),
    ['delimiter-lines'],
  )
  assert.equal(octets, 'onetwo\r\n--b\r\n\r\nthree\r\n'.length)
})

test('memory stays bounded while a long part passes by', () => {
  const reader = createReader()
  reader.push(Buffer.from(`${mixed}--b\r\nContent-Transfer-Encoding: base64\r\n\r\n`))
  const chunk = Buffer.from(`${'QUJD'.repeat(19)}\r\n`.repeat(840))
  const before = process.memoryUsage().arrayBuffers
  for (let round = 0; round < 1600; round += 1) reader.push(chunk)
  assert.ok(process.memoryUsage().arrayBuffers - before < 64 << 20)
  assert.equal(reader.finish().limits.length, 0)
})
