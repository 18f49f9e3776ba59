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

const passwords: readonly [
  what: string,
  given: Parameters<typeof part>[0],
  unscannable: boolean,
  needs: boolean,
][] = [
  ['an encrypted PDF', { traits: ['encrypted'], sniffedType: 'application/pdf' }, true, false],
  ['an encrypted archive', { traits: ['encrypted'], sniffedType: 'application/zip' }, false, true],
  [
    'an encrypted archive called S/MIME',
    { traits: ['encrypted', 'unscannable'], sniffedType: 'application/zip' },
    true,
    true,
  ],
  [
    'an encrypted archive declared a PDF',
    { traits: ['encrypted'], sniffedType: undefined, declaredType: 'application/pdf' },
    false,
    true,
  ],
  ['S/MIME by its content', { traits: ['encrypted'], sniffedType: 'application/pkcs7-mime' }, true, false],
  ['PGP by its content', { traits: ['encrypted'], sniffedType: 'application/pgp-encrypted' }, true, false],
  ['an age file', { traits: ['encrypted'], sniffedType: 'application/age-encryption' }, true, false],
  ['S/MIME', { traits: ['unscannable'], sniffedType: undefined }, true, false],
  [
    'an encrypted PDF in an archive that says so',
    { traits: ['encrypted', 'nested-encrypted'], sniffedType: 'application/pdf' },
    true,
    true,
  ],
]
for (const [what, given, unscannable, needs] of passwords)
  test(`${what}: ${unscannable ? '' : 'not '}unscannable, ${needs ? '' : 'not '}for antivirus`, () => {
    const facts = part(given)
    const traits = traitsOf(facts)
    assert.equal(traits.has('unscannable'), unscannable)
    assert.equal(needsPassword(facts, traits), needs)
  })

test('no extension stands under two kinds', () => {
  const all = Object.values(actingExtensions).flat()
  assert.deepEqual(
    all.filter((each, index) => all.indexOf(each) !== index),
    [],
  )
  for (const each of all) assert.match(each, /^[a-z0-9-]+$/)
})
