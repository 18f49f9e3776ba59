/** Golden pairs of mail: each case comes to what its golden file says. `write.ts` writes them anew. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { after, describe, test } from 'node:test'
import { embedded } from '../../support/inspection.ts'
import { ambiguousCases, goldenCases } from './cases.ts'
import { explained, folder, golden } from './golden.ts'
import { ordinaryCases } from './ordinary.ts'

after(() => embedded.close())

test('there are enough of them, each with one golden file', () => {
  const names = goldenCases.map(({ name }) => name)
  assert.ok(names.length >= 150, `${names.length}`)
  assert.equal(new Set(names).size, names.length)
  const files = globSync(`${folder}*.golden.json`).map((file) => basename(file, '.golden.json'))
  assert.deepEqual(files.sort(), names.toSorted())
})

describe('what comes of a mail', () => {
  for (const each of goldenCases)
    test(each.name, async () => {
      const wanted: unknown = JSON.parse(readFileSync(`${folder}${each.name}.golden.json`, 'utf8'))
      assert.deepEqual(golden(await explained(each)), wanted)
    })
})

/** Those that are not passed on: what is in them cannot be seen from here. */
const held = new Set(['partial', 'external-body'])

describe('an ordinary mail is not ambiguous and passes as it came', () => {
  for (const each of ordinaryCases)
    test(each.name, async () => {
      const { findings, original, delivered } = await explained(each)
      assert.deepEqual(
        findings.filter(({ kind }) => kind === 'ambiguous' || kind === 'limit-exceeded'),
        [],
      )
      if (!held.has(each.name)) assert.ok(Buffer.compare(original, delivered ?? Buffer.alloc(0)) === 0)
    })
})

test('every reason why mail is ambiguous is among them', () => {
  const source = readFileSync(`${folder}../../../src/mime/types.ts`, 'utf8')
  const union = /export type AmbiguityReason =([\s\S]*?)\n\n/.exec(source)?.[1] ?? ''
  const reasons = [...union.matchAll(/\| '([a-z0-9-]+)'/g)].map(([, reason]) => reason ?? '')
  assert.ok(reasons.length > 25)
  assert.deepEqual([...new Set(ambiguousCases.map(({ reason }) => String(reason)))].sort(), reasons.sort())
})
