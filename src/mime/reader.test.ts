import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createReader, type Part, type PartHead, type Reading } from './index.ts'

interface Whole {
  readonly reading: Reading
  readonly bodies: Map<string, string>
  readonly steps: string[]
}

function read(message: Buffer, cuts: readonly number[] = []): Whole {
  const bodies = new Map<string, string>()
  const steps: string[] = []
  const reader = createReader({
    out(event) {
      if (event.kind === 'body') {
        const before = bodies.get(event.id) ?? ''
        bodies.set(event.id, before + Buffer.from(event.octets).toString('latin1'))
      } else steps.push(`${event.kind} ${event.part.id}`)
    },
  })
  let at = 0
  for (const cut of cuts) {
    reader.push(message.subarray(at, at + cut))
    at += cut
  }
  reader.push(message.subarray(at))
  return { reading: reader.finish(), bodies, steps }
}

/** Every streamed body is the range that the Reading tells of, every range lies in the message, every id is there once. */
function checkWhole(message: Buffer, { reading, bodies }: Whole): void {
  const ids = reading.parts.map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length, ids.join(' '))
  for (const part of reading.parts) {
    const { start, bodyStart, end, id, parent } = part
    assert.ok(0 <= start && start <= bodyStart && bodyStart <= end && end <= message.length, id)
    assert.ok(parent === undefined || ids.includes(parent), `${id} in ${parent}`)
    const body = message.subarray(bodyStart, end).toString('latin1')
    if (part.streamed) assert.equal(bodies.get(id) ?? '', body, id)
    else assert.equal(bodies.get(id), undefined, id)
  }
}

const words = [
  ...['\r\n', '\r\n', '\n', '\r', '\r\n\r\n', ' ', '\t', '\0', '-', '--'],
  ...['--b', '--b--', '--B', '--bb', '--bx', '--c', '--c--', ' --b', '\r--b'],
  ...['Content-Type: multipart/mixed; boundary=b', 'Content-Type: multipart/mixed; boundary="bb"'],
  ...['Content-Type: multipart/digest; boundary=c', 'Content-Type: text/plain; boundary=b'],
  ...['Content-Type: message/rfc822', 'Content-Type: text/plain', 'Content-Type : a/b'],
  ...['Content-Transfer-Encoding: base64', 'Content-Transfer-Encoding: Base64 x'],
  ...['Content-Disposition: attachment; filename="a.exe"', 'X: y', 'odd', 'hello', 'QUJD', 'QUI='],
  ...['begin 644 x', '#0V%T', 'end', '=ybegin line=128 size=3 name=x', '=yend'],
  ...['(This file must be converted with BinHex 4.0)', ':abc:', '-----BEGIN PGP MESSAGE-----'],
]
const mail = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(fc.constantFrom(...words), fc.boolean()), { maxLength: 30 }))
  .map(([typed, lines]) => {
    const text = lines.map(([word, ends]) => (ends ? `${word}\r\n` : word)).join('')
    return Buffer.from(typed ? `Content-Type: multipart/mixed; boundary=b\r\n\r\n${text}` : text, 'latin1')
  })

test('any chunking gives the same Reading, the same events and the same bodies', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 200 })
  fc.assert(
    fc.property(mail, cuts, (message, sizes) => {
      const whole = read(message)
      checkWhole(message, whole)
      assert.deepEqual(read(message, sizes), whole)
      assert.deepEqual(read(message, Array(message.length).fill(1)), whole)
    }),
    { numRuns: 1500 },
  )
})

test('octets without any order are read without a fault', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      const message = Buffer.from(octets)
      checkWhole(message, read(message))
    }),
    { numRuns: 500 },
  )
})

const parts = (message: string) => read(Buffer.from(message.replaceAll('\n', '\r\n'))).reading.parts
const ids = (list: readonly PartHead[]) => list.map(({ id, kind }) => `${id} ${kind}`)
const bodyOf = (message: string, { bodyStart, end }: Part) =>
  message.replaceAll('\n', '\r\n').slice(bodyStart, end)

test('parts are numbered as IMAP does', () => {
  const message = `Content-Type: multipart/mixed; boundary=a

--a

one
--a
Content-Type: message/rfc822

Content-Type: multipart/alternative; boundary=b

--b

two one
--b

two two
--b--
--a
Content-Type: message/rfc822

Subject: three

three one
--a
Content-Type: multipart/mixed; boundary=c

--c

four one
--c--
--a--
`
  assert.deepEqual(ids(parts(message)), [
    ...['TEXT multipart', '1 leaf', '2 message', '2.TEXT multipart', '2.1 leaf', '2.2 leaf'],
    ...['3 message', '3.1 leaf', '4 multipart', '4.1 leaf'],
  ])
})

test('the line end before a boundary line belongs to it, and only that one', () => {
  const message = 'Content-Type: multipart/mixed; boundary=a\n\n--a\n\ntext\n\n--a\n\nmore\n--a--\n'
  const [, first, second] = parts(message)
  assert.ok(first !== undefined && second !== undefined)
  assert.equal(bodyOf(message, first), 'text\r\n')
  assert.equal(bodyOf(message, second), 'more')
})

test('blanks behind a boundary, as relays add them, change nothing', () => {
  const message = 'Content-Type: multipart/mixed; boundary=a\n\n--a \t\n\ntext\n--a-- \n'
  const { reading } = read(Buffer.from(message))
  assert.deepEqual(ids(reading.parts), ['TEXT multipart', '1 leaf'])
  assert.deepEqual(reading.ambiguities, [])
})

test('fields tell their place in the message', () => {
  const text = 'A: 1\r\nB:\r\n 2\r\n 3\r\nC:4\r\n\r\nbody'
  const { reading } = read(Buffer.from(text))
  const pieces = reading.headers.map(({ start, end }) => text.slice(start, end))
  assert.deepEqual(pieces, ['A: 1\r\n', 'B:\r\n 2\r\n 3\r\n', 'C:4\r\n'])
  assert.deepEqual(
    reading.headers.map(({ name, value }) => [name, value]),
    [
      ['A', ' 1\r\n'],
      ['B', '\r\n 2\r\n 3\r\n'],
      ['C', '4\r\n'],
    ],
  )
  assert.equal(reading.bodyStart, text.indexOf('body'))
})

test('what is found inside text has its place and its names', () => {
  const message = 'Subject: x\n\nHello\nbegin 644 a b.exe\n#0V%T\n`\nend\nbye\n'
  const [, found] = parts(message)
  assert.ok(found !== undefined)
  const { id, parent, kind, encoding, fileNames } = found
  assert.deepEqual([id, parent, kind, encoding, fileNames], ['1+1', '1', 'embedded', 'uuencode', ['a b.exe']])
  assert.equal(bodyOf(message, found), 'begin 644 a b.exe\r\n#0V%T\r\n`\r\nend')
})

test('yEnc, BinHex and base64 blocks inside text', () => {
  const blocks = [
    '=ybegin line=128 size=3 name=a b.bin\nkmn\n=yend size=3',
    '(This file must be converted with BinHex 4.0)\n\n:#dabbb!:',
    'begin-base64 644 c.txt\nQUJD\n====',
  ]
  const found = parts(`Subject: x\n\n${blocks.join('\nbetween\n')}\n`).slice(1)
  assert.deepEqual(
    found.map(({ encoding, fileNames }) => [encoding, ...fileNames]),
    [['yenc', 'a b.bin'], ['binhex'], ['base64', 'c.txt']],
  )
})

test('an armoured block is told, also at the very start of a body', () => {
  const { reading } = read(Buffer.from('Subject: x\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n'))
  assert.deepEqual(reading.marks, [{ kind: 'pgp-encrypted', part: '1' }])
})
