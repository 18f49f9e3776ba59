/**
 * OLE compound files (MS-CFB), the format of .doc, .xls, .ppt, .msg and .msi: the directory is read, and
 * of workbooks the first sheet records, each within bounds.
 */
import type { SniffFlag } from '../../ports.ts'
import { type Content, type Found, foundSoFar } from './found.ts'

/** Directory entries read: ten thousand are more than any document has, and one message store. */
const mostEntries = 10_000
/** Octets read of a workbook's stream: its sheets are named near its start, behind styles and fonts. */
const mostOfWorkbook = 1024 * 1024
/** Records read of a workbook. */
const mostRecords = 20_000
const signature = Buffer.from('D0CF11E0A1B11AE1', 'hex')
const longestChain = 1 << 20
const endOfChain = 0xfffffffa

interface Entry {
  readonly name: string
  readonly kind: number
  readonly classId: string
  readonly first: number
}

export function byOle(content: Content): Found | undefined {
  const { head, whole } = content
  if (!head.subarray(0, 8).equals(signature)) return undefined
  if (whole === undefined) return foundSoFar(content, 'application/x-cfb')
  const file = readFile(whole)
  const entries = file === undefined ? [] : [...readDirectory(file)]
  const flags = new Set<SniffFlag>()
  // A damaged directory hides nothing: some programs repair it.
  if (entries.length === 0 && whole.includes(Buffer.from('_VBA_PROJECT', 'utf16le'))) flags.add('macros')
  for (const entry of entries) for (const flag of flagsOfName(entry.name)) flags.add(flag)
  const type = typeOf(entries)
  if (type === 'application/x-msi') flags.add('executable')
  const book = entries.find(({ name }) => name === 'Workbook' || name === 'Book')
  if (file !== undefined && book !== undefined)
    for (const flag of flagsOfWorkbook(readStream(file, book.first, mostOfWorkbook))) flags.add(flag)
  const document = entries.find(({ name }) => name === 'WordDocument')
  if (file !== undefined && document !== undefined && isEncryptedWord(readStream(file, document.first, 64)))
    flags.add('encrypted')
  return { type, flags: [...flags], needsWhole: false }
}

function flagsOfName(name: string): readonly SniffFlag[] {
  switch (name) {
    case '_VBA_PROJECT':
    case '_VBA_PROJECT_CUR':
    case 'VBA':
    case 'Macros':
      return ['macros']
    case 'EncryptedPackage':
    case 'EncryptedSummary':
      return ['encrypted']
    case '\x01Ole10Native':
    case 'Package':
    case 'ObjectPool':
      return ['embedded']
    default:
      return []
  }
}

/** The classes of Windows Installer's packages, patches and transforms. */
const installers = new Set(
  ['84100c00', '86100c00', '82100c00'].map((start) => `${start}00000000c000000000000046`),
)

function typeOf(entries: readonly Entry[]): string {
  const names = new Set(entries.map(({ name }) => name))
  if (entries.some(({ kind, classId }) => kind === 5 && installers.has(classId))) return 'application/x-msi'
  if (names.has('__properties_version1.0')) return 'application/vnd.ms-outlook'
  if (names.has('EncryptedPackage')) return 'application/x-cfb'
  if (names.has('WordDocument')) return 'application/msword'
  if (names.has('Workbook') || names.has('Book')) return 'application/vnd.ms-excel'
  if (names.has('PowerPoint Document')) return 'application/vnd.ms-powerpoint'
  if (names.has('VisioDocument')) return 'application/vnd.visio'
  if (names.has('Quill')) return 'application/vnd.ms-publisher'
  return 'application/x-cfb'
}

interface CompoundFile {
  readonly bytes: Buffer
  readonly sectorSize: number
  /** Sectors of the allocation table, in order. */
  readonly table: readonly number[]
  readonly directory: number
}

/** The header, MS-CFB 2.2. `undefined` when it makes no sense. */
function readFile(bytes: Buffer): CompoundFile | undefined {
  if (bytes.length < 512) return undefined
  const shift = bytes.readUInt16LE(30)
  if (shift !== 9 && shift !== 12) return undefined
  const sectorSize = 1 << shift
  const table: number[] = []
  for (let at = 76; at < 512; at += 4) table.push(bytes.readUInt32LE(at))
  // The rest of the list in sectors of its own, each ending with the number of the next.
  let next = bytes.readUInt32LE(68)
  const seen = new Set<number>()
  while (next < endOfChain && !seen.has(next)) {
    seen.add(next)
    const sector = sectorOf(bytes, sectorSize, next)
    if (sector === undefined) break
    for (let at = 0; at < sectorSize - 4; at += 4) table.push(sector.readUInt32LE(at))
    next = sector.readUInt32LE(sectorSize - 4)
  }
  return { bytes, sectorSize, table, directory: bytes.readUInt32LE(48) }
}

/** A whole sector; `undefined` when the file is too short for it. The last may be cut short and is filled up. */
function sectorOf(bytes: Buffer, size: number, number: number): Buffer | undefined {
  const at = (number + 1) * size
  if (at >= bytes.length) return undefined
  const sector = bytes.subarray(at, at + size)
  return sector.length === size ? sector : Buffer.concat([sector, Buffer.alloc(size - sector.length)])
}

/** The sectors of a chain, each once: a chain that runs in a circle ends. */
function* chain(file: CompoundFile, first: number): Generator<Buffer> {
  const perSector = file.sectorSize / 4
  const seen = new Set<number>()
  let number = first
  while (number < endOfChain && !seen.has(number) && seen.size < longestChain) {
    seen.add(number)
    const sector = sectorOf(file.bytes, file.sectorSize, number)
    if (sector === undefined) return
    yield sector
    const holder = file.table[Math.floor(number / perSector)]
    const entries = holder === undefined ? undefined : sectorOf(file.bytes, file.sectorSize, holder)
    if (entries === undefined) return
    number = entries.readUInt32LE((number % perSector) * 4)
  }
}

function* readDirectory(file: CompoundFile): Generator<Entry> {
  let count = 0
  for (const sector of chain(file, file.directory))
    for (let at = 0; at + 128 <= sector.length; at += 128) {
      count += 1
      if (count > mostEntries) return
      const length = Math.min(sector.readUInt16LE(at + 64), 64)
      const kind = sector[at + 66] ?? 0
      if (kind === 0 || length < 2) continue
      yield {
        name: sector.toString('utf16le', at, at + length - 2),
        kind,
        classId: sector.toString('hex', at + 80, at + 96),
        first: sector.readUInt32LE(at + 116),
      }
    }
}

function readStream(file: CompoundFile, first: number, most: number): Buffer {
  const parts: Buffer[] = []
  let octets = 0
  for (const sector of chain(file, first)) {
    parts.push(sector)
    octets += sector.length
    if (octets >= most) break
  }
  return Buffer.concat(parts)
}

/** The records of MS-XLS: FILEPASS says that it is encrypted, BOUNDSHEET that a sheet is one of macros. */
function* flagsOfWorkbook(stream: Buffer): Generator<SniffFlag> {
  let at = 0
  for (let count = 0; count < mostRecords && at + 4 <= stream.length; count += 1) {
    const record = stream.readUInt16LE(at)
    const length = stream.readUInt16LE(at + 2)
    if (record === 0x2f) yield 'encrypted'
    if (record === 0x85 && (stream[at + 9] === 1 || stream[at + 9] === 6)) yield 'macros'
    if (record === 0x0a || length > 8224) return
    at += 4 + length
  }
}

/** The bit fEncrypted of the file information block, MS-DOC 2.5.2. */
function isEncryptedWord(stream: Buffer): boolean {
  return stream.length >= 12 && stream.readUInt16LE(0) === 0xa5ec && (stream.readUInt16LE(10) & 0x0100) !== 0
}
