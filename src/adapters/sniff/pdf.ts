/** PDF: what it does when it is opened, also where that is written in compressed objects. */
import { inflateSync } from 'node:zlib'
import type { SniffFlag } from '../../ports.ts'
import { all, type Content, type Found, foundSoFar } from './found.ts'

/** Readers accept the header within the first 1,024 octets (PDF 1.7, implementation note 13). */
const headerWithin = 1024
/** Streams of objects that are unpacked, octets of each and of all: a large document has some hundred. */
const mostStreams = 1000
const longestStream = 1024 * 1024
const mostUnpacked = 16 * 1024 * 1024

const names: readonly [name: RegExp, flag: SniffFlag][] = [
  [/\/(?:JavaScript|JS|Launch)\b/, 'active'],
  [/\/(?:EmbeddedFiles?|RichMedia)\b/, 'embedded'],
]

export function byPdf(content: Content): Found | undefined {
  const { head } = content
  const at = head.subarray(0, headerWithin).indexOf('%PDF-')
  if (at < 0 || (at > 0 && !isPadding(head.subarray(0, at)))) return undefined
  const bytes = all(content)
  const text = plainNames(bytes)
  const flags = new Set<SniffFlag>()
  // In the trailer or in the dictionary of a cross-reference stream, which is never encrypted itself.
  if (/\/Encrypt\s*(?:\d+\s+\d+\s+R|<<)/.test(text)) flags.add('encrypted')
  for (const piece of [text, ...objectStreams(bytes, text)])
    for (const [name, flag] of names) if (name.test(piece)) flags.add(flag)
  return foundSoFar(content, 'application/pdf', ...flags)
}

/** Whether PDF's header stands in other content, where some readers find it. */
export function hidesPdf({ head }: Content): boolean {
  return head.subarray(0, headerWithin).indexOf('%PDF-') > 0
}

/** Blank lines and byte order marks that some programs write before the header. */
const isPadding = (bytes: Buffer): boolean => /^[\s\0\xef\xbb\xbf\xfe\xff]*$/.test(bytes.toString('latin1'))

/** As text, names without their escapes: any letter may be written as # and two digits (PDF 1.7, 7.3.5). */
function plainNames(bytes: Buffer): string {
  let from = 0
  let to = 0
  let plain: Buffer | undefined
  for (let at = bytes.indexOf('#'); at >= 0; at = bytes.indexOf('#', at + 1)) {
    const [high, low] = [digit(bytes[at + 1]), digit(bytes[at + 2])]
    if (high < 0 || low < 0 || at < from) continue
    plain ??= Buffer.allocUnsafe(bytes.length)
    to += bytes.copy(plain, to, from, at)
    plain[to] = high * 16 + low
    to += 1
    from = at + 3
  }
  if (plain === undefined) return bytes.toString('latin1')
  to += bytes.copy(plain, to, from)
  return plain.toString('latin1', 0, to)
}

/** The value of a hexadecimal digit; -1 when it is none. */
function digit(octet = 0): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30
  const lower = octet | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** The text of streams of objects (PDF 1.7, 7.5.7), as far as they are packed in the usual way. */
function* objectStreams(bytes: Buffer, text: string): Generator<string> {
  if (!text.includes('/ObjStm')) return
  let unpacked = 0
  let at = 0
  for (let count = 0; count < mostStreams && unpacked < mostUnpacked; count += 1) {
    at = bytes.indexOf('stream', at)
    if (at < 0) return
    const before = plainNames(bytes.subarray(Math.max(0, at - 512), at))
    at += 'stream'.length
    if (before.endsWith('end') || !before.slice(before.lastIndexOf('obj')).includes('/ObjStm')) {
      count -= 1
      continue
    }
    const start = at + (bytes[at] === 0x0d ? 2 : 1)
    const piece = inflated(bytes.subarray(start, start + longestStream))
    unpacked += piece.length
    yield plainNames(piece)
  }
}

function inflated(bytes: Buffer): Buffer {
  try {
    // The data ends where its own format says; what follows is not read.
    return inflateSync(bytes, { maxOutputLength: longestStream })
  } catch {
    return Buffer.alloc(0)
  }
}
