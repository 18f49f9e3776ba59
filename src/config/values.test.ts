import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kinds, parseDuration, parseSize, validated } from './values.ts'

test('durations in every unit', () => {
  const table = { '250ms': 250, '90s': 90_000, '10m': 600_000, '1h': 3_600_000, '24d': 2_073_600_000 }
  for (const [text, milliseconds] of Object.entries({ ...table, '10 m': 600_000, '007s': 7000, '1ms': 1 }))
    assert.equal(validated(parseDuration(text)), milliseconds, text)
})

test('the longest duration fits into a timer', () => {
  assert.ok(validated(parseDuration('24d')) < 2 ** 31)
  assert.equal(parseDuration('577h').ok, false)
})

test('what is no duration', () => {
  for (const text of [
    '',
    '10',
    'm',
    '1.5h',
    '-1s',
    '1M',
    '1min',
    '1h30m',
    ' 1s',
    '1s ',
    '1  s',
    '1e3s',
    '0ms',
  ])
    assert.equal(parseDuration(text).ok, false, text)
  for (const word of ['constructor', 'toString', '__proto__'])
    assert.equal(parseDuration(`1${word}`).ok, false)
})

test('sizes in every unit, as text and as a number', () => {
  const table = { '0': 0, '65536': 65_536, '1B': 1, '64KiB': 65_536, '1 MiB': 1_048_576, '1GiB': 2 ** 30 }
  for (const [text, octets] of Object.entries(table)) assert.equal(validated(parseSize(text)), octets, text)
  assert.equal(validated(parseSize(4096)), 4096)
})

test('what is no size', () => {
  for (const text of ['', '1KB', '1kib', '1.5MiB', '-1', 'KiB', '1025MiB', '1073741825', '1constructor'])
    assert.equal(parseSize(text).ok, false, text)
  assert.equal(parseSize(-1).ok, false)
  assert.equal(parseSize(1e21).ok, false)
})

test('names, paths and server names at their limits', () => {
  const fits = (kind: keyof typeof kinds, text: string) => kinds[kind].parse(text).ok
  assert.ok(fits('name', 'x'.repeat(100)) && !fits('name', 'x'.repeat(101)))
  assert.ok(fits('name', 'Персонал, 1. Stock') && !fits('name', 'a\u007fb') && !fits('name', ' '))
  assert.ok(fits('file', 'x'.repeat(4096)) && !fits('file', 'x'.repeat(4097)))
  assert.ok(!fits('file', 'a\0b') && !fits('directory', '\n'))
  assert.ok(fits('serverName', '*') && fits('serverName', 'Pop?.*.example') && !fits('serverName', ''))
  assert.ok(fits('serverName', 'a'.repeat(255)) && !fits('serverName', 'a'.repeat(256)))
  assert.ok(!fits('serverName', 'a/b') && !fits('serverName', 'ü'))
})

test('a value that was not validated is a fault of ours', () => {
  assert.throws(() => validated(parseDuration('soon')), {
    name: 'TypeError',
    message: /^configuration was not validated: "soon" is not a duration/,
  })
})
