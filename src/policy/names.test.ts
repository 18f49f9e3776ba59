import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { extensions, isLong, spellings, turnsDirection } from './names.ts'

const spelled: readonly [name: string, also: string][] = [
  ['x.exe.', 'x.exe'],
  ['x.exe. . ', 'x.exe'],
  ['C:\\Users\\x.exe', 'x.exe'],
  ['../../x.exe', 'x.exe'],
  ['x.exe::$DATA', 'x.exe'],
  ['x.exe\0.txt', 'x.exe'],
  ['x.e\u200bxe', 'x.exe'],
  ['x\u00ad.exe', 'x.exe'],
  ['x.exe', 'x.exe'],
  ['x․exe', 'x.exe'],
  ['x.ex\ue000e', 'x.ex\ue000e'],
  ['x.exe\u00a0', 'x.exe'],
]
for (const [name, also] of spelled)
  test(`${JSON.stringify(name)} may be saved as ${JSON.stringify(also)}`, () => {
    assert.ok(spellings(name).includes(also), JSON.stringify(spellings(name)))
    assert.equal(spellings(name)[0], name)
  })

test('a plain name has one spelling', () => {
  assert.deepEqual(spellings('Report 2026.pdf'), ['Report 2026.pdf'])
})

const ends: readonly [name: string, extensions: readonly string[]][] = [
  ['a.pdf', ['pdf']],
  ['a', []],
  ['invoice.PDF .exe', ['exe', 'pdf']],
  ['invoice.pdf                  .exe', ['exe', 'pdf']],
  ['a.tar.gz', ['gz', 'tar']],
  ['dir.x/a.b.', ['b']],
  ['.profile', ['profile']],
]
for (const [name, expected] of ends)
  test(`extensions of ${JSON.stringify(name)}`, () => {
    assert.deepEqual(extensions(name), expected)
  })

test('overrides turn a name, marks and isolates of honest names do not', () => {
  assert.ok(turnsDirection('invoice\u202efdp.exe'))
  assert.ok(turnsDirection('invoice\u202dfdp.exe'))
  assert.ok(!turnsDirection('\u2068חשבונית\u2069.pdf'))
  assert.ok(!turnsDirection('\u200fحساب.pdf'))
})

test('a name is long by its octets', () => {
  assert.ok(!isLong('a'.repeat(255)))
  assert.ok(isLong('a'.repeat(256)))
  assert.ok(isLong('é'.repeat(128)))
  assert.ok(isLong('x'.repeat(10_000_000)))
})

test('any name has spellings, and each tidy one stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
      const last = spellings(name).at(-1) ?? ''
      assert.ok(spellings(last).includes(last))
      assert.doesNotMatch(last, /[/\\\0\u202e\u200b]|[. ]$/)
    }),
  )
})

test('names of a million characters take no time to speak of', () => {
  const start = performance.now()
  for (const name of [
    '. '.repeat(500_000),
    '\u200b'.repeat(1_000_000),
    'a.'.repeat(500_000),
    '/'.repeat(1e6),
  ])
    spellings(name)
  assert.ok(performance.now() - start < 1000)
})
