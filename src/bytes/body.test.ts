/** Reading and writing the body of a multi-line reply: tables, every way to cut them, and one against the other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BodyReader, BodyWriter, latin1, octets } from './index.ts'

interface Reading {
  readonly content: string
  /** What stood behind the final dot. */
  readonly rest: string
  readonly ended: boolean
}

function read(pieces: readonly string[]): Reading {
  const reader = new BodyReader()
  let content = ''
  let rest = ''
  for (const piece of pieces) {
    const chunk = octets(piece)
    const used = reader.ended ? 0 : reader.read(chunk, (each) => (content += latin1(each)))
    assert.ok(used === chunk.length || reader.ended)
    rest += piece.slice(used)
  }
  return { content, rest, ended: reader.ended }
}

interface Written {
  readonly wire: string
  readonly repaired: number
}

function write(pieces: readonly string[], lines?: number, offset = 0): Written {
  const writer = new BodyWriter(lines)
  let wire = ''
  const put = (each: Uint8Array) => (wire += latin1(each))
  for (const piece of pieces) {
    // At every place in memory: the search works on words of four octets.
    const memory = new Uint8Array(piece.length + offset)
    memory.set(octets(piece), offset)
    writer.write(memory.subarray(offset), put)
  }
  writer.end(put)
  return { wire, repaired: writer.repaired }
}

/** The text whole, octet by octet, and cut in two anywhere. */
function* cuts(text: string): Generator<readonly string[]> {
  yield [text]
  yield [...text]
  for (let cut = 1; cut < text.length; cut += 1) yield [text.slice(0, cut), text.slice(cut)]
}

const readings: readonly [name: string, wire: string, content: string, rest?: string][] = [
  ['an empty message', '.\r\n', ''],
  ['one line', 'a\r\n.\r\n', 'a\r\n'],
  ['stuffed dots', '..\r\n...\r\n..a\r\n.\r\n', '.\r\n..\r\n.a\r\n'],
  ['a dot that should have been stuffed', '.a\r\n.\r\n', 'a\r\n'],
  ['dots within lines', 'a.b.\r\n.\r\n', 'a.b.\r\n'],
  ['a dot behind a bare LF', 'a\n.\r\n.\r\n', 'a\n.\r\n'],
  ['a dot behind a bare CR', 'a\r.\r\n.\r\n', 'a\r.\r\n'],
  ['a dot before a bare LF', 'a\r\n.\nb\r\n.\r\n', 'a\r\n\nb\r\n'],
  ['a dot before a bare CR', 'a\r\n.\rb\r\n.\r\n', 'a\r\n\rb\r\n'],
  ['a dot before two CR', 'a\r\n.\r\r\n.\r\n', 'a\r\n\r\r\n'],
  ['CR CR LF dot', 'a\r\r\n.\r\n', 'a\r\r\n'],
  ['what follows the end', 'a\r\n.\r\n+OK\r\n.\r\n', 'a\r\n', '+OK\r\n.\r\n'],
  ['NUL and octets above 127', '\0\xff.\xe9\r\n.\r\n', '\0\xff.\xe9\r\n'],
]
for (const [name, wire, content, rest = ''] of readings)
  test(`reads ${name}, cut anywhere`, () => {
    for (const pieces of cuts(wire))
      assert.deepEqual(read(pieces), { content, rest, ended: true }, JSON.stringify(pieces))
  })

for (const wire of ['', 'a', 'a\r\n', 'a\r\n.', 'a\r\n.\r', 'a.\r\n', '\n.\r\n', 'a\r\n..\r\n'])
  test(`does not take ${JSON.stringify(wire)} for the end`, () => {
    for (const pieces of cuts(wire)) assert.equal(read(pieces).ended, false, JSON.stringify(pieces))
  })

test('content is passed on in place', () => {
  const chunk = octets('one\r\n..two\r\n.\r\n')
  const pieces: Uint8Array[] = []
  assert.equal(
    new BodyReader().read(chunk, (piece) => pieces.push(piece)),
    chunk.length,
  )
  assert.deepEqual(pieces.map(latin1), ['one\r\n', '.two\r\n'])
  assert.ok(pieces.every(({ buffer }) => buffer === chunk.buffer))
})

const A80 = 'A'.repeat(80)
const writings: readonly [name: string, content: string, wire: string, repaired: number][] = [
  ['an empty message', '', '.\r\n', 0],
  ['one line', 'a\r\n', 'a\r\n.\r\n', 0],
  ['a last line without its end', 'a', 'a\r\n.\r\n', 0],
  ['dots at the start of lines', '.\r\n..\r\n.a\r\n', '..\r\n...\r\n..a\r\n.\r\n', 0],
  ['dots elsewhere', 'a.\r\n', 'a.\r\n.\r\n', 0],
  ['bare LF', 'a\nb\n', 'a\r\nb\r\n.\r\n', 2],
  ['bare CR', 'a\rb\r', 'a\r\nb\r\n.\r\n', 2],
  ['LF CR', 'a\n\rb', 'a\r\n\r\nb\r\n.\r\n', 2],
  ['CR CR LF', 'a\r\r\nb', 'a\r\n\r\nb\r\n.\r\n', 1],
  ['dots behind repaired line ends', 'a\n.\n.\r.\r\n', 'a\r\n..\r\n..\r\n..\r\n.\r\n', 3],
  ['empty lines', '\r\n\r\n', '\r\n\r\n.\r\n', 0],
  ['long lines', `${A80}\r\n.${A80}\n${A80}`, `${A80}\r\n..${A80}\r\n${A80}\r\n.\r\n`, 1],
  [
    'octets below 16 that end no line',
    `\t\0\x0b\x0c${A80}\x0e\t\r\n`,
    `\t\0\x0b\x0c${A80}\x0e\t\r\n.\r\n`,
    0,
  ],
  ['octets above 127', `\x8a\x8d\xff${A80}\x8d\x8a\r\n`, `\x8a\x8d\xff${A80}\x8d\x8a\r\n.\r\n`, 0],
]
for (const [name, content, wire, repaired] of writings)
  test(`writes ${name}, cut anywhere, at every place in memory`, () => {
    for (const pieces of cuts(content))
      for (const offset of [0, 1, 2, 3])
        assert.deepEqual(write(pieces, undefined, offset), { wire, repaired }, JSON.stringify(pieces))
  })

const tops: readonly [name: string, content: string, lines: number, wire: string][] = [
  ['no lines', 'a: b\r\n\r\nbody\r\n', 0, 'a: b\r\n\r\n.\r\n'],
  ['one line', 'a: b\r\n\r\none\r\ntwo\r\n', 1, 'a: b\r\n\r\none\r\n.\r\n'],
  ['a line that is empty', 'a: b\r\n\r\n\r\ntwo\r\n', 1, 'a: b\r\n\r\n\r\n.\r\n'],
  ['more lines than there are', 'a: b\r\n\r\none\r\n', 9, 'a: b\r\n\r\none\r\n.\r\n'],
  ['lines with repaired ends', 'a: b\n\n.\rtwo\n', 1, 'a: b\r\n\r\n..\r\n.\r\n'],
  ['no header at all', '\r\none\r\ntwo', 1, '\r\none\r\n.\r\n'],
  ['no body at all', 'a: b\r\n', 1, 'a: b\r\n.\r\n'],
  ['an empty line of one bare CR', 'a: b\r\n\rbody', 0, 'a: b\r\n\r\n.\r\n'],
]
for (const [name, content, lines, wire] of tops)
  test(`TOP: ${name}, cut anywhere`, () => {
    for (const pieces of cuts(content)) assert.equal(write(pieces, lines).wire, wire, JSON.stringify(pieces))
  })

test('TOP: says when it is full', () => {
  const writer = new BodyWriter(0)
  writer.write(octets('a: b\r\n'), () => {})
  assert.equal(writer.full, false)
  writer.write(octets('\r\n'), () => {})
  assert.equal(writer.full, true)
})

test('what needs no change is passed on in place, in one piece', () => {
  const chunk = octets(`a: b\r\n\r\n${`${A80}\r\n`.repeat(100)}`)
  const pieces: Uint8Array[] = []
  new BodyWriter().write(chunk, (piece) => pieces.push(piece))
  assert.deepEqual(pieces, [chunk])
  assert.equal(pieces[0], chunk)
})

const text = fc.string({
  unit: fc.constantFrom('.', '\r', '\n', '\r\n', '\r\n.', 'a', '\x80', A80),
  maxLength: 30,
})
const pieces = fc.array(text, { maxLength: 8 })

test('read(write(x)) is x in canonical form, however x is cut', () => {
  fc.assert(
    fc.property(pieces, fc.nat(3), fc.nat(40), (each, offset, cut) => {
      const whole = each.join('')
      const canonical = whole.replaceAll(/\r\n|\r|\n/g, '\r\n').replace(/([^\n])$/, '$1\r\n')
      const { wire, repaired } = write(each, undefined, offset)
      assert.equal(repaired, (whole.match(/\r(?!\n)|(?<!\r)\n/g) ?? []).length)
      assert.doesNotMatch(wire, /\r(?!\n)|(?<!\r)\n/)
      const all = [wire.slice(0, cut), `${wire.slice(cut)}+OK`]
      assert.deepEqual(read(all), { content: canonical, rest: '+OK', ended: true })
    }),
    { numRuns: 1000 },
  )
})

test('the final dot is found where a search in the whole finds it', () => {
  fc.assert(
    fc.property(pieces, (each) => {
      const whole = each.join('')
      const end = /(?:^|\r\n)\.\r\n/.exec(`${whole}`)
      const { content, rest, ended } = read(each)
      assert.equal(ended, end !== null)
      if (end === null) return
      const at = end.index + end[0].length
      assert.equal(rest, whole.slice(at))
      const body = whole.slice(0, at - 3)
      assert.equal(content, body.replace(/^\./, '').replaceAll(/(?<=\r\n)\./g, ''))
    }),
    { numRuns: 2000 },
  )
})

test('TOP never passes more lines than it should', () => {
  fc.assert(
    fc.property(pieces, fc.nat(4), (each, lines) => {
      const all = read([write(each).wire]).content.split(/(?<=\r\n)/)
      const empty = all.indexOf('\r\n')
      const wanted = empty === -1 ? all : all.slice(0, empty + 1 + lines)
      assert.equal(read([write(each, lines).wire]).content, wanted.join(''))
    }),
    { numRuns: 1000 },
  )
})
