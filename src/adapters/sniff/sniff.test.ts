// A table of contents and what they are; then what must not be taken for something, and bounds.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hex, ole } from '../../../test/support/file-builders.ts'
import { fileSamples } from '../../../test/support/file-samples.ts'
import { sniffer } from './index.ts'

for (const [what, content, type, ...flags] of fileSamples)
  test(`${what}`, async () => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content
    const head = await sniffer.sniff(bytes.subarray(0, 4096))
    const sniffed = head.needsWhole ? await sniffer.sniff(bytes.subarray(0, 4096), bytes) : head
    const whole = await sniffer.sniff(bytes, bytes)
    for (const { type: seen, flags: marks, needsWhole } of flags.includes('polyglot')
      ? [whole]
      : [sniffed, whole]) {
      assert.equal(seen, type)
      assert.deepEqual([...marks].sort(), [...flags].sort())
      assert.equal(needsWhole, false)
    }
  })

test('prose about programs is text', async () => {
  for (const prose of [
    'MZ is how programs of Windows begin.\r\n',
    'Hello,\r\n\r\nSet x = CreateObject("WScript.Shell") does not work for me.\r\n',
    'Do you use eval(x) or new ActiveXObject("x")?\n',
    'PK and PDF are file types; %PDF-1.4 is a header.\n',
    'Note (see below): eval(x) is slow.\n',
    'import duties are paid by the recipient; os.system is a function\n',
    'From the office: we import goods. Subject: none\n',
    'Please @echo off the record. start of text\n',
    'BM, II*, ID3, GIF and other beginnings\n',
    'x\r\r\n Hello \r\r\n and so on',
  ])
    assert.deepEqual(
      await sniffer.sniff(Buffer.from(prose)),
      { type: 'text/plain', flags: [], needsWhole: false },
      prose,
    )
})

test('whatever the octets are, there is an answer', async () => {
  const starts = fileSamples.map(([, content]) => Buffer.from(content).subarray(0, 5000))
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...starts),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 20 }),
      async (start, changes) => {
        const bytes = Buffer.from(start)
        for (const [place, value] of changes) if (bytes.length > 0) bytes[place % bytes.length] = value
        const { flags } = await sniffer.sniff(bytes, bytes)
        assert.ok(Array.isArray(flags))
      },
    ),
    { numRuns: 500 },
  )
})

test('its time grows no faster than the content', async () => {
  const families: readonly [string, (size: number) => Buffer][] = [
    [
      'streams of a PDF',
      (size) => Buffer.from(`%PDF-1.7 /ObjStm ${'obj<</ObjStm>>stream\nx '.repeat(size / 24)}`),
    ],
    ['escapes of a PDF', (size) => Buffer.from(`%PDF-1.7 ${'#4a'.repeat(size / 3)}`)],
    ['tags of HTML', (size) => Buffer.from(`<html>${'<a '.repeat(size / 3)}`)],
    ['metas of HTML', (size) => Buffer.from(`<html>${'<meta '.repeat(size / 6)}`)],
    ['comments of HTML', (size) => Buffer.from('<!---->'.repeat(size / 7))],
    ['braces of RTF', (size) => Buffer.from(`{\\rtf1${'{\\*\\template '.repeat(size / 13)}`)],
    ['blanks', (size) => Buffer.alloc(size, ' ')],
    [
      'ends of a zip',
      (size) => Buffer.concat([hex('FFD8FFE000104A464946'), Buffer.alloc(size, 'PK\x05\x06')]),
    ],
    [
      'a compound file in a circle',
      (size) => Buffer.concat([ole({ name: 'WordDocument' }).fill(0, 512, 1024), Buffer.alloc(size)]),
    ],
  ]
  for (const [what, make] of families) {
    const time = async (size: number): Promise<number> => {
      const bytes = make(size)
      let best = Number.POSITIVE_INFINITY
      for (let run = 0; run < 3; run += 1) {
        const start = process.cpuUsage()
        await sniffer.sniff(bytes, bytes)
        best = Math.min(best, process.cpuUsage(start).user / 1000)
      }
      return best
    }
    const [once, twice] = [await time(1_000_000), await time(4_000_000)]
    assert.ok(twice < 8 * once + 20, `${what}: ${once} ms, then ${twice} ms for four times as much`)
    assert.ok(twice < 1500, `${what}: ${twice} ms`)
  }
})
