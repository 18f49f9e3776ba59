import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aroundAndItself } from './ids.ts'

const cases: readonly [id: string, all: readonly string[]][] = [
  ['1', ['1']],
  ['2.1/3', ['2.1/3', '2.1', '2']],
  ['2/1/1', ['2/1/1', '2/1', '2']],
  ['2+1', ['2+1', '2']],
  ['2~1', ['2~1']],
  ['2~1.1', ['2~1.1', '2~1']],
  ['21.1', ['21.1', '21']],
  ['', ['']],
]
for (const [id, all] of cases)
  test(`${JSON.stringify(id)} lies in ${all.slice(1).join(', ') || 'nothing'}`, () => {
    assert.deepEqual(aroundAndItself(id), all)
  })
