import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Admission } from './admission.ts'

test('connections are counted in all and for each source, and counted down again', () => {
  const admission = new Admission({ connections: 3, connectionsPerSource: 2 })
  assert.equal(admission.enter('10.0.0.1'), undefined)
  assert.equal(admission.enter('10.0.0.1'), undefined)
  assert.equal(admission.enter('10.0.0.1'), 'too many connections from your address')
  assert.equal(admission.enter('10.0.0.2'), undefined)
  assert.equal(admission.enter('10.0.0.3'), 'too many connections')
  assert.equal(admission.count, 3)
  admission.leave('10.0.0.1')
  assert.equal(admission.enter('10.0.0.3'), undefined)
  admission.leave('10.0.0.3')
  admission.leave('10.0.0.2')
  admission.leave('10.0.0.1')
  assert.equal(admission.count, 0)
})
