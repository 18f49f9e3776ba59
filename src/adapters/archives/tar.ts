/** tar: nothing in it is packed, so that its members are pieces of it. */
import { extract } from 'tar-stream'
import type { ArchiveFault, ArchiveListing, ArchiveMember } from '../../ports.ts'
import { type Budget, exceeded } from './limits.ts'
import { within } from './unpack.ts'

export async function openTar(bytes: Buffer, budget: Budget): Promise<ArchiveListing> {
  const members: ArchiveMember[] = []
  const faults: ArchiveFault[] = []
  // Also of before 1988, without a mark. The type of `extract` does not know its option.
  const options = { highWaterMark: 65_536, allowUnknownFormat: true }
  const reader = extract(options)
  const started = performance.now()
  reader.end(bytes)
  try {
    for await (const entry of reader) {
      const over = budget.spend(0) ?? (members.length >= budget.limits.members ? 'members' : undefined)
      if (over !== undefined || performance.now() - started > budget.remaining) {
        faults.push(exceeded(over ?? 'milliseconds', budget.limits))
        break
      }
      const parts: Buffer[] = []
      // Views of `bytes`, as it was written in one piece.
      for await (const part of entry as AsyncIterable<Buffer>) parts.push(part)
      const { name, size, type } = entry.header
      members.push({
        ...{
          name,
          size,
          packedSize: size,
          encrypted: false,
          directory: type === 'directory',
          method: 'store',
        },
        read: async (bound) =>
          within(parts.length === 1 ? (parts[0] ?? bytes) : Buffer.concat(parts), bound, budget),
      })
    }
  } catch (error) {
    faults.push({ kind: 'damaged', evidence: error instanceof Error ? error.message : String(error) })
  } finally {
    reader.destroy()
    budget.spend(performance.now() - started)
  }
  return { members, faults, close: () => {} }
}
