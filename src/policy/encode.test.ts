import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { base64, encodeBody, fold, headerText, parameter } from './encode.ts'
import { oneLine } from './safe-text.ts'

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', ' ', '\n', '=', '.', 'é', '日', '😀', '\t'),
    fc.string({ maxLength: 1 }),
  ),
  maxLength: 300,
})

test('bodies come back as they were, in lines that are short enough', async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.boolean(), async (given, utf8) => {
      const { encoding, body } = encodeBody(given, utf8)
      const message = `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`
      const { text: read = '' } = await PostalMime.parse(new TextEncoder().encode(message))
      const lines = given
        .replace(/(\r?\n)*$/, '')
        .split(/\r\n|\n|\r/)
        .map((line) => line.trimEnd())
      assert.equal(read.replaceAll('\r\n', '\n'), `${lines.join('\n')}\n`)
      for (const line of body.split('\r\n')) {
        assert.ok(line.length <= (encoding === '8bit' ? 998 : 76), line)
        assert.doesNotMatch(line, /[\r\n]/)
      }
      if (!utf8) assert.match(body, /^[\x20-\x7e\r\n]*$/)
    }),
    { numRuns: 500 },
  )
})

test('headers come back as they were, folded, in ASCII', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (given) => {
      const safe = oneLine(given)
      const field = `Subject: ${headerText(safe, false, 9)}\r\n`
      assert.match(field, /^Subject: [\x20-\x7e\r\n]*$/)
      assert.doesNotMatch(field, /\r\n[^ ].|\r(?!\n)|(?<!\r)\n/s)
      for (const line of field.split('\r\n')) assert.ok(line.length <= 998)
      const { subject = '' } = await PostalMime.parse(`${field}\r\n\r\n`)
      assert.equal(subject, safe)
    }),
    { numRuns: 500 },
  )
})

test('encoded words are at most 75 characters long and split no character', () => {
  for (const word of headerText('日本語😀'.repeat(40), false, 0).split(/\r\n /)) {
    assert.ok(word.length <= 75, word)
    const octets = Buffer.from(/^=\?utf-8\?B\?(.*)\?=$/.exec(word)?.[1] ?? '', 'base64')
    assert.doesNotThrow(() => new TextDecoder('utf-8', { fatal: true }).decode(octets))
  }
})

test('a text that looks encoded is encoded, so that it is not decoded twice', async () => {
  const given = '=?utf-8?Q?=0D=0ABcc:_a?='
  const { subject } = await PostalMime.parse(`Subject: ${headerText(given, false, 9)}\r\n\r\n`)
  assert.equal(subject, given)
})

test('UTF8 mode leaves text as it is', () => {
  assert.equal(headerText('Grüße', true, 9), 'Grüße')
  assert.equal(encodeBody('Grüße', true).encoding, '8bit')
  assert.equal(encodeBody('é'.repeat(500), true).encoding, 'quoted-printable', 'but no line too long')
})

test('base64 is that of RFC 4648 §10, for every length', () => {
  for (const word of ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'])
    assert.equal(base64([...Buffer.from(word)]), Buffer.from(word).toString('base64'))
})

test('folding breaks at blanks only, and gives up on what cannot be broken', () => {
  const long = Array.from({ length: 40 }, (_, index) => `user${index}@example.net`).join(', ')
  const folded = fold(long, 4) ?? ''
  assert.equal(folded.replaceAll('\r\n', ''), long)
  for (const line of folded.split('\r\n')) assert.ok(line.length <= 76)
  assert.equal(fold('x'.repeat(999), 0), undefined)
})

test('parameters: ASCII in quotes, the rest in percent form', () => {
  assert.equal(parameter('filename', 'a "b".age'), '; filename="a _b_.age"')
  assert.equal(parameter('filename', 'ä;\r.age'), "; filename*=utf-8''%C3%A4%3B%0D.age")
})
