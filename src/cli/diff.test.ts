import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { unifiedDiff } from './diff.ts'

const octets = (lines: readonly string[]) =>
  Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1')
const diff = (before: readonly string[], after: readonly string[]) =>
  unifiedDiff(octets(before), octets(after))
const numbers = (count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => `line ${first + index}`)

test('nothing changes: nothing is shown', () => {
  assert.equal(diff(numbers(5), numbers(5)), '')
  assert.equal(diff([], []), '')
})

test('a changed line is shown with two lines around it', () => {
  assert.equal(
    diff([...numbers(9), 'old', ...numbers(9, 20)], [...numbers(9), 'new', ...numbers(9, 20)]),
    '@@ -8 +8 @@\n line 7\n line 8\n-old\n+new\n line 20\n line 21\n',
  )
})

test('two changes far apart are two places, each with its line numbers in both', () => {
  const before = [...numbers(20), 'a', ...numbers(20, 30)]
  assert.equal(
    diff(before, ['first', ...before.map((line) => (line === 'a' ? 'b' : line))]),
    '@@ -1 +1 @@\n+first\n line 0\n line 1\n@@ -19 +20 @@\n line 18\n line 19\n-a\n+b\n line 30\n line 31\n',
  )
})

test('many lines of base64 become a number', () => {
  const base64 = Array.from({ length: 500 }, (_, index) => Buffer.from(`base64 ${index}`).toString('base64'))
  assert.equal(diff(['x', ...base64], ['x']), `@@ -1 +1 @@\n x\n-${base64[0]}\n-[499 more lines of base64]\n`)
})

test('a large mail that goes as a whole is shown by its first lines', () => {
  const shown = diff(numbers(300_000), ['a notice']).split('\n')
  assert.equal(shown.length, 64)
  assert.deepEqual(shown.slice(-3), ['-[299940 more lines]', '+a notice', ''])
})

test('nothing of a message moves a terminal, and long lines are cut', () => {
  const shown = diff([], ['\x1b[2J\u009b', 'x'.repeat(100_000)])
  assert.equal(shown, `@@ -1 +1 @@\n+\\x1b[2J\\x9b\n+${'x'.repeat(160)}…\n`)
})

test('all lines that go and come are shown, and no others', () => {
  const lines = fc.array(fc.constantFrom('a ', 'b ', 'c ', 'd ', 'e ', 'f '), { maxLength: 12 })
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const counts = new Map<string, number>()
      for (const line of before) counts.set(line, (counts.get(line) ?? 0) - 1)
      for (const line of after) counts.set(line, (counts.get(line) ?? 0) + 1)
      for (const line of diff(before, after).split('\n')) {
        const step = line.startsWith('-') ? 1 : line.startsWith('+') ? -1 : 0
        counts.set(line.slice(1), (counts.get(line.slice(1)) ?? 0) + step)
      }
      for (const line of 'abcdef') assert.equal(counts.get(`${line} `) ?? 0, 0)
    }),
  )
})

test('a hundred thousand lines take no time that anybody notices', () => {
  const before = numbers(100_000)
  const after = before.map((line, index) => (index % 1000 === 0 ? `${line} changed` : line))
  const begun = performance.now()
  assert.equal(diff(before, after).match(/^@@/gm)?.length, 100)
  assert.ok(performance.now() - begun < 3000)
})
