import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder } from '../../test/support/cli.ts'
import { formatProblem } from '../config/index.ts'
import { findConfiguration, loadSnapshot } from './load.ts'

const sound = 'version: 1\npolicies:\n  - { name: A, upstream: mail.example }\n'
const problems = (path: string, folder: string) => {
  const loaded = loadSnapshot(path, folder)
  return loaded.ok ? [] : loaded.problems.map(formatProblem)
}

test('the file that is named is used, there or not; else the first usual place that is there', (t) => {
  const folder = makeFolder(t)
  assert.equal(findConfiguration('x.yaml', folder), 'x.yaml')
  assert.equal(findConfiguration(undefined, folder), undefined)
  writeFileSync(join(folder, 'postern.yaml'), '')
  assert.equal(findConfiguration(undefined, folder), './postern.yaml')
  assert.equal(findConfiguration('x.yaml', folder), 'x.yaml')
})

test('relative paths in the file start at its own folder, not where the command was given', (t) => {
  const folder = makeFolder(t)
  mkdirSync(join(folder, 'inner'))
  writeFileSync(join(folder, 'inner', 'x.yaml'), sound)
  const loaded = loadSnapshot('inner/x.yaml', folder)
  assert.ok(loaded.ok)
  assert.equal(loaded.snapshot.dataDirectory, join(folder, 'inner', 'data'))
  assert.equal(loaded.snapshot.file, 'inner/x.yaml')
  assert.ok(loadSnapshot(join(folder, 'inner', 'x.yaml'), '/').ok)
})

test('what cannot be read is said with its name as given', (t) => {
  const folder = makeFolder(t, { 'latin1.yaml': '', file: '' })
  writeFileSync(join(folder, 'latin1.yaml'), Buffer.from('# M\xFCnchen\n', 'latin1'))
  assert.deepEqual(problems('gone.yaml', folder), ['gone.yaml: cannot be read: there is no such file'])
  assert.deepEqual(problems('.', folder), ['.: cannot be read: it is a directory'])
  assert.deepEqual(problems('file/x', folder), ['file/x: cannot be read: a part of its path is no directory'])
  assert.deepEqual(problems('latin1.yaml', folder), ['latin1.yaml: is not UTF-8 text'])
  assert.deepEqual(problems('a\0b', folder).length, 1)
})

test('the mark that some editors put before UTF-8 text is no part of it', (t) => {
  const folder = makeFolder(t, { 'x.yaml': `\uFEFF${sound}` })
  assert.ok(loadSnapshot('x.yaml', folder).ok)
})

test('problems of the text and of files that it names are told together, in the order of the file', (t) => {
  const text = `${sound.replace(' }', ', idleTimeout: 1m }')}certificates: { trusted: [gone.pem] }\ndataDirectory: file\n`
  const folder = makeFolder(t, { 'x.yaml': text, file: '' })
  assert.deepEqual(
    problems('x.yaml', folder).map((line) => line.replace(/^(x\.yaml:\d+):\d+ (\S+): .*$/, '$1 $2')),
    ['x.yaml:3 policies[0].idleTimeout', 'x.yaml:4 certificates.trusted[0]', 'x.yaml:5 dataDirectory'],
  )
})
