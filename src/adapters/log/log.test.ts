/** The log as a reader gets it: lines of JSON, whatever a stranger put into a field. */
import assert from 'node:assert/strict'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { EventRecord } from '../../events/index.ts'
import { type Describe, openLog } from './index.ts'

const severities = new Map([
  ['gateway.stopped', 'notice'],
  ['connection.refused', 'warning'],
  ['internal.fault', 'error'],
] as const)
const describe: Describe = (code) => ({
  severity: new Map<string, ReturnType<Describe>['severity']>(severities).get(code) ?? 'info',
  sentence: `A sentence about ${code}.`,
})

async function logged(...records: readonly EventRecord[]): Promise<Record<string, unknown>[]> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-log-'))
  const file = join(directory, 'log')
  try {
    const log = openLog(describe, openSync(file, 'w'))
    for (const record of records) log.record(record)
    await log.end()
    const lines = readFileSync(file, 'utf8').split('\n')
    assert.equal(lines.pop(), '')
    return lines.map(read)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

test('a record has time, severity, code, its fields and the sentence', async () => {
  const [line] = await logged({ code: 'gateway.stopped', reason: 'TERM' })
  const { time, ...rest } = line ?? {}
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.deepEqual(rest, {
    severity: 'notice',
    code: 'gateway.stopped',
    reason: 'TERM',
    message: 'A sentence about gateway.stopped.',
  })
})

test('every severity of the catalogue can be written', async () => {
  const [warning, error, info] = await logged(
    { code: 'connection.refused', session: 's', client: 'c', listener: 'l', reason: 'r' },
    { code: 'internal.fault', reason: 'r' },
    { code: 'login', session: 's', user: 'ann', mechanism: 'USER', result: 'ok' },
  )
  assert.deepEqual([warning?.severity, error?.severity, info?.severity], ['warning', 'error', 'info'])
})

test('what a stranger sends cannot end a line or colour a terminal', async () => {
  const user = 'ann\r\n{"code":"forged"}\u001b[31m'
  const lines = await logged({ code: 'login', session: 's', user, mechanism: 'USER', result: 'failed' })
  assert.equal(lines.length, 1)
  assert.equal(lines[0]?.user, user)
})

function read(line: string): Record<string, unknown> {
  const value: unknown = JSON.parse(line)
  assert.ok(typeof value === 'object' && value !== null)
  return { ...value }
}
