/** Stands in for the authority's thread in tests: dies, falls silent or answers, as the leaf's name says. */
import { existsSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { FromWorker, ToWorker } from '../../src/adapters/ca/messages.ts'

const { directory } = workerData as { directory: string }
const say = (message: FromWorker) => parentPort?.postMessage(message)
const facts = { authorityKeyId: '', certificateFile: '', notAfter: 0, created: false }
const changed = existsSync(`${directory}/changed`)

parentPort?.on('message', ({ id, leaf }: ToWorker) => {
  if (leaf.commonName === 'crash') throw new Error('as asked')
  if (leaf.commonName === 'change') {
    writeFileSync(`${directory}/changed`, '')
    process.exit(3)
  }
  if (leaf.commonName !== 'silence')
    say({ kind: 'issued', id, credentials: { chain: leaf.commonName, key: '', notAfter: 0 } })
})
if (existsSync(`${directory}/stillborn`)) throw new Error('as asked')
say({ kind: 'opened', facts: { ...facts, authority: changed ? 'another' : 'one' } })
