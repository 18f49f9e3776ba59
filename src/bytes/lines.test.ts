import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Line, LineReader, latin1, octets, taint } from './index.ts'

const shown = (line: Line) => (line instanceof Uint8Array ? latin1(line) : line)

/** All lines of a text that comes in these pieces; memory of a piece is spoiled once it was kept. */
function lines(pieces: readonly string[], cap = 100): (string | undefined)[] {
  const reader = new LineReader()
  const found: (string | undefined)[] = []
  for (const piece of pieces) {
    const bytes = octets(piece)
    reader.push(bytes)
    for (let line = reader.next(cap); line !== undefined; line = reader.next(cap)) {
      found.push(shown(line))
      if (line === 'overlong') return found
    }
    reader.keep()
    bytes.fill(0x23)
  }
  return found
}

const cases: readonly [name: string, text: string, lines: readonly string[]][] = [
  ['nothing', '', []],
  ['a line', 'NOOP\r\n', ['NOOP']],
  ['an empty line', '\r\n', ['']],
  ['a bare LF', 'one\ntwo\r\n', ['one', 'two']],
  ['a CR within a line', 'a\rb\r\n', ['a\rb']],
  ['two CR before the LF', 'a\r\r\n', ['a\r']],
  ['a line that is not ended', 'one\r\ntwo', ['one']],
  ['empty lines', '\n\r\n\n', ['', '', '']],
]
for (const [name, text, wanted] of cases) {
  test(name, () => assert.deepEqual(lines([text]), wanted))
  test(`${name}, octet by octet`, () => assert.deepEqual(lines([...text]), wanted))
  test(`${name}, cut in two anywhere`, () => {
    for (let cut = 0; cut <= text.length; cut += 1)
      assert.deepEqual(lines([text.slice(0, cut), text.slice(cut)]), wanted, `cut at ${cut}`)
  })
}

test('the cap counts the line and its end', () => {
  assert.deepEqual(lines(['123456\r\n'], 8), ['123456'])
  assert.deepEqual(lines(['1234567\r\n'], 8), ['overlong'])
  assert.deepEqual(lines('1234567\r\n'.split(''), 8), ['overlong'])
  assert.deepEqual(lines(['1234567'], 8), [])
  assert.deepEqual(lines(['12345678'], 8), ['overlong'])
})

test('an overlong line is not taken', () => {
  const reader = new LineReader()
  reader.push(octets('12345\r\n'))
  assert.equal(reader.next(4), 'overlong')
  assert.equal(reader.unread, 7)
  assert.equal(shown(reader.next(7)), '12345')
})

test('a line that is there whole is read in place', () => {
  const bytes = octets('one\r\ntwo\r\n')
  const reader = new LineReader()
  reader.push(bytes)
  for (const _ of [1, 2]) {
    const line = reader.next(100)
    assert.ok(line instanceof Uint8Array)
    assert.equal(line.buffer, bytes.buffer)
  }
})

test('what is no lines can be taken from it', () => {
  const reader = new LineReader()
  reader.push(octets('+OK\r\nbody\r\n.\r\n+OK 2\r\n'))
  assert.equal(shown(reader.next(100)), '+OK')
  assert.equal(latin1(reader.rest().subarray(0, 4)), 'body')
  reader.skip(9)
  assert.equal(shown(reader.next(100)), '+OK 2')
  assert.equal(reader.unread, 0)
  assert.equal(reader.rest().length, 0)
})

test('what is forgotten does not come back', () => {
  const reader = new LineReader()
  reader.push(octets('USER ev'))
  reader.keep()
  reader.clear()
  reader.push(octets('il\r\n'))
  assert.equal(shown(reader.next(100)), 'il')
})

test('a line of a megabyte that comes octet by octet takes no more than its share of time', () => {
  const reader = new LineReader()
  const one = Uint8Array.of(0x78)
  const start = process.hrtime.bigint()
  for (let count = 0; count < 1_000_000; count += 1) {
    reader.push(one)
    assert.equal(reader.next(2_000_000), undefined)
    reader.keep()
  }
  assert.ok(Number(process.hrtime.bigint() - start) < 5e9, 'within five seconds')
  assert.equal(reader.unread, 1_000_000)
})

test('however it is cut, the lines are those of the whole', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '\r\n'), maxLength: 6 })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const whole = pieces.join('')
      const wanted = whole.split('\n').slice(0, -1)
      assert.deepEqual(
        lines(pieces),
        wanted.map((line) => line.replace(/\r$/, '')),
      )
    }),
    { numRuns: 1000 },
  )
})

test('NUL and bare CR are told', () => {
  assert.equal(taint(octets('USER joe')), undefined)
  assert.equal(taint(octets('USER\0joe')), 'nul')
  assert.equal(taint(octets('USER\rjoe')), 'bare-cr')
  assert.equal(taint(octets('\r\0')), 'nul')
})
