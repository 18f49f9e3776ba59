/**
 * Golden pairs of configurations: each `NAME.yaml` comes to the Snapshot in `NAME.json`, and each text
 * in `broken/` to exactly the messages behind it.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, test } from 'node:test'
import { formatProblem, loadConfiguration, readConfiguration } from '../../src/config/index.ts'
import { folder, goldenNames, loadGolden, show } from './snapshots.ts'

describe('a configuration comes to its Snapshot', () => {
  for (const name of goldenNames())
    test(name, () => {
      const wanted: unknown = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'))
      assert.deepEqual(show(loadGolden(name)), wanted)
    })
})

for (const file of globSync(`${folder}/broken/*.txt`).sort())
  describe(`messages: ${basename(file, '.txt')}`, () => {
    const runs = basename(file) === 'warnings.txt'
    for (const { title, text, messages } of readCases(file))
      test(title, () => {
        const reading = readConfiguration(text, 'postern.yaml')
        assert.deepEqual((reading.ok ? reading.warnings : reading.problems).map(formatProblem), messages)
        assert.equal(reading.ok, runs)
        if (runs) assert.ok(loadConfiguration(text, 'postern.yaml', '/etc/postern').ok)
      })
  })

interface Case {
  readonly title: string
  readonly text: string
  readonly messages: readonly string[]
}

/** Cases begin with `== title`; their messages are the lines that begin with `=> `. */
function readCases(file: string): Case[] {
  const [, ...cases] = readFileSync(file, 'utf8').split(/^== /m)
  assert.ok(cases.length >= 10, `${file} holds fewer cases than it should`)
  return cases.map((each) => {
    const [title = '', ...lines] = each.trimEnd().split('\n')
    const messages = lines.filter((line) => line.startsWith('=> ')).map((line) => line.slice(3))
    assert.ok(messages.length > 0, `${title}: no messages are given`)
    const text = lines.filter((line) => !line.startsWith('=> ')).map((line) => `${line}\n`)
    return { title, text: text.join(''), messages }
  })
}
