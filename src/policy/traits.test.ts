import assert from 'node:assert/strict'
import { test } from 'node:test'
import { part } from '../../test/support/facts.ts'
import { actingExtensions } from './extensions.ts'
import { needsPassword, traitsOf, traitsOfName } from './traits.ts'
import type { Trait } from './types.ts'

const named: readonly [name: string, sniffed: string | undefined, traits: readonly Trait[]][] = [
  ['invoice.pdf.exe', undefined, ['double-extension']],
  ['invoice.pdf      .exe', undefined, ['double-extension']],
  ['invoice.pdf.exe.', undefined, ['double-extension']],
  ['photo.jpg.html', undefined, ['double-extension']],
  ['photo.jpg.lnk', undefined, ['double-extension']],
  ['archive.tar.gz', undefined, []],
  ['report.v1.2.pdf', 'application/pdf', []],
  ['jquery.min.js', undefined, []],
  ['mail.eml.zip', undefined, []],
  ['notes.txt.txt', undefined, []],
  ['x\u202efdp.exe', undefined, ['right-to-left']],
  [`${'a'.repeat(300)}.pdf`, undefined, ['long-name']],
  ['a.pdf', 'application/x-dosexec', ['type-mismatch']],
  ['a.pdf', undefined, []],
  ['a.jpg', 'image/png', []],
  ['a.jpg', 'text/html', ['type-mismatch']],
  ['a.doc', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', []],
  ['a.xls', 'text/html', []],
  ['a.docx', 'application/x-dosexec', ['type-mismatch']],
  ['a.mp4', 'video/quicktime', []],
  ['a.unheard', 'application/x-dosexec', []],
  ['a', 'application/x-dosexec', []],
]
for (const [name, sniffed, expected] of named)
  test(`${JSON.stringify(name.slice(0, 40))} with ${sniffed ?? 'unknown content'}: ${expected.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(traitsOfName(name, sniffed), expected)
  })

test('traits of content and of every name come together', () => {
  const traits = traitsOf(part({ traits: ['executable'], names: ['a.txt', 'a.pdf.exe'] }))
  assert.deepEqual([...traits].toSorted(), ['double-extension', 'executable'])
})

test('an encrypted PDF is the matter of unscannable, an encrypted archive is that of antivirus', () => {
  const pdf = traitsOf(part({ traits: ['encrypted'], sniffedType: 'application/pdf' }))
  const zip = traitsOf(part({ traits: ['encrypted'], sniffedType: 'application/zip' }))
  const nested = traitsOf(part({ traits: ['encrypted', 'nested-encrypted'], sniffedType: 'application/pdf' }))
  assert.ok(pdf.has('unscannable') && !needsPassword(pdf))
  assert.ok(!zip.has('unscannable') && needsPassword(zip))
  assert.ok(needsPassword(nested))
})

test('no extension stands under two kinds', () => {
  const all = Object.values(actingExtensions).flat()
  assert.deepEqual(
    all.filter((each, index) => all.indexOf(each) !== index),
    [],
  )
  for (const each of all) assert.match(each, /^[a-z0-9-]+$/)
})
