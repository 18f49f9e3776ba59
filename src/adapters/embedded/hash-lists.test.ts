import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readHashes } from './hash-file.ts'
import { HashLists } from './hash-lists.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

function place(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'postern-hashes-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return directory
}

test('hashes are read in either case, with comments, blank lines and CRLF', () => {
  const text = `# ours\r\n\r\n${sha256('a')}\r\n  ${sha256('b').toUpperCase()}  # a dropper\n${sha256('c')}`
  assert.deepEqual(readHashes('list', text), [sha256('a'), sha256('b'), sha256('c')])
})

test('a bad line is named with its file', () => {
  const hash = sha256('a')
  for (const line of [hash.slice(1), `${hash}0`, `${hash} x`, `g${hash.slice(1)}`, 'x'])
    assert.throws(
      () => readHashes('bad.txt', `${hash}\n# fine\n${line}\n`),
      /^Error: bad\.txt:3 is no SHA-256/,
      line,
    )
})

test('a list that cannot be used is a rejected opening', async (t) => {
  const directory = place(t)
  await assert.rejects(
    HashLists.open([join(directory, 'none')], () => 0),
    /cannot read .*none \(ENOENT\)/,
  )
  writeFileSync(join(directory, 'bad'), 'x\n')
  await assert.rejects(
    HashLists.open([join(directory, 'bad')], () => 0),
    /bad:1 is no SHA-256/,
  )
})

test('a changed list is in use a second later, a broken one stays as it was', async (t) => {
  const file = join(place(t), 'bad-hashes.txt')
  let now = 0
  writeFileSync(file, `${sha256('first')}\n`)
  const lists = await HashLists.open([file], () => now)
  assert.equal(lists.find(sha256('first')), 'bad-hashes.txt')
  assert.equal(lists.find(sha256('second')), undefined)

  writeFileSync(file, `${sha256('second')}\n`)
  utimesSync(file, 1, 1)
  now = 999
  await lists.refresh()
  assert.equal(lists.find(sha256('first')), 'bad-hashes.txt', 'it was looked at too early')
  now = 1000
  await lists.refresh()
  assert.equal(lists.find(sha256('first')), undefined)
  assert.equal(lists.find(sha256('second')), 'bad-hashes.txt')

  writeFileSync(file, 'oops\n')
  now = 2000
  await lists.refresh()
  assert.equal(lists.find(sha256('second')), 'bad-hashes.txt')
  assert.match(lists.fault ?? '', /bad-hashes\.txt:1 is no SHA-256/)

  writeFileSync(file, `${sha256('third')}\n`)
  now = 3000
  await lists.refresh()
  assert.equal(lists.find(sha256('third')), 'bad-hashes.txt')
  assert.equal(lists.fault, undefined)
})
