/** Makes archives for tests: those that 7-Zip writes, and small ones of formats that nothing here writes. */
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'

export interface Packed {
  readonly name: string
  readonly content: string | Buffer
}

interface SevenZipProgram {
  readonly FS: {
    mkdir(path: string): void
    writeFile(path: string, data: Uint8Array): void
    readFile(path: string): Uint8Array
  }
  callMain(words: string[]): void
}

type Load = (options: {
  wasmBinary: Uint8Array
  print(): void
  printErr(line: string): void
}) => Promise<SevenZipProgram>

/**
 * What 7-Zip makes of the files.
 *
 * @param format as 7-Zip calls it: 7z, zip, xz, bzip2, wim ...
 * @param switches more of its command line, such as `-psecret`
 */
export async function sevenZip(
  format: string,
  files: readonly Packed[],
  ...switches: string[]
): Promise<Buffer> {
  const library: unknown = await import('7z-wasm')
  if (!hasFactory(library)) throw new Error('7z-wasm has no program')
  const complaints: string[] = []
  const program = await library.default({
    wasmBinary: readFileSync(new URL(import.meta.resolve('7z-wasm/7zz.wasm'))),
    print: () => {},
    printErr: (line) => void complaints.push(line),
  })
  program.FS.mkdir('/in')
  const made = new Set<string>()
  for (const { name, content } of files) {
    const folders = name.split('/').slice(0, -1)
    for (const [index] of folders.entries()) {
      const folder = `/in/${folders.slice(0, index + 1).join('/')}`
      if (!made.has(folder)) program.FS.mkdir(folder)
      made.add(folder)
    }
    program.FS.writeFile(`/in/${name}`, Buffer.from(content))
  }
  program.callMain(['a', `-t${format}`, ...switches, '/archive', '-r', '/in/*'])
  try {
    return Buffer.from(program.FS.readFile('/archive'))
  } catch {
    const extension = format === 'bzip2' ? 'bz2' : format
    try {
      return Buffer.from(program.FS.readFile(`/archive.${extension}`))
    } catch (error) {
      throw new Error(`7-Zip made nothing: ${complaints.join(' ')}`, { cause: error })
    }
  }
}

function hasFactory(library: unknown): library is { default: Load } {
  return (
    typeof library === 'object' &&
    library !== null &&
    'default' in library &&
    typeof library.default === 'function'
  )
}

/** A tar; a name that ends with a slash is a folder. */
export function tar(...files: readonly Packed[]): Promise<Buffer> {
  const writer = pack()
  for (const { name, content } of files)
    if (name.endsWith('/')) writer.entry({ name, type: 'directory' })
    else writer.entry({ name }, Buffer.from(content))
  writer.finalize()
  return buffer(Readable.from(writer))
}

/** A cabinet with one folder, not packed (MS-CAB 2). */
export function cab(...files: readonly Packed[]): Buffer {
  const data = Buffer.concat(files.map(({ content }) => Buffer.from(content)))
  let offset = 0
  const entries = files.map(({ name, content }) => {
    const entry = Buffer.alloc(16)
    entry.writeUInt32LE(Buffer.byteLength(content), 0)
    entry.writeUInt32LE(offset, 4)
    offset += Buffer.byteLength(content)
    return Buffer.concat([entry, Buffer.from(`${name}\0`)])
  })
  const list = Buffer.concat(entries)
  const header = Buffer.alloc(36)
  header.write('MSCF', 'latin1')
  const total = 36 + 8 + list.length + 8 + data.length
  header.writeUInt32LE(total, 8)
  header.writeUInt32LE(44, 16)
  header.writeUInt16LE(0x0103, 24)
  header.writeUInt16LE(1, 26)
  header.writeUInt16LE(files.length, 28)
  const folder = Buffer.alloc(8)
  folder.writeUInt32LE(44 + list.length, 0)
  folder.writeUInt16LE(1, 4)
  // No checksum: zero is not checked.
  const block = Buffer.alloc(8)
  block.writeUInt16LE(data.length, 4)
  block.writeUInt16LE(data.length, 6)
  return Buffer.concat([header, folder, list, block, data])
}

/** An LHA archive, level 0, not packed. */
export function lzh(...files: readonly Packed[]): Buffer {
  const members = files.map(({ name, content }) => {
    const data = Buffer.from(content)
    const fields = Buffer.alloc(20)
    fields.write('-lh0-', 'latin1')
    fields.writeUInt32LE(data.length, 5)
    fields.writeUInt32LE(data.length, 9)
    fields[17] = 0x20
    fields[19] = name.length
    const checksum = Buffer.alloc(2)
    checksum.writeUInt16LE(crc16(data))
    const rest = Buffer.concat([fields, Buffer.from(name), checksum])
    const sum = rest.reduce((total, octet) => (total + octet) & 255, 0)
    return Buffer.concat([Buffer.from([rest.length, sum]), rest, data])
  })
  return Buffer.concat([...members, Buffer.alloc(1)])
}

function crc16(data: Buffer): number {
  let crc = 0
  for (const octet of data) {
    crc ^= octet
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >> 1 : (crc >> 1) ^ 0xa001
  }
  return crc
}
