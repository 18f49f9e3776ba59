/** zip: listed and unpacked by yauzl; methods it does not know are left to 7-Zip. */
import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import type { ArchiveFault, ArchiveListing, ArchiveMember, MemberContent } from '../../ports.ts'
import { type Budget, exceeded } from './limits.ts'
import type { SevenZip } from './seven-zip.ts'
import { unpack } from './unpack.ts'
import { faultsOf, findWhole } from './zip-structure.ts'

/** APPNOTE 4.4.5, those that programs write. */
const methods: ReadonlyMap<number, string> = new Map([
  [0, 'store'],
  [8, 'deflate'],
  [9, 'deflate64'],
  [12, 'bzip2'],
  [14, 'lzma'],
  [93, 'zstd'],
  [95, 'xz'],
  [98, 'ppmd'],
  [99, 'aes'],
])
/** Names of members that cannot be encrypted in the usual way: flag 13 masks them (APPNOTE 7.3.4). */
const masked = 1 << 13

export async function openZip(all: Buffer, budget: Budget, sevenZip: SevenZip): Promise<ArchiveListing> {
  const whole = findWhole(all)
  if (whole === undefined) return failed({ kind: 'damaged', evidence: 'no end record' })
  const started = performance.now()
  const faults: ArchiveFault[] = [...whole.faults]
  const entries: Entry[] = []
  let zip: ZipFile | undefined
  try {
    zip = await fromBufferPromise(whole.bytes, {
      ...{ lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: false },
    })
    for await (const entry of zip.eachEntry()) {
      if (entries.length >= budget.limits.members) budget.exceed('members')
      const over =
        budget.over ?? (performance.now() - started > budget.remaining ? 'milliseconds' : undefined)
      if (over !== undefined) {
        budget.exceed(over)
        break
      }
      entries.push(entry)
    }
  } catch (error) {
    faults.push(faultOf(error instanceof Error ? error.message : String(error)))
  }
  budget.spend(performance.now() - started)
  if (budget.over !== undefined) faults.push(exceeded(budget.over, budget.limits))
  else {
    faults.push(...new Map([...faultsOf(whole, entries)].map((fault) => [fault.kind, fault])).values())
    const said = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
    if (said > budget.room)
      faults.push(exceeded(said > budget.limits.expandedBytes ? 'expandedBytes' : 'ratio', budget.limits))
    if (entries.some(({ generalPurposeBitFlag }) => (generalPurposeBitFlag & masked) !== 0))
      faults.push({ kind: 'encrypted', evidence: 'the names are masked' })
  }
  const reader = new ZipReader(whole.bytes, zip, budget, sevenZip)
  return { members: entries.map((entry) => reader.member(entry)), faults, close: () => reader.close() }
}

class ZipReader {
  readonly #bytes: Buffer
  readonly #budget: Budget
  readonly #sevenZip: SevenZip
  #zip: ZipFile | undefined
  #others: Promise<ArchiveListing> | undefined

  constructor(bytes: Buffer, zip: ZipFile | undefined, budget: Budget, sevenZip: SevenZip) {
    this.#bytes = bytes
    this.#zip = zip
    this.#budget = budget
    this.#sevenZip = sevenZip
  }

  member(entry: Entry): ArchiveMember {
    const name = nameOf(entry)
    return {
      name,
      size: entry.uncompressedSize,
      packedSize: entry.compressedSize,
      encrypted: entry.isEncrypted(),
      // Programs go by the slash; an entry with content is a file whatever its name.
      directory: /[/\\]$/.test(name) && entry.uncompressedSize === 0 && entry.compressedSize === 0,
      method: methods.get(entry.compressionMethod) ?? `method ${entry.compressionMethod}`,
      read: (bound) => this.#read(entry, name, bound),
    }
  }

  close(): void {
    this.#zip?.close()
    this.#zip = undefined
    void this.#others?.then((others) => others.close())
  }

  async #read(entry: Entry, name: string, bound: number): Promise<MemberContent> {
    const zip = this.#zip
    if (zip === undefined) return { kind: 'unreadable', evidence: 'the archive is closed' }
    if (entry.isEncrypted()) return { kind: 'encrypted' }
    if (this.#budget.over !== undefined) return { kind: 'limit-exceeded', limit: this.#budget.over }
    if (!entry.canDecodeFileData()) return this.#readOther(name, bound)
    try {
      return await unpack(await zip.openReadStreamPromise(entry), bound, this.#budget)
    } catch (error) {
      return { kind: 'damaged', evidence: error instanceof Error ? error.message : String(error) }
    }
  }

  /** A method that yauzl does not know. */
  async #readOther(name: string, bound: number): Promise<MemberContent> {
    this.#others ??= this.#sevenZip.open(this.#bytes, 'zip', this.#budget)
    const { members, faults } = await this.#others
    const same = members.filter((member) => member.name === name)
    const [member] = same
    if (member !== undefined && same.length === 1) return member.read(bound)
    return { kind: 'unreadable', evidence: faults[0]?.evidence ?? 'packed by an unknown method' }
  }
}

const failed = (fault: ArchiveFault): ArchiveListing => ({ members: [], faults: [fault], close: () => {} })

/** yauzl ends at the first entry of this kind and says no more than that. */
function faultOf(message: string): ArchiveFault {
  if (/strong encryption/.test(message)) return { kind: 'encrypted', evidence: message }
  if (/multi-disk/.test(message)) return { kind: 'unreadable', evidence: message }
  return { kind: 'damaged', evidence: message }
}

/** Without the mark for UTF-8 programs differ: old ones take CP437, those of macOS and Linux what is valid UTF-8. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  const utf8 = isUtf8(fileNameRaw) ? 0x800 : 0
  return getFileNameLowLevel(generalPurposeBitFlag | utf8, fileNameRaw, extraFields, true)
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
