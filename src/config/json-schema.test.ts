import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Ajv, type ValidateFunction } from 'ajv'
import { jsonSchema } from './json-schema.ts'

const schema = jsonSchema()
/** Strict: a word that JSON Schema does not know would be an error. */
const fits: ValidateFunction = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)

test('it is JSON Schema of draft 7, and nothing else', () => {
  assert.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#')
  assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema)
  assert.doesNotMatch(JSON.stringify(schema), /"expects":"/)
})

test('the setting `kind` of proxy actions is no word of ours', () => {
  const data = { version: 1, policies: [{ name: 'A' }], proxyActions: [{ name: 'X', kind: 'client' }] }
  assert.ok(fits(data), JSON.stringify(fits.errors))
  assert.ok(!fits({ ...data, proxyActions: [{ name: 'X', kind: 'neither' }] }))
})

describe('editors are told of', () => {
  const policy = { name: 'A', upstream: 'mail.example' }
  for (const [what, data] of Object.entries({
    'names that are not known': { version: 1, policies: [{ ...policy, colour: 'red' }] },
    'words that are not known': { version: 1, policies: [{ ...policy, tlsSupport: 'on' }] },
    'wrong types': { version: 1, policies: [{ ...policy, enabled: 'yes' }] },
    'numbers out of range': { version: 1, policies: [{ ...policy, ports: { pop3: 0 } }] },
    'what is missing': { version: 1, policies: [{}] },
    'another version': { version: 2, policies: [policy] },
  }))
    test(what, () => assert.equal(fits(data), false))
  test('nothing, when all is well', () => {
    assert.ok(fits({ version: 1, policies: [{ ...policy, from: ['any'], listen: '::1' }] }))
  })
})
