/** Looks into archives: zip, gzip, zstd and tar in this process, all others through 7-Zip in a thread. */
import type { ArchiveFault, ArchiveLimits, ArchiveListing, ArchiveReader } from '../../ports.ts'
import { type Format, formatOf } from './formats.ts'
import { Budget, defaultLimits } from './limits.ts'
import { SevenZip } from './seven-zip.ts'
import { openGzip, openZstd } from './single.ts'
import { openTar } from './tar.ts'
import { openZip } from './zip.ts'

export { defaultLimits } from './limits.ts'

/**
 * @param limits what differs from the defaults of limits.ts, for every archive
 * @param script the program of 7-Zip's thread
 */
export function openArchives(limits: Partial<ArchiveLimits> = {}, script = ownScript()): ArchiveReader {
  const sevenZip = new SevenZip(script)
  return {
    reads: (type) => formatOf(type) !== undefined,
    open: async (bytes, type, own = {}) => {
      const format = formatOf(type)
      const budget = new Budget({ ...defaultLimits, ...limits, ...own }, bytes.length)
      const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      try {
        return await openAs(format, view, budget, sevenZip)
      } catch (error) {
        return only({ kind: 'damaged', evidence: error instanceof Error ? error.message : String(error) })
      }
    },
  }
}

function ownScript(): URL {
  const script = import.meta.url.endsWith('.ts') ? './seven-zip-worker.ts' : './seven-zip-worker.js'
  return new URL(script, import.meta.url)
}

async function openAs(
  format: Format | undefined,
  bytes: Buffer,
  budget: Budget,
  sevenZip: SevenZip,
): Promise<ArchiveListing> {
  if (format === undefined) return only({ kind: 'unreadable', evidence: 'not an archive that is known here' })
  switch (format.by) {
    case 'zip':
      return openZip(bytes, budget, sevenZip)
    case 'gzip':
      return openGzip(bytes, budget)
    case 'zstd':
      return openZstd(bytes, budget)
    case 'tar':
      return openTar(bytes, budget)
    case '7z':
      return sevenZip.open(bytes, variant(format.name, bytes), budget, format.single)
    case 'nobody':
      return only({ kind: 'unreadable', evidence: `nothing here opens ${format.name}` })
    default:
      return format satisfies never
  }
}

/** 7-Zip has two names where people have one: RAR 5, and disk images that also have the newer file system. */
function variant(name: string, bytes: Buffer): string {
  if (name === 'rar' && bytes[6] === 1) return 'rar5'
  if (name === 'iso' && bytes.subarray(0x8000, 0x8000 + 32 * 2048).includes('NSR0')) return 'udf'
  return name
}

const only = (fault: ArchiveFault): ArchiveListing => ({ members: [], faults: [fault], close: () => {} })
