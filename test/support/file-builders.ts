/** Small builders of files for tests: zips, compound files, shortcuts and the like. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface Member {
  readonly name: string
  readonly content: string | Buffer
  readonly encrypted?: boolean
}

/** A zip with its members deflated. */
export function zip(...members: readonly Member[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, content, encrypted } of members) {
    const bytes = Buffer.from(content)
    const packed = deflateRawSync(bytes)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(encrypted === true ? 0x801 : 0x800, 2)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32(bytes), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(bytes.length, 18)
    fields.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(at, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), fields, rest, Buffer.from(name)]))
    locals.push(local)
    at += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, central, end])
}

export interface Stream {
  readonly name: string
  readonly content?: Buffer
  /** Hex; of the root alone. */
  readonly classId?: string
}

/** A compound file of 512-octet sectors: allocation table in sector 0, directory from 1, then the streams. */
export function ole(...streams: readonly Stream[]): Buffer {
  const root = streams.find(({ name }) => name === 'Root Entry') ?? { name: 'Root Entry' }
  const entries = [root, ...streams.filter((each) => each !== root)]
  const table: number[] = [0xfffffffd]
  const chainOf = (sectors: number): number => {
    const first = table.length
    for (let count = 1; count <= sectors; count += 1)
      table.push(count === sectors ? 0xfffffffe : table.length + 1)
    return first
  }
  const directory = Buffer.alloc(Math.ceil(entries.length / 4) * 512)
  chainOf(directory.length / 512)
  const data: Buffer[] = []
  for (const [index, { name, content, classId }] of entries.entries()) {
    const at = index * 128
    directory.write(name, at, 'utf16le')
    directory.writeUInt16LE((name.length + 1) * 2, at + 64)
    directory[at + 66] = index === 0 ? 5 : 2
    directory.write(classId ?? '', at + 80, 'hex')
    const sectors = Math.ceil((content?.length ?? 0) / 512)
    directory.writeUInt32LE(sectors === 0 ? 0xfffffffe : chainOf(sectors), at + 116)
    if (content !== undefined)
      data.push(Buffer.concat([content, Buffer.alloc(sectors * 512 - content.length)]))
  }
  const header = Buffer.alloc(512, 0xff)
  Buffer.from('D0CF11E0A1B11AE1', 'hex').copy(header)
  header.fill(0, 8, 76)
  header.writeUInt16LE(9, 30)
  header.writeUInt32LE(1, 44)
  header.writeUInt32LE(1, 48)
  header.writeUInt32LE(0xfffffffe, 68)
  header.writeUInt32LE(0, 76)
  const allocation = Buffer.alloc(512, 0xff)
  for (const [index, next] of table.entries()) allocation.writeUInt32LE(next, index * 4)
  return Buffer.concat([header, allocation, directory, ...data])
}

/** Zeros with something at a place. */
export function at(offset: number, bytes: string | Buffer, size = offset + bytes.length): Buffer {
  const all = Buffer.alloc(Math.max(size, offset + bytes.length))
  Buffer.from(bytes).copy(all, offset)
  return all
}

export const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex')

/** A PDF that has its header and its end, and `body` between. */
export const pdf = (body: string) => `%PDF-1.7\n%\xe2\xe3\xcf\xd3\n${body}\ntrailer <</Root 1 0 R>>\n%%EOF\n`
