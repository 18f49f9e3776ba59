/**
 * What a zip is: a plain one, a document of Office (OOXML) or OpenDocument, a Java archive, an app. The
 * names of its members say so, and the few small members that describe documents.
 */
import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import type { SniffFlag } from '../../ports.ts'
import { all, type Content, type Found, foundSoFar } from './found.ts'

/** Members whose names are read: large documents have hundreds. */
const mostMembers = 10_000
/** Descriptions read, and octets of each: relationships of documents are some kilobytes. */
const mostDescriptions = 100
const longestDescription = 256 * 1024

export async function byZip(content: Content): Promise<Found | undefined> {
  if (content.head.length < 4 || content.head.readUInt32BE(0) !== 0x504b0304) return undefined
  const locked = content.head.length > 6 && ((content.head[6] ?? 0) & 1) === 1
  if (content.whole === undefined)
    return foundSoFar(content, 'application/zip', ...(locked ? (['encrypted'] as const) : []))
  const seen = await look(content.whole)
  const flags = new Set<SniffFlag>(seen.flags)
  const macros = flags.has('macros')
  return { type: typeOf(seen, macros), flags: [...flags], needsWhole: false }
}

interface Seen {
  /** Lower case. */
  readonly names: ReadonlySet<string>
  readonly folders: ReadonlySet<string>
  /** Content of the member `mimetype`. */
  readonly mimetype: string
  readonly flags: readonly SniffFlag[]
}

/** Whatever of it can be read: a damaged zip is for the archive reader to report. */
async function look(whole: Buffer): Promise<Seen> {
  const names = new Set<string>()
  const folders = new Set<string>()
  const flags: SniffFlag[] = []
  let mimetype = ''
  let descriptions = 0
  let zip: ZipFile | undefined
  try {
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: false }
    zip = await fromBufferPromise(untilEnd(whole), options)
    let count = 0
    for await (const entry of zip.eachEntry()) {
      count += 1
      if (count > mostMembers) break
      const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry
      const name = getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false).toLowerCase()
      names.add(name)
      if (name.includes('/')) folders.add(name.slice(0, name.indexOf('/')))
      flags.push(...flagsOfMember(name, entry))
      if (!isDescription(name) || descriptions >= mostDescriptions) continue
      descriptions += 1
      const text = await readText(zip, entry)
      if (name === 'mimetype') mimetype = text.trim().toLowerCase()
      else flags.push(...flagsOfDescription(name, text))
    }
  } catch {
    // What was seen so far is what there is.
  } finally {
    zip?.close()
  }
  if (names.has('meta-inf/manifest.mf') || [...names].some((name) => name.endsWith('.class')))
    flags.push('executable')
  if (names.has('androidmanifest.xml') || names.has('appxmanifest.xml')) flags.push('executable')
  return { names, folders, mimetype, flags }
}

const isDescription = (name: string): boolean =>
  name === 'mimetype' || name === 'meta-inf/manifest.xml' || name.endsWith('.rels')

function flagsOfMember(name: string, entry: Entry): readonly SniffFlag[] {
  const flags: SniffFlag[] = []
  if (entry.isEncrypted()) flags.push('encrypted')
  if (/(^|\/)vbaproject[^/]*\.bin$/.test(name) || name.startsWith('xl/macrosheets/')) flags.push('macros')
  // OpenDocument keeps Basic in Basic/ and other languages in Scripts/.
  if (/^(basic|scripts)\/.+\/[^/]+\.(xml|xlb|py|js|bsh|java)$/.test(name) && !/script-l[bc]\.xml$/.test(name))
    flags.push('macros')
  if (/\/(embeddings|activex)\//.test(`/${name}`)) flags.push('embedded')
  return flags
}

/** Relationships that load from elsewhere when the document is opened, and OpenDocument's encryption. */
function flagsOfDescription(name: string, text: string): readonly SniffFlag[] {
  if (name === 'meta-inf/manifest.xml') return /<manifest:encryption-data\b/.test(text) ? ['encrypted'] : []
  for (const [tag] of text.matchAll(/<(?:\w{1,20}:)?Relationship\s[^<>]{0,4096}/g)) {
    const kind = /\bType\s*=\s*["'][^"']*\/(attachedTemplate|oleObject|frame|subDocument)["']/i.test(tag)
    const outside = /\bTargetMode\s*=\s*["']External["']/i.test(tag)
    const remote = /\bTarget\s*=\s*["']\s*(?:mhtml:|https?:|ftp:|\\\\|file:[\\/]{4,}|file:\/\/[^/\\])/i.test(
      tag,
    )
    if (kind && outside && remote) return ['template-remote']
  }
  return []
}

async function readText(zip: ZipFile, entry: Entry): Promise<string> {
  if (!entry.canDecodeFileData()) return ''
  const parts: Buffer[] = []
  let octets = 0
  try {
    const stream = await zip.openReadStreamPromise(entry)
    for await (const part of stream as AsyncIterable<Buffer>) {
      parts.push(part)
      octets += part.length
      if (octets >= longestDescription) break
    }
  } catch {
    // A broken member tells what it told until it broke.
  }
  const bytes = Buffer.concat(parts)
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe
  return bytes.toString(wide ? 'utf16le' : 'utf8')
}

/** Without what lies behind the end record: programs pass over it, the library refuses it. */
function untilEnd(whole: Buffer): Buffer {
  const at = whole.lastIndexOf('PK\x05\x06', whole.length - 22, 'latin1')
  return at < 0 ? whole : whole.subarray(0, at + 22 + whole.readUInt16LE(at + 20))
}

const office = 'application/vnd.openxmlformats-officedocument'

function typeOf({ names, folders, mimetype, flags }: Seen, macros: boolean): string {
  if (/^application\/(vnd\.oasis\.opendocument\.[\w.-]+|epub\+zip)$/.test(mimetype)) return mimetype
  if (names.has('[content_types].xml')) {
    if (names.has('appxmanifest.xml')) return 'application/appx'
    if (folders.has('word'))
      return macros
        ? 'application/vnd.ms-word.document.macroenabled.12'
        : `${office}.wordprocessingml.document`
    if (names.has('xl/workbook.bin')) return 'application/vnd.ms-excel.sheet.binary.macroenabled.12'
    if (folders.has('xl'))
      return macros ? 'application/vnd.ms-excel.sheet.macroenabled.12' : `${office}.spreadsheetml.sheet`
    if (folders.has('ppt'))
      return macros
        ? 'application/vnd.ms-powerpoint.presentation.macroenabled.12'
        : `${office}.presentationml.presentation`
    if (folders.has('visio')) return 'application/vnd.ms-visio.drawing'
  }
  if (names.has('androidmanifest.xml')) return 'application/vnd.android.package-archive'
  if (flags.includes('executable')) return 'application/java-archive'
  return 'application/zip'
}

/** Whether a zip stands at the end of other content, and reaches exactly to its end (APPNOTE 4.3.16). */
export function endsAsZip(content: Content): boolean {
  const bytes = all(content)
  const from = Math.max(0, bytes.length - 65_535 - 22)
  for (let at = bytes.length - 22; at >= from; at -= 1) {
    at = bytes.lastIndexOf('PK\x05\x06', at, 'latin1')
    if (at < from) return false
    if (at + 22 + bytes.readUInt16LE(at + 20) !== bytes.length) continue
    const directory = at - bytes.readUInt32LE(at + 12)
    if (directory >= 0 && bytes.toString('latin1', directory, directory + 4) === 'PK\x01\x02') return true
  }
  return false
}
