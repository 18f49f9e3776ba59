import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventRecord } from '../events/index.ts'
import type { Scanner, ScanResult } from '../ports.ts'
import { watchedScanner } from './watched-scanner.ts'

test('a change of health is told once, whatever the answers in between', async () => {
  const answers: ScanResult[] = []
  const scanner: Scanner = {
    name: 'clamav',
    start: () => ({
      write: () => true,
      drained: () => Promise.resolve(),
      finish: () => Promise.resolve(answers.shift() ?? assert.fail()),
      abandon: () => {},
    }),
    health: () => ({ state: 'up', version: 'ClamAV 1.4' }),
    close: () => {},
  }
  const told: EventRecord[] = []
  const watched = watchedScanner(scanner, { record: (event) => void told.push(event) })
  const fault: ScanResult = { kind: 'error', blame: 'scanner', reason: 'refused', temporary: true }
  answers.push({ kind: 'clean' }, fault, fault, { kind: 'infected', virus: 'x' }, { kind: 'clean' })
  while (answers.length > 0) await watched.start({ subject: 'message' }).finish()
  assert.deepEqual(told, [
    { code: 'scanner.failed', scanner: 'clamav', reason: 'refused' },
    { code: 'scanner.recovered', scanner: 'clamav', version: 'ClamAV 1.4' },
  ])
})
