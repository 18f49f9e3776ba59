import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { ole, zip } from '../../test/support/file-builders.ts'
import { sampled } from '../../test/support/inspection.ts'

const crlf = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')
const sha256 = (octets: Uint8Array) => createHash('sha256').update(octets).digest('hex')
const multipart = (boundary: string, parts: readonly string[]) =>
  crlf(
    `From: a@example.test\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=${boundary}\n\n${parts
      .map((part) => `--${boundary}\n${part}\n`)
      .join('')}--${boundary}--\n`,
  )
const mixed = (...parts: readonly string[]) => multipart('b1', parts)
const attachment = (name: string, content: Buffer) =>
  `Content-Type: application/octet-stream; name="${name}"\nContent-Transfer-Encoding: base64\n\n${content.toString('base64').replaceAll(/.{76}/g, '$&\n')}`

test('size and hash are those of the message as it came; parts are those of the content', async () => {
  const content = Buffer.from('%PDF-1.4\n%%EOF\n')
  const message = mixed('Content-Type: text/plain\n\nhello', attachment('x.pdf', content))
  const { size, sha256: hash, facts } = await sampled(message)
  assert.deepEqual([size, hash], [message.length, sha256(message)])
  assert.deepEqual(
    facts.parts.map(({ id, names, sniffedType, size: octets }) => [id, names, sniffedType, octets]),
    [
      ['1', [], 'text/plain', 5],
      ['2', ['x.pdf'], 'application/pdf', content.length],
    ],
  )
  assert.equal(facts.parts[1]?.sha256, sha256(content))
})

test('an attached message is looked into, with its own attachments', async () => {
  const inner = multipart('inner', [attachment('evil.exe', Buffer.from('MZ'))])
  const text = inner.toString('latin1').replaceAll('\r\n', '\n')
  const message = mixed(`Content-Type: message/rfc822\n\n${text}`)
  const { facts } = await sampled(message)
  const found = facts.parts.find(({ names }) => names.includes('evil.exe'))
  assert.ok(found !== undefined, JSON.stringify(facts.parts.map(({ id, names }) => [id, names])))
  assert.equal(found.containers, 1)
})

test('uuencoded text inside a quoted-printable part is found', async () => {
  const message = mixed(
    'Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nbegin=20644 evil.exe\n#34U:\n`\nend\n',
  )
  const { facts } = await sampled(message)
  const found = facts.parts.find(({ kind }) => kind === 'embedded')
  assert.deepEqual(found?.names, ['evil.exe'])
  assert.equal(found?.top, '1')
})

test('of headers alone nothing is decoded', async () => {
  const { facts } = await sampled(crlf('From: a@example.test\nSubject: =?utf-8?q?gr=C3=BCn?=\n\n'), 'headers')
  assert.equal(facts.scope, 'headers')
  assert.equal(facts.subject, 'grün')
  assert.deepEqual(facts.parts, [])
})

test('every chunking finds the same', async () => {
  const message = mixed('Content-Type: text/plain\n\nhello', attachment('x.bin', Buffer.alloc(5000, 'x')))
  const whole = await sampled(message)
  for (const chunk of [1, 13, 1000])
    assert.deepEqual((await sampled(message, 'message', chunk)).facts, whole.facts)
})

test('a large picture that ends as an archive is one; a compound file with a document in it is none', async () => {
  const filler = Buffer.alloc(400_000, 7)
  const archive = zip({ name: 'evil.exe', content: 'MZ' })
  const gif = Buffer.concat([Buffer.from('GIF89a'), filler, archive, Buffer.from('junk')])
  const outlook = Buffer.concat([ole({ name: '__properties_version1.0' }), filler, archive])
  const { facts } = await sampled(mixed(attachment('a.gif', gif), attachment('b.msg', outlook)))
  const [picture, message] = ['a.gif', 'b.msg'].map((name) =>
    facts.parts.find(({ names }) => names.includes(name)),
  )
  assert.ok(picture?.traits.includes('polyglot'))
  assert.equal(message?.sniffedType, 'application/vnd.ms-outlook')
  assert.deepEqual(message?.traits, [])
})
