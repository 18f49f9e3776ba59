import assert from 'node:assert/strict'
import { test } from 'node:test'
import { child, error, formatPath, formatProblem, leadsTo, type Problem, warning } from './problems.ts'

const problem: Problem = {
  ...{ file: 'postern.yaml', line: 12, column: 5, path: 'policies[0].tlsSupport' },
  ...{ message: 'is wrong', severity: 'error' },
}

test('a problem is one line: where, what', () => {
  assert.equal(formatProblem(problem), 'postern.yaml:12:5 policies[0].tlsSupport: is wrong')
  assert.equal(
    formatProblem({ ...problem, severity: 'warning', path: '' }),
    'postern.yaml:12:5: warning: is wrong',
  )
  assert.equal(formatProblem({ ...problem, line: 0, column: 0, path: '' }), 'postern.yaml: is wrong')
})

test('a line stays one line, whatever stands in the file', () => {
  const hostile = { ...problem, path: 'a\u009b', message: '"a\u001b[2J\r\n\u202eb"' }
  assert.equal(formatProblem(hostile), 'postern.yaml:12:5 a\\u009b: "a\\u001b[2J\\u000d\\u000a\\u202eb"')
})

test('paths read as one writes them; names that are no words are quoted', () => {
  assert.equal(formatPath(['policies', 0, 'ports', 'pop3']), 'policies[0].ports.pop3')
  assert.equal(formatPath([]), '')
  assert.equal(formatPath(['a b', 'c\n', 'd-e']), '["a b"]["c\\n"].d-e')
})

test('a path leads to itself and to what is inside', () => {
  assert.ok(leadsTo(['a', 0], ['a', 0, 'b']) && leadsTo(['a'], ['a']) && leadsTo([], ['a']))
  assert.ok(!leadsTo(['a', 0, 'b'], ['a', 0]) && !leadsTo(['a', 1], ['a', 0, 'b']))
})

test('a step into data finds only what the data itself holds', () => {
  assert.equal(child({ a: 1 }, 'a'), 1)
  assert.equal(child([1, 2], 1), 2)
  for (const step of ['constructor', '__proto__', 'toString']) assert.equal(child({}, step), undefined)
  assert.equal(child('text', 0), undefined)
  assert.equal(child(null, 'a'), undefined)
})

test('remarks are about the value unless the name is meant', () => {
  assert.equal(error(['a'], 'x').at, 'value')
  assert.deepEqual(warning(['a'], 'x', 'key'), { path: ['a'], message: 'x', at: 'key', severity: 'warning' })
})
