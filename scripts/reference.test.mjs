// The reference pages say what the sources say; and the script that makes them notices when not.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { ConfigurationSchema, predefinedActions, readConfiguration } from '../src/config/index.ts'
import { catalogue } from '../src/events/index.ts'
import { pages } from './reference.mjs'
import { predefinedSection } from './reference-predefined.mjs'
import { settingsSection } from './reference-settings.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const script = join(root, 'scripts/reference.mjs')
const reference = (...argv) => spawnSync(process.execPath, [script, ...argv], { encoding: 'utf8' })

test('the pages in docs/reference are those of the sources', () => {
  const { status, stdout } = reference()
  assert.deepEqual([stdout, status], ['', 0])
})

test('a page that differs or is not there is named with the remedy, and --write puts it right', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-reference-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const remedy = 'differs from the sources; run "node scripts/reference.mjs --write", and read what changed\n'
  const missing = reference(folder)
  assert.equal(missing.status, 1)
  assert.equal(missing.stdout, `docs/reference/configuration.md ${remedy}docs/reference/events.md ${remedy}`)
  assert.equal(reference('--write', folder).status, 0)
  assert.equal(reference(folder).status, 0)
  appendFileSync(join(folder, 'docs/reference/events.md'), '\n')
  const changed = reference(folder)
  assert.deepEqual([changed.stdout, changed.status], [`docs/reference/events.md ${remedy}`, 1])
})

const page = pages()['docs/reference/configuration.md']

test('every setting of the schema has an entry, with what it takes', () => {
  const paths = (group, path) =>
    Object.entries(group.properties ?? {}).flatMap(([name, each]) => {
      const own = path === '' ? name : `${path}.${name}`
      const inner = each.items?.properties === undefined ? [each, own] : [each.items, `${own}[]`]
      return [own, ...paths(...inner)]
    })
  const all = paths(ConfigurationSchema, '')
  assert.ok(all.length > 50)
  for (const path of all) assert.match(page, new RegExp(`^##+ ${RegExp.escape(path)}\n\nTakes \\S`, 'm'))
  assert.doesNotMatch(page, /undefined|\[object/)
})

test('every event of the catalogue has a section, with every field', () => {
  const events = pages()['docs/reference/events.md']
  for (const [code, { sentence, fields }] of Object.entries(catalogue)) {
    const [, section = ''] = events.split(`\n## ${code}\n`)
    const own = section.split('\n## ')[0]
    assert.ok(own.includes(sentence), code)
    for (const field of Object.keys(fields)) assert.ok(own.includes(`| \`${field}\` |`), `${code} ${field}`)
  }
  assert.doesNotMatch(events, /undefined/)
})

test('what is predefined can be pasted into a proxy action', () => {
  const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text]) => parse(text))
  assert.ok(blocks.length > 0)
  for (const block of blocks) {
    const text = JSON.stringify({
      version: 1,
      policies: [{ name: 'A', upstream: 'mail.example', action: 'X' }],
      proxyActions: [{ name: 'X', ...block }],
    })
    const reading = readConfiguration(text, 'postern.yaml')
    assert.ok(reading.ok, JSON.stringify(reading.problems))
  }
})

test('a setting of any shape, known to nobody yet, finds its words', () => {
  const text = (schema, required = []) =>
    settingsSection({ properties: { x: schema }, required }, { colour: { expects: 'a colour' } })
  assert.equal(
    text({ type: 'string', kind: 'colour', description: 'A.' }),
    '## x\n\nTakes a colour. May be left out.\n\nA.\n',
  )
  assert.match(text({ enum: ['1.0', 'b'], default: 'b' }), /Takes `"1\.0"` or `b`\. Default: `b`\.\n/)
  assert.match(text({ const: 1 }, ['x']), /Takes `1`\. Must be given\.\n/)
  assert.match(
    text({ type: 'boolean', default: true, description: 'A. Inherited.' }),
    /Takes `true` or `false`\. Inherited\.\n/,
  )
  assert.match(
    text({ type: 'array', items: { type: 'string', kind: 'colour' } }),
    /Takes a list; each entry: a colour\./,
  )
  assert.match(
    text({ anyOf: [{ type: 'boolean' }, { type: 'string', kind: 'colour' }], examples: [['red', 1]] }),
    /Takes `true` or `false`, or a colour\. May be left out\.\n\nExample: `x: \[ red, 1 \]`\n$/,
  )
  const group = {
    type: 'object',
    properties: { y: { type: 'integer', minimum: 1, maximum: 9 } },
    required: ['y'],
  }
  assert.match(
    text({ type: 'array', items: { ...group, description: 'G.' } }),
    /Takes a list of groups\. May be left out\.\n\nG\.\n\n### x\[\]\.y\n\nTakes a whole number from 1 to 9\. Must be given\.\n$/,
  )
})

test('predefined ones differ by a row, and share a text', () => {
  const section = predefinedSection(
    new Map([
      ['A', { a: { b: 1 }, content: { list: [{ c: 'x|y' }], none: [] } }],
      ['B', { a: { b: 2 }, content: { list: [{ c: 'x|y' }], text: 'two\nlines\n' } }],
    ]),
    new Map([['P', { d: 'x|y' }]]),
  )
  assert.match(
    section,
    /\| setting \| `A` \| `B` \|\n\| --- \| --- \| --- \|\n\| `a\.b` \| `1` \| `2` \|\n\| `list` \| 1, below \| 1, below \|\n\| `none` \| `\[\]` \| {2}\|\n\| `text` \| {2}\| below \|\n/,
  )
  assert.match(section, /`list` of `A`, `B`:\n\n```yaml\nlist:\n {2}- \{ c: x\|y \}\n```\n/)
  assert.match(section, /`text` of `B`:\n\n```yaml\ntext: \|\n {2}two\n {2}lines\n```\n/)
  assert.match(section, /\| `d` \| `x\\\|y` \|/)
  assert.ok(predefinedActions.size >= 4)
})
