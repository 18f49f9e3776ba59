/**
 * A writer for small ZIP archives (PKWARE APPNOTE 6.3.x), because a sample mail needs one and
 * nothing else does. The same members give the same bytes: there are no times in it.
 */
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipMember {
  /** ASCII, with `/` between folders. */
  readonly name: string
  readonly content: Uint8Array
  readonly method: 'stored' | 'deflated'
}

/** APPNOTE §4.3.6: local headers with their data, the central directory, its end record. */
export function zip(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const member of members) {
    const { common, data } = describe(member)
    const name = Buffer.from(member.name, 'ascii')
    const local = Buffer.concat([LOCAL_HEADER, common, name, data])
    parts.push(local)
    directory.push(centralHeader(common, name, offset))
    offset += local.length
  }
  const central = Buffer.concat(directory)
  return Buffer.concat([...parts, central, endRecord(members.length, central.length, offset)])
}

const LOCAL_HEADER = Buffer.from('PK\x03\x04', 'latin1')
/** 1980-01-01, the first day that MS-DOS knows. */
const DOS_DATE = 0x0021
const VERSION_NEEDED = 20

/** The 26 octets that the local and the central header share (APPNOTE §4.3.7). */
function describe(member: ZipMember): { readonly common: Buffer; readonly data: Buffer } {
  const data = member.method === 'stored' ? Buffer.from(member.content) : deflateRawSync(member.content)
  const common = Buffer.alloc(26)
  common.writeUInt16LE(VERSION_NEEDED, 0)
  common.writeUInt16LE(member.method === 'stored' ? 0 : 8, 4)
  common.writeUInt16LE(DOS_DATE, 8)
  common.writeUInt32LE(crc32(member.content), 10)
  common.writeUInt32LE(data.length, 14)
  common.writeUInt32LE(member.content.length, 18)
  common.writeUInt16LE(member.name.length, 22)
  return { common, data }
}

/** APPNOTE §4.3.12. */
function centralHeader(common: Buffer, name: Buffer, offset: number): Buffer {
  const head = Buffer.from('PK\x01\x02\x14\x00', 'latin1')
  const tail = Buffer.alloc(14)
  tail.writeUInt32LE(offset, 10)
  return Buffer.concat([head, common, tail, name])
}

/** APPNOTE §4.3.16. */
function endRecord(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return end
}
