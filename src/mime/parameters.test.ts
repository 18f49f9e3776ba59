import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readParameters } from './parameters.ts'

const read = (value: string, name = 'n') => readParameters(value, 100).map.get(name)

for (const [text, ...values] of [
  ['a/b; n=x', 'x'],
  ['a/b;n=x;m=y', 'x'],
  ['a/b; N="x y"', 'x y'],
  ['a/b; n = x', 'x'],
  ['a/b; (c) n (d) = (e) x', 'x'],
  ['a/b; n="x\\"y"', 'x"y', 'x\\"y'],
  ['a/b; n="C:\\x.exe"', 'C:x.exe', 'C:\\x.exe'],
  ['a/b; n=x y', 'x y', 'x'],
  ['a/b; n=x (c)', 'x (c)', 'x'],
  ["a/b; n='x'", "'x'", 'x'],
  ['a/b; n="x; m=y', 'x; m=y', 'x', '"x'],
  ['a/b; n="x"y; m=z', 'x', 'xy', '"x"y'],
  ['a/b n=x', 'x'],
  ['a/b, n=x', 'x'],
  ['a/b; m=z n=x', 'x'],
  ['a/b; m="z" n=x', 'x'],
  ['a/b; n=x; n=y', 'x', 'y'],
  ["a/b; n*=utf-8''%C3%A4", 'ä'],
  ["a/b; n*=iso-8859-1'de'%E4", 'ä'],
  ['a/b; n*=%41b', 'Ab'],
  ['a/b; n*0=ab; n*1=cd', 'abcd'],
  ['a/b; n*1=cd; n*0=ab', 'abcd'],
  ["a/b; n*0*=utf-8''%C3; n*1*=%A4; n*2=%41", 'ä%41'],
  ['a/b; n*0=ab; n*2=cd', 'abcd', 'ab'],
  ['a/b; n*0=ab; n*0=cd', 'ab', 'abcd'],
  ["a/b; n=x; n*=utf-8''y", 'y', 'x'],
  ['a/b; n="\xc3\xa4"', 'ä'],
  ['a/b; n=', ''],
] as const)
  test(`${text} gives ${values.join(' | ')}`, () => {
    assert.deepEqual(read(text)?.values, values)
  })

test('what is odd, what is there twice, what only some clients know', () => {
  const traits = (text: string) => {
    const { twice, odd, extended } = read(text) ?? {}
    return [
      twice === true ? 'twice' : '',
      odd === true ? 'odd' : '',
      extended === true ? 'extended' : '',
    ].join('')
  }
  assert.equal(traits('a/b; n="x"'), '')
  assert.equal(traits('a/b; n=x; n=x'), '')
  assert.equal(traits('a/b; n=x; n=y'), 'twice')
  assert.equal(traits('a/b; n=x y'), 'odd')
  assert.equal(traits("a/b; n*=''x"), 'extended')
  assert.equal(traits("a/b; n=x; n*=''x"), '')
})

test('more parameters than the limit are told', () => {
  assert.equal(readParameters('a/b; n=x; m=y', 3).cut, false)
  assert.equal(readParameters('a/b; n=x; m=y; o=z', 3).cut, true)
})
