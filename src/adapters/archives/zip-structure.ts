/**
 * How the pieces of a zip lie in it (PKWARE APPNOTE 4.3): where it begins and ends, whether members
 * share octets, and whether there are members that the directory does not name, or names otherwise.
 */
import type { Entry } from 'yauzl'
import type { ArchiveFault } from '../../ports.ts'

const endMark = Buffer.from('PK\x05\x06', 'latin1')
const directoryMark = Buffer.from('PK\x01\x02', 'latin1')
const localMark = Buffer.from('PK\x03\x04', 'latin1')
const endLength = 22
const localLength = 30
/** Stands for a number in a field of 64 bits elsewhere. */
const elsewhere = 0xffffffff

/** The zip itself, without what stands before and behind it in the bytes: programs pass over both. */
export interface Whole {
  readonly bytes: Buffer
  /** Octets of the directory as the end record says; `undefined`: in 64 bits elsewhere. */
  readonly directorySize: number | undefined
  /** Where the data of members ends at the latest. */
  readonly dataEnd: number
  readonly faults: readonly ArchiveFault[]
}

/** `undefined`: no end record. */
export function findWhole(all: Buffer): Whole | undefined {
  const at = all.lastIndexOf(endMark, all.length - endLength)
  if (at < 0 || all.length < endLength) return undefined
  const end = Math.min(all.length, at + endLength + all.readUInt16LE(at + 20))
  const size = all.readUInt32LE(at + 12)
  const offset = all.readUInt32LE(at + 16)
  const in64 = size === elsewhere || offset === elsewhere
  // Offsets count from the zip's own start, so that what stands before it shows.
  const moved = !in64 && !startsAt(all, offset, directoryMark) && startsAt(all, at - size, directoryMark)
  const start = moved ? Math.max(0, at - size - offset) : 0
  const faults: ArchiveFault[] = [...hidden(all, 0, start)]
  const other = all.indexOf(endMark)
  if (other >= 0 && other < at && isEndRecord(all, other))
    faults.push({ kind: 'ambiguous', evidence: `a second end record at octet ${other}` })
  return {
    bytes: all.subarray(start, end),
    directorySize: in64 ? undefined : size,
    dataEnd: Math.max(0, at - start - (in64 ? 0 : size)),
    faults,
  }
}

/** Whether a directory stands where an end record says, counted from the start or back from it. */
function isEndRecord(all: Buffer, at: number): boolean {
  if (at + endLength > all.length) return false
  const size = all.readUInt32LE(at + 12)
  return (
    size > 0 &&
    (startsAt(all, at - size, directoryMark) || startsAt(all, all.readUInt32LE(at + 16), directoryMark))
  )
}

/** What is wrong with how the members lie. `entries` in the order of the directory. */
export function* faultsOf(
  { bytes, directorySize, dataEnd }: Whole,
  entries: readonly Entry[],
): Generator<ArchiveFault> {
  const listed = entries.reduce(
    (sum, { fileNameLength, extraFieldLength, fileCommentLength }) =>
      sum + 46 + fileNameLength + extraFieldLength + fileCommentLength,
    0,
  )
  if (directorySize !== undefined && directorySize !== listed)
    yield {
      kind: 'ambiguous',
      evidence: `a directory of ${directorySize} octets, of which ${listed} are counted`,
    }
  const pieces = entries.map((entry) => pieceOf(bytes, entry)).sort((a, b) => a.start - b.start)
  let reached = 0
  for (const { start, end, entry, differs } of pieces) {
    if (start < reached) yield { kind: 'overlapping', evidence: `octet ${start} belongs to two members` }
    else yield* hidden(bytes, reached, start)
    if (differs !== undefined)
      yield {
        kind: 'ambiguous',
        evidence: `the ${differs} of member ${entry.fileNameRaw.toString('latin1').slice(0, 100)} is said twice, differently`,
      }
    reached = Math.max(reached, end)
  }
  yield* hidden(bytes, reached, dataEnd)
}

interface Piece {
  readonly start: number
  readonly end: number
  readonly entry: Entry
  /** What the header before the data says otherwise than the directory. */
  readonly differs: string | undefined
}

function pieceOf(bytes: Buffer, entry: Entry): Piece {
  const start = entry.relativeOffsetOfLocalHeader
  if (!startsAt(bytes, start, localMark) || start + localLength > bytes.length)
    return { start, end: start, entry, differs: 'place' }
  const nameLength = bytes.readUInt16LE(start + 26)
  const nameStart = start + localLength
  const dataStart = nameStart + nameLength + bytes.readUInt16LE(start + 28)
  return {
    start,
    end: dataStart + entry.compressedSize,
    entry,
    differs: difference(bytes, start, entry, bytes.subarray(nameStart, nameStart + nameLength)),
  }
}

function difference(bytes: Buffer, start: number, entry: Entry, name: Buffer): string | undefined {
  const flags = bytes.readUInt16LE(start + 6)
  if (!name.equals(entry.fileNameRaw)) return 'name'
  if (bytes.readUInt16LE(start + 8) !== entry.compressionMethod) return 'method'
  if ((flags & 1) !== (entry.generalPurposeBitFlag & 1)) return 'encryption'
  // Bit 3: sizes stand behind the data.
  const size = bytes.readUInt32LE(start + 18)
  if ((flags & 8) === 0 && size !== elsewhere && size !== entry.compressedSize) return 'size'
  return undefined
}

/** A header of a member between two others, where only a descriptor or padding may be. */
function* hidden(bytes: Buffer, from: number, to: number): Generator<ArchiveFault> {
  const gap = bytes.subarray(from, Math.max(from, to))
  for (let at = gap.indexOf(localMark); at >= 0; at = gap.indexOf(localMark, at + 1)) {
    if (at + localLength > gap.length) return
    const named = gap.readUInt16LE(at + 26)
    // In a program that unpacks itself the four octets may stand by chance.
    const likely =
      gap.readUInt16LE(at + 4) < 100 && named > 0 && named < 1024 && gap.readUInt16LE(at + 8) < 100
    if (!likely) continue
    yield { kind: 'ambiguous', evidence: `a member at octet ${from + at} that the directory does not name` }
    return
  }
}

function startsAt(bytes: Buffer, at: number, mark: Buffer): boolean {
  return at >= 0 && bytes.subarray(at, at + mark.length).equals(mark)
}
