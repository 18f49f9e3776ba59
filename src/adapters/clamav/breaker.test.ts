import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Breaker, failuresToOpen, retryAfter } from './breaker.ts'

function opened(now: number): Breaker {
  const breaker = new Breaker()
  for (let count = 0; count < failuresToOpen; count += 1) {
    assert.equal(breaker.ask(now), undefined)
    breaker.failed(now)
  }
  return breaker
}

test('it opens after a number of failures in a row, and not before', () => {
  const breaker = new Breaker()
  for (let count = 1; count < failuresToOpen; count += 1) breaker.failed(0)
  assert.equal(breaker.ask(0), undefined)
  breaker.succeeded()
  for (let count = 1; count < failuresToOpen; count += 1) breaker.failed(0)
  assert.equal(breaker.ask(0), undefined)
  breaker.failed(0)
  assert.equal(breaker.ask(0), retryAfter)
})

test('after its time one may try, and the others wait for that one', () => {
  const breaker = opened(100)
  assert.equal(breaker.ask(100 + retryAfter - 1), 1)
  assert.equal(breaker.ask(100 + retryAfter), undefined)
  assert.equal(breaker.ask(100 + retryAfter), retryAfter)
  breaker.succeeded()
  assert.equal(breaker.ask(100 + retryAfter), undefined)
  assert.equal(breaker.ask(100 + retryAfter), undefined)
})

test('a failed try opens it again at once', () => {
  const breaker = opened(0)
  assert.equal(breaker.ask(retryAfter), undefined)
  breaker.failed(retryAfter)
  assert.equal(breaker.ask(retryAfter), retryAfter)
})

test('a try that told nothing lets the next one try', () => {
  const breaker = opened(0)
  assert.equal(breaker.ask(retryAfter), undefined)
  breaker.unsettled(retryAfter)
  assert.equal(breaker.ask(retryAfter), undefined)
})
