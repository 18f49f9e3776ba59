import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Document, longestText, readYaml } from './document.ts'
import type { Path } from './problems.ts'

function sound(text: string): Document {
  const reading = readYaml(text)
  assert.ok(reading.ok, JSON.stringify(reading))
  return reading.document
}

/** `line:column` of a setting. */
function place(text: string, path: Path, at: 'key' | 'value' = 'value'): string {
  const { line, column } = sound(text).locate(path, at)
  return `${line}:${column}`
}

const sample = `# first line
version: 1
policies:
  - name: "A b"
    from: [any, 10.0.0.1]
    ports: { pop3: 1110 }
    stls:
  - name: B
`

describe('the place of a setting', () => {
  test('its value, and its name', () => {
    assert.equal(place(sample, ['version']), '2:10')
    assert.equal(place(sample, ['version'], 'key'), '2:1')
    assert.equal(place(sample, ['policies', 0, 'name']), '4:11')
    assert.equal(place(sample, ['policies', 0, 'from', 1]), '5:17')
    assert.equal(place(sample, ['policies', 0, 'ports', 'pop3'], 'key'), '6:14')
    assert.equal(place(sample, ['policies', 1]), '8:5')
  })
  test('one without a value stands where its name does', () => {
    assert.equal(place(sample, ['policies', 0, 'stls']), '7:5')
  })
  test('one that is not there stands where the nearest thing around it does', () => {
    assert.equal(place(sample, ['policies', 1, 'upstream']), '8:5')
    assert.equal(place(sample, ['policies', 7, 'name']), '4:3')
    assert.equal(place(sample, ['policies', 'x']), '4:3')
    assert.equal(place(sample, ['version', 'deeper', 'still']), '2:10')
    assert.equal(place(sample, ['limits']), '2:1')
    assert.equal(place(sample, []), '2:1')
  })
  test('through an alias it is where the value was written', () => {
    const text = 'a: &all\n  x: 1\nb: *all\n'
    assert.equal(place(text, ['b']), '3:4')
    assert.equal(place(text, ['b', 'x']), '2:6')
  })
  test('of a doubled name the last counts, for the data as well', () => {
    const text = 'a: 1\nb: 2\na: 3\n'
    assert.deepEqual(sound(text).data, { a: 3, b: 2 })
    assert.equal(place(text, ['a']), '3:4')
  })
  test('columns count characters, with every kind of line end and a mark at the start of the file', () => {
    assert.equal(place('ä: [ö, ü]\r\nb: 1\r\n', ['b']), '2:4')
    assert.equal(place('ä: [ö, ü]\n', ['ä', 1]), '1:8')
    assert.deepEqual(sound('\uFEFFversion: 1\n').data, { version: 1 })
  })
})

describe('YAML 1.2 and not 1.1', () => {
  test('yes, no, on, off and times are words, and octal needs its 0o', () => {
    const words = { a: 'yes', b: 'no', c: 'on', d: 'off', e: '12:30:45', f: 10, g: 8, h: '2026-01-01' }
    const text = 'a: yes\nb: no\nc: on\nd: off\ne: 12:30:45\nf: 010\ng: 0o10\nh: 2026-01-01\n'
    assert.deepEqual(sound(text).data, words)
  })
  test('names are text, whatever they look like', () => {
    assert.deepEqual(sound('1: a\ntrue: b\nnull: c\n').data, { '1': 'a', true: 'b', null: 'c' })
  })
})

describe('flaws', () => {
  const flaws = (text: string) =>
    readYaml(text).flaws.map(({ line, column, message }) => `${line}:${column} ${message}`)

  test('of several each is told, with data as far as it can be read', () => {
    assert.deepEqual(flaws('a: 1\na: 2\nb: { c: 1, c: 2 }\n'), [
      '2:1 the setting "a" stands twice in this group: keep one',
      '3:12 the setting "c" stands twice in this group: keep one',
    ])
  })
  test('too large', () => {
    assert.deepEqual(flaws('#'.repeat(longestText)), [])
    assert.deepEqual(flaws('#'.repeat(longestText + 1)), [
      `1:1 the file is larger than ${longestText} characters`,
    ])
  })
  test('nested without end, as lists and as groups', () => {
    for (const opening of ['[', '{a: ', '- '])
      assert.match(
        flaws(opening.repeat(100_000)).join(),
        /^1:\d+ lists and groups are nested too deeply$/,
        opening,
      )
  })
  test('aliases that lead nowhere, to themselves, and too far', () => {
    assert.deepEqual(flaws('# *\na: *b\n'), [
      '2:4 the alias *b names no anchor: write &b before the value it stands for',
    ])
    assert.deepEqual(flaws('a: &b [*b]\n'), [])
    const many = `a: &a [1]\nb: [${'*a, '.repeat(150)}]\n`
    assert.deepEqual(flaws(many), [
      '2:5 the aliases (*name) unfold to more than 100 copies: write the values out',
    ])
    assert.deepEqual(flaws(`a: &a [1]\nb: [${'*a, '.repeat(90)}]\n`), [])
  })
})
