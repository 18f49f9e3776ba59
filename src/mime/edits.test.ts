import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { applyEdits, type Edit } from './index.ts'

const edit = (start: number, end: number, text: string): Edit => ({
  start,
  end,
  replacement: Buffer.from(text),
})

function apply(text: string, edits: readonly Edit[], size = text.length): string {
  const result = applyEdits(edits)
  assert.equal(result.kind, 'ready')
  if (result.kind !== 'ready') return ''
  const pieces: Uint8Array[] = []
  const octets = Buffer.from(text)
  for (let at = 0; at < octets.length; at += size)
    pieces.push(...result.editor.push(octets.subarray(at, at + size)))
  return Buffer.concat([...pieces, ...result.editor.finish()]).toString()
}

for (const [what, edits, expected] of [
  ['nothing', [], '0123456789'],
  ['a range', [edit(2, 5, 'x')], '01x56789'],
  ['the start', [edit(0, 1, 'xyz')], 'xyz123456789'],
  ['the end', [edit(9, 10, '')], '012345678'],
  ['all', [edit(0, 10, 'x')], 'x'],
  ['insertions', [edit(0, 0, 'a'), edit(5, 5, 'b'), edit(10, 10, 'c')], 'a01234b56789c'],
  ['an insertion before a range', [edit(2, 4, 'y'), edit(2, 2, 'x')], '01xy456789'],
  ['two that touch, in any order', [edit(4, 6, 'y'), edit(2, 4, 'x')], '01xy6789'],
  ['two insertions at one place, in their order', [edit(3, 3, 'a'), edit(3, 3, 'b')], '012ab3456789'],
] as const)
  test(`${what}, at any chunking`, () => {
    for (let size = 1; size <= 10; size += 1)
      assert.equal(apply('0123456789', edits, size), expected, `${size}`)
  })

test('overlapping and backward ranges are refused, and the culprit is named', () => {
  const culprit = edit(3, 6, 'y')
  const overlap = applyEdits([edit(2, 5, 'x'), culprit])
  assert.deepEqual(overlap, { kind: 'fault', fault: { kind: 'overlap', edit: culprit } })
  for (const bad of [edit(5, 4, ''), edit(-1, 2, ''), edit(Number.NaN, 2, '')])
    assert.deepEqual(applyEdits([bad]), { kind: 'fault', fault: { kind: 'backwards', edit: bad } })
})

test('untouched octets are handed through, not copied', () => {
  const result = applyEdits([edit(2, 3, '')])
  const octets = Buffer.from('0123456789')
  assert.ok(result.kind === 'ready')
  assert.ok(result.editor.push(octets).every((piece) => piece.buffer === octets.buffer))
})

test('any Edits at any chunking do what splicing does', () => {
  const ranges = fc
    .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 12 })
    .map((all) => all.sort((a, b) => a - b))
  fc.assert(
    fc.property(
      fc.string({ minLength: 60, maxLength: 60, unit: 'grapheme-ascii' }),
      ranges,
      fc.integer({ min: 1, max: 20 }),
      (text, places, size) => {
        const edits: Edit[] = []
        for (let at = 0; at + 1 < places.length; at += 2)
          edits.push(edit(places[at] ?? 0, places[at + 1] ?? 0, `<${at}>`))
        let expected = text
        for (const { start, end, replacement } of [...edits].reverse())
          expected = expected.slice(0, start) + Buffer.from(replacement).toString() + expected.slice(end)
        assert.equal(apply(text, edits, size), expected)
      },
    ),
    { numRuns: 300 },
  )
})
