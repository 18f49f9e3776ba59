/** gzip and zstd: one content, whose name gzip may say. */

import { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import type { ArchiveFault, ArchiveListing, MemberContent } from '../../ports.ts'
import type { Budget } from './limits.ts'
import { unpack } from './unpack.ts'
import { zstdFrames } from './zstd-frames.ts'

export function openGzip(bytes: Buffer, budget: Budget): ArchiveListing {
  return single(gzipName(bytes), bytes.length, 'deflate', [], (bound) =>
    unpack(Readable.from([bytes], { objectMode: false }).pipe(createGunzip()), bound, budget),
  )
}

export function openZstd(bytes: Buffer, budget: Budget): ArchiveListing {
  const frames = zstdFrames(bytes)
  const faults: readonly ArchiveFault[] =
    frames === undefined || frames.length === 0
      ? [{ kind: 'damaged', evidence: 'no frame, or one that is cut short' }]
      : []
  return single('', bytes.length, 'zstd', faults, async (bound) => {
    const parts: Uint8Array[] = []
    let left = bound
    // The library stops behind the first frame; programs go on.
    for (const frame of frames ?? [bytes]) {
      const content = await unpack(
        Readable.from([frame], { objectMode: false }).pipe(createZstdDecompress()),
        left,
        budget,
      )
      if (content.kind !== 'content') return content
      left -= content.bytes.length
      parts.push(content.bytes)
    }
    return { kind: 'content', bytes: Buffer.concat(parts) }
  })
}

function single(
  name: string,
  packedSize: number,
  method: string,
  faults: readonly ArchiveFault[],
  read: (bound: number) => Promise<MemberContent>,
): ArchiveListing {
  const member = { name, size: undefined, packedSize, encrypted: false, directory: false, method, read }
  return { members: [member], faults, close: () => {} }
}

/** The field FNAME, which ends with a zero (RFC 1952 §2.3.1); empty when there is none. */
function gzipName(bytes: Buffer): string {
  const flags = bytes[3] ?? 0
  if ((flags & 8) === 0) return ''
  const start = 10 + ((flags & 4) === 0 || bytes.length < 12 ? 0 : 2 + bytes.readUInt16LE(10))
  const end = bytes.indexOf(0, start)
  // RFC 1952 says Latin-1; programs write UTF-8.
  return end < 0 ? '' : bytes.toString('utf8', start, end)
}
