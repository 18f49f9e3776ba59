import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEntity } from './entity.ts'
import { defaultLimits } from './limits.ts'

const read = (header: string) =>
  readEntity(Buffer.from(header.replaceAll('\n', '\r\n'), 'utf8'), 0, defaultLimits, false)

for (const [header, ...names] of [
  ['Content-Disposition: attachment; filename=a.pdf', 'a.pdf'],
  ['Content-Type: a/b; name=a.pdf', 'a.pdf'],
  ['Content-Type: a/b; name=a.pdf\nContent-Disposition: attachment; filename=b.pdf', 'b.pdf', 'a.pdf'],
  ['Content-Disposition: attachment; filename="=?utf-8?B?w6QucGRm?="', 'ä.pdf', '=?utf-8?B?w6QucGRm?='],
  ['Content-Disposition: attachment; filename="ä.pdf"', 'ä.pdf'],
  ["Content-Disposition: attachment;\n filename*0*=utf-8''%C3%A4;\n filename*1=.pdf", 'ä.pdf'],
  ['Content-Disposition: attachment; filename=a%2Eexe', 'a%2Eexe', 'a.exe'],
  ['Content-Disposition: attachment; filename=%C3%A4.exe', '%C3%A4.exe', 'ä.exe'],
  ['Content-Disposition: attachment; filename=my file.pdf', 'my file.pdf', 'my'],
  ['Content-Disposition: attachment; filename="..\\\\..\\\\x.exe"', '..\\..\\x.exe', '..\\\\..\\\\x.exe'],
  ['Content-Disposition: attachment; filename="a\u202efdp.exe"', 'a\u202efdp.exe'],
  ['Content-Disposition: attachment; name=a.pdf', 'a.pdf'],
  ['Content-Type: a/b; filename=a.pdf', 'a.pdf'],
  ['Content-Location: http://x.example/y/z.png?q=1', 'z.png'],
  ['Content-Disposition: attachment; filename="Ã¤.exe"', 'Ã¤.exe'],
  ['Content-Location: http://x.example/y/', ''],
  ['Content-Description: a.pdf', ''],
] as const)
  test(`the names in ${header}`, () => {
    const { fileNames, doubts } = read(header)
    assert.deepEqual(fileNames, names[0] === '' ? [] : names)
    assert.deepEqual(doubts, [])
  })

test('a NUL in a name is kept, and what is before it is a name too', () => {
  const { fileNames } = read('Content-Disposition: attachment; filename="a.exe\0.pdf"')
  assert.ok(fileNames.includes('a.exe\0.pdf'))
  assert.ok(fileNames.includes('a.exe'))
})

test('names with other extensions are in doubt, an ASCII form beside is not', () => {
  const collision = (header: string) => read(header).doubts.map(({ reason, detail }) => `${reason} ${detail}`)
  assert.deepEqual(
    collision("Content-Disposition: attachment; filename=a.pdf; filename*=utf-8''%C3%A4.exe"),
    ['name-collision exe pdf'],
  )
  assert.deepEqual(
    collision("Content-Disposition: attachment; filename=a.pdf; filename*=utf-8''%C3%A4.pdf"),
    [],
  )
})

test('disposition and content id', () => {
  const { disposition, contentId } = read('Content-Disposition: INLINE; x=y\nContent-ID: <a@b>')
  assert.deepEqual([disposition, contentId], ['inline', 'a@b'])
})

test('the encodings that mailers write are not in doubt', () => {
  for (const [value, encoding] of [
    ['base64', 'base64'],
    ['BASE64', 'base64'],
    ['Base64', 'base64'],
    ['Quoted-Printable', 'quoted-printable'],
    ['QUOTED-PRINTABLE', 'quoted-printable'],
    ['7BIT', '7bit'],
    ['8bit', '8bit'],
    ['x-uuencode', 'uuencode'],
    ['utf-8', 'unknown'],
    ['8-bit', 'unknown'],
    ['7bit;', 'unknown'],
  ] as const) {
    const { interpretations } = read(`Content-Transfer-Encoding: ${value}`)
    assert.deepEqual(
      interpretations.map((each) => each.encoding),
      [encoding],
      value,
    )
  }
})

test('identical fields are not in doubt', () => {
  const { interpretations } = read(
    'Content-Type: text/plain; charset=a\nContent-Type: text/plain; charset=b\nContent-Transfer-Encoding: 8bit\nContent-Transfer-Encoding: 7bit',
  )
  assert.equal(interpretations.length, 1)
})
