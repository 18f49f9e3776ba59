import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { makeMail } from './mails.ts'

describe('a mail of the bench', () => {
  const mail = makeMail(1, 20_000)
  const text = mail.wire.toString('utf8')
  const content = mail.wire.subarray(mail.wire.indexOf('\r\n') + 2)

  it('is about as large as it was asked for and says its exact size', () => {
    assert.ok(Math.abs(mail.octets - 20_000) < 80, `${mail.octets} octets`)
    assert.ok(text.startsWith(`+OK ${mail.octets} octets\r\n`))
    const stored = content.subarray(0, -3).toString('latin1').replaceAll('\r\n..', '\r\n.')
    assert.equal(stored.length, mail.octets)
  })

  it('is dot-stuffed and ends with the only lone dot', () => {
    const lines = content.toString('latin1').split('\r\n')
    assert.deepEqual(lines.slice(-2), ['.', ''])
    assert.equal(lines.filter((line) => line === '.').length, 1)
    assert.ok(lines.includes('..') && lines.includes('...and one with two'))
  })

  it('has base64 lines of 76 characters', () => {
    const encoded = text.split('\r\n').filter((line) => /^[A-Za-z0-9+/]{76}$/.test(line))
    assert.ok(encoded.length > 200)
  })

  it('carries the length and digest of what follows the status line', () => {
    assert.equal(mail.wireOctets, content.length)
    assert.equal(mail.sha256, createHash('sha256').update(content).digest('hex'))
  })

  it('is the same at every run', () => assert.equal(makeMail(1, 20_000).sha256, mail.sha256))
})
