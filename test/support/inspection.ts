/** An examination as the gateway makes it, with the adapters that need no other program. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openArchives } from '../../src/adapters/archives/index.ts'
import { openEmbedded } from '../../src/adapters/embedded/index.ts'
import { openLocker } from '../../src/adapters/lock/index.ts'
import { sniffer } from '../../src/adapters/sniff/index.ts'
import { openSpools } from '../../src/adapters/spool/index.ts'
import { Examination, type Findings, type InspectServices } from '../../src/inspect/index.ts'

const directory = mkdtempSync(join(tmpdir(), 'postern-inspection-'))

export const services: InspectServices = {
  spools: openSpools({ directory, memory: 1_048_576 }),
  sniffer,
  archives: openArchives(),
  locker: await openLocker(directory),
  clock: { now: () => Date.now(), monotonic: () => performance.now() },
}
export const embedded = await openEmbedded({ hashes: [], yara: [] })

/** What is found in a message that comes in chunks of one size, in memory that is spoiled after each. */
export async function sampled(
  message: Uint8Array,
  scope: 'message' | 'headers' = 'message',
  chunk = 16_384,
): Promise<Findings> {
  const examination = new Examination(services, { ofParts: [embedded], ofMessages: [] }, scope)
  const shared = Buffer.alloc(chunk)
  for (let at = 0; at < message.length; at += chunk) {
    const piece = message.subarray(at, at + chunk)
    shared.set(piece)
    if (!examination.write(shared.subarray(0, piece.length))) await examination.drained()
    shared.fill(0x2d)
  }
  try {
    return await examination.finish()
  } finally {
    examination.discard()
  }
}
