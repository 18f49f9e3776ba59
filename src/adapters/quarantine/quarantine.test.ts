/** Quarantine on a real disk: what is kept is whole, and what could not be kept leaves nothing. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import type { QuarantineNote } from '../../ports.ts'
import { openQuarantine } from './index.ts'

let directory = ''
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'postern-quarantine-')), 'quarantine')
})
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }))

const note: QuarantineNote = {
  ...{ event: 's1-2', from: 'a@example.test', subject: 'x', sha256: 'ab', reason: 'worm', at: 5 },
}

test('a copy is whole, private, and has its note beside it', async () => {
  const quarantine = openQuarantine(directory)
  await quarantine.keep([Buffer.from('Subject: x\r\n'), Buffer.from('\r\nbody\r\n')], note)
  assert.deepEqual(readdirSync(directory).sort(), ['ab.eml', 's1-2.json'])
  assert.equal(readFileSync(join(directory, 'ab.eml'), 'utf8'), 'Subject: x\r\n\r\nbody\r\n')
  assert.deepEqual(JSON.parse(readFileSync(join(directory, 's1-2.json'), 'utf8')), note)
  assert.equal(statSync(join(directory, 'ab.eml')).mode & 0o777, 0o600)
  assert.equal(statSync(directory).mode & 0o777, 0o700)
})

test('the same message, again and at the same time: one copy, a note for each', async () => {
  const quarantine = openQuarantine(directory)
  const keep = (event: string) =>
    quarantine.keep([Buffer.from('one '), Buffer.from('mail')], { ...note, event })
  await Promise.all(['s1-1', 's2-1', 's3-1'].map(keep))
  await keep('s4-1')
  const names = ['ab.eml', 's1-1.json', 's2-1.json', 's3-1.json', 's4-1.json']
  assert.deepEqual(readdirSync(directory).sort(), names)
  assert.equal(readFileSync(join(directory, 'ab.eml'), 'utf8'), 'one mail')
})

test('content that breaks off leaves nothing behind, and is an error', async () => {
  const quarantine = openQuarantine(directory)
  async function* broken() {
    yield await Promise.resolve(Buffer.from('half'))
    throw new Error('the spool is gone')
  }
  await assert.rejects(quarantine.keep(broken(), note), /the spool is gone/)
  assert.deepEqual(readdirSync(directory), [])
})

test('what a crash has left unfinished is cleared; what is whole stays', async () => {
  await openQuarantine(directory).keep([Buffer.from('whole')], note)
  writeFileSync(join(directory, 's1-3.eml.tmp'), 'half')
  openQuarantine(directory)
  assert.deepEqual(readdirSync(directory).sort(), ['ab.eml', 's1-2.json'])
})

test('no name leads out of the directory', async () => {
  await openQuarantine(directory).keep([Buffer.from('x')], {
    ...note,
    event: '../../etc/passwd',
    sha256: '../x',
  })
  assert.deepEqual(readdirSync(directory).sort(), ['______etc_passwd.json', '___x.eml'])
})

test('a directory that is gone is an error', async () => {
  const quarantine = openQuarantine(directory)
  rmSync(directory, { recursive: true })
  await assert.rejects(quarantine.keep([Buffer.from('x')], note), /ENOENT/)
})
