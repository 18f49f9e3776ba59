import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addField,
  applyEdits,
  changeField,
  createReader,
  type Edit,
  type Extract,
  readInside,
  removeField,
  replacePart,
  rewriteMessage,
} from './index.ts'

const notice = {
  headers: ['Content-Type: text/plain; charset=us-ascii', 'Content-Transfer-Encoding: 7bit'],
  body: Buffer.from('Taken away.\r\n-- for your safety'),
}
const evil = 'EVIL PAYLOAD: a program that nobody wants!'
const bad = `Content-Type: application/x-evil; name=evil.exe\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(evil).toString('base64')}`

function edited(message: Buffer, edits: readonly Edit[]): Buffer {
  const result = applyEdits(edits)
  assert.ok(result.kind === 'ready', JSON.stringify(result))
  return Buffer.concat([...result.editor.push(message), ...result.editor.finish()])
}

const read = (message: Buffer) => {
  const reader = createReader()
  reader.push(message)
  return reader.finish()
}
const isEvil = ({ octets }: Extract) => Buffer.from(octets).includes('EVIL PAYLOAD')
const told = ({ octets }: Extract) => Buffer.from(octets).toString().trim() === notice.body.toString()

const good = [
  'Content-Type: text/plain\r\n\r\nhello',
  'Content-Type: text/html\r\n\r\n<p>hello',
  '\r\n',
  'Content-Type: message/rfc822\r\n\r\nSubject: inside\r\n\r\ntext',
  'Content-Type: text/plain\r\n\r\n\r\n\r\n',
]
const tree: fc.Memo<string> = fc.memo((depth) =>
  depth <= 1
    ? fc.constantFrom(...good, bad)
    : fc.oneof(
        fc.constantFrom(...good, bad),
        fc.array(tree(), { minLength: 1, maxLength: 4 }).map((parts) => {
          const boundary = `level-${depth}`
          return `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\npreamble\r\n${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\nepilogue`
        }),
        tree(depth - 1).map((part) => `Content-Type: message/rfc822\r\n\r\nSubject: inside\r\n${part}`),
      ),
)

test('a message whose evil parts are replaced re-reads without them, and all else stays', () => {
  fc.assert(
    fc.property(tree(4), (content) => {
      const message = Buffer.from(`Subject: x\r\nMIME-Version: 1.0\r\n${content}\r\n`)
      const reading = read(message)
      assert.deepEqual(reading.ambiguities, [])
      const culprits = reading.parts.filter(({ declaredType }) => declaredType === 'application/x-evil')
      const edits = culprits.flatMap((part) => replacePart(reading, part, notice) ?? [])
      const after = readInside(edited(message, edits))
      assert.deepEqual(after.ambiguities, [])
      assert.equal(after.contents.filter(isEvil).length, 0)
      assert.equal(after.contents.filter(told).length, culprits.length)
      const shape = (list: typeof reading.parts) => list.map(({ id, kind }) => `${id} ${kind}`)
      assert.deepEqual(shape(after.reading.parts), shape(reading.parts))
      if (culprits.length === 0) assert.deepEqual(edited(message, edits), message)
    }),
    { numRuns: 300 },
  )
})

for (const [what, message] of [
  ['with fields about content', `Subject: x\r\nContent-Type: a/b\r\nMIME-Version: 1.0\r\n\r\n${evil}\r\n`],
  ['without any', `Subject: x\r\n\r\n${evil}\r\n`],
  ['without a header', `\r\n${evil}\r\n`],
  ['without a body', 'Subject: x\r\nContent-Type: a/b\r\n\r\n'],
  ['without a blank line', 'Subject: x\r\n'],
  ['without a line end', 'Subject: x'],
] as const)
  test(`the content of a whole message ${what} is replaced, and other fields stay`, () => {
    const octets = Buffer.from(message)
    const reading = read(octets)
    const [part] = reading.parts
    assert.ok(part !== undefined)
    const after = readInside(edited(octets, replacePart(reading, part, notice) ?? []))
    assert.equal(after.contents.some(isEvil), false)
    assert.equal(
      after.contents.filter(told).length,
      1,
      JSON.stringify(after.contents.map((each) => Buffer.from(each.octets).toString())),
    )
    assert.deepEqual(
      after.reading.headers.map(({ name }) => name).filter((name) => name === 'Subject'),
      message.startsWith('Subject') ? ['Subject'] : [],
    )
  })

test('content that holds a boundary of the message is refused', () => {
  const message = Buffer.from(
    'Content-Type: multipart/mixed; boundary=Abc\r\n\r\n--Abc\r\n\r\nx\r\n--Abc--\r\n',
  )
  const reading = read(message)
  const part = reading.parts[1]
  assert.ok(part !== undefined)
  const content = { ...notice, body: Buffer.from('text\r\n--aBc\r\nmore') }
  assert.equal(replacePart(reading, part, content), undefined)
})

test('fields are removed, changed and added', () => {
  const message = Buffer.from('A: 1\r\nSubject: x\r\n y\r\nB: 2\r\n\r\nbody')
  const [first, subject] = read(message).headers
  assert.ok(first !== undefined && subject !== undefined)
  const edits = [removeField(first), changeField(subject, 'Subject: [spam] x y'), addField('X-Postern: seen')]
  assert.equal(
    edited(message, edits).toString(),
    'X-Postern: seen\r\nSubject: [spam] x y\r\nB: 2\r\n\r\nbody',
  )
})

test('a rewritten message is read in one way only, with the same contents', () => {
  const names = fc.constantFrom('a.txt', 'ä "b".txt', 'x\r\ny: z', 'c;d.txt', undefined)
  const part = fc.record({
    octets: fc.uint8Array({ maxLength: 200 }),
    fileName: names,
    type: fc.constantFrom('a/b', 'multipart/x', 'no type', 'text/plain'),
  })
  const header = fc.constantFrom(
    'Subject: x',
    'Content-Type: multipart/mixed; boundary=b',
    'odd : y',
    'To: a\r\n \r\n b',
    'X: a\rb',
    'Y: \0z',
  )
  fc.assert(
    fc.property(
      fc.array(header, { maxLength: 5 }),
      fc.array(part, { minLength: 1, maxLength: 4 }),
      (lines, parts) => {
        const before = read(Buffer.from(`${lines.join('\r\n')}\r\n\r\n--b\r\n\r\nx`, 'latin1'))
        const safe = parts.map(({ fileName, ...rest }) => ({
          ...rest,
          disposition: 'attachment' as const,
          ...(fileName === undefined ? {} : { fileName }),
        }))
        const after = readInside(Buffer.concat(rewriteMessage(before.headers, safe)))
        assert.deepEqual(after.ambiguities, [])
        assert.deepEqual(
          after.contents.map(({ octets, fileNames }) => [Buffer.from(octets).toString('hex'), fileNames[0]]),
          parts.map(({ octets, fileName }) => [Buffer.from(octets).toString('hex'), fileName]),
        )
      },
    ),
    { numRuns: 300 },
  )
})
