/**
 * Finds what some client takes out of plain text: uuencode, yEnc and BinHex blocks, and headers of MIME
 * parts where no structure says that there are any. It looks at the first octet of each line and reads
 * on only where that is one of a few.
 */
import { binhexName } from './binhex.ts'
import { isIdentity } from './encodings.ts'
import { type Entity, readEntity } from './entity.ts'
import { readHead } from './fields.ts'
import type { Limits } from './limits.ts'
import { fromOctetString, octetString, readable } from './octets.ts'
import type { Encoding } from './types.ts'
import { beginLine, isData } from './uuencode.ts'

/** Something found, with its place in what was looked at. */
export interface Found {
  readonly start: number
  readonly bodyStart: number
  readonly end: number
  readonly encoding: Encoding
  readonly fileNames: readonly string[]
  /** The header, for a MIME part. */
  readonly entity: Entity | undefined
}

/** Of a line this much is kept: RFC 5322 §2.1.1 allows 998. */
const longestLine = 1000
/** Of a MIME header in plain text; more is no header. */
const longestHeader = 64 * 1024

const [lf, cr, hyphen] = [0x0a, 0x0d, 0x2d]
/** What lines of interest begin with: `begin`, `Content-`, `=ybegin`, `(This file`. */
const firstOctets = new Set(['b', 'B', 'c', 'C', '=', '('].map((char) => char.charCodeAt(0)))

interface Block {
  readonly start: number
  readonly bodyStart: number
  readonly encoding: Encoding
  name: string | undefined
  /** Lines that bear it out so far. */
  lines: number
}

export class Finder {
  readonly #limits: Limits
  readonly #found: (found: Found | 'too-many') => void
  readonly #left: { count: number }
  #line = ''
  #lineStart = 0
  #place = 0
  #state: 'start' | 'keep' | 'skip' = 'start'
  #lastCr = false
  #block: Block | undefined
  #header: { start: number; text: string } | undefined
  #part: { start: number; bodyStart: number; entity: Entity } | undefined

  /**
   * @param left how many headers and blocks may still be looked at; shared, and counted down
   * @param start place of the first octet
   */
  constructor(
    limits: Limits,
    found: (found: Found | 'too-many') => void,
    left: { count: number },
    start = 0,
  ) {
    this.#limits = limits
    this.#left = left
    this.#found = found
    this.#place = start
    this.#lineStart = start
  }

  push(octets: Uint8Array): void {
    const base = this.#place
    if (this.#left.count <= 0) {
      this.#place += octets.length
      return
    }
    for (let at = 0; at < octets.length; ) {
      const octet = octets[at] ?? 0
      if (this.#state === 'start') {
        if (octet === lf && this.#lastCr) {
          // The LF of a CRLF whose CR came first.
          this.#lastCr = false
          this.#lineStart = base + at + 1
          at += 1
          continue
        }
        this.#lastCr = false
        this.#lineStart = base + at
        this.#line = ''
        this.#state = this.#wantsLine(octet) ? 'keep' : 'skip'
      }
      let end = at
      while (end < octets.length && octets[end] !== lf && octets[end] !== cr) end += 1
      if (this.#state === 'keep' && this.#line.length < longestLine)
        this.#line += octetString(octets, at, Math.min(end, at + longestLine))
      if (end < octets.length) {
        if (this.#state === 'keep') this.#take(this.#line, this.#lineStart, base + end)
        this.#lastCr = octets[end] === cr
        this.#state = 'start'
        end += 1
      }
      at = end
    }
    this.#place = base + octets.length
  }

  /** Nothing more comes. */
  finish(): void {
    if (this.#state === 'keep') this.#take(this.#line, this.#lineStart, this.#place)
    this.#endBlock(this.#place)
    this.#endHeader(this.#place)
    this.#endPart(this.#place)
    this.#state = 'start'
  }

  #wantsLine(octet: number): boolean {
    if (this.#block !== undefined || this.#header !== undefined) return true
    return firstOctets.has(octet) || (octet === hyphen && this.#part !== undefined)
  }

  /** @param end of the line, without its line end */
  #take(line: string, start: number, end: number): void {
    if (line.startsWith('--')) this.#endPart(start)
    this.#header = this.#continueHeader(line, start, end)
    if (this.#block !== undefined && this.#continueBlock(line, end)) return
    const begin = beginLine.exec(line)
    if (begin !== null) this.#open(start, start, 'uuencode', begin[1])
    else if (/^begin-base64 [0-7]{3,4} \S/i.test(line))
      this.#open(start, end, 'base64', line.replace(/^\S+ \S+ +/, ''))
    else if (line.startsWith('=ybegin ')) this.#open(start, start, 'yenc', / name=(.*)$/.exec(line)?.[1])
    else if (/^\(This file must be converted with BinHex/i.test(line))
      this.#open(start, start, 'binhex', undefined)
  }

  #open(start: number, bodyStart: number, encoding: Encoding, name: string | undefined): void {
    this.#endBlock(start)
    this.#block = { start, bodyStart, encoding, name, lines: 0 }
  }

  /** Whether the line belongs to the open block. */
  #continueBlock(line: string, end: number): boolean {
    const block = this.#block
    if (block === undefined) return false
    const text = line.trimEnd()
    switch (block.encoding) {
      case 'uuencode':
        if (text === 'end') this.#endBlock(end)
        else if (isData(line)) block.lines += 1
        // A begin without data behind it is a word in a sentence.
        else if (block.lines === 0 && text !== '') this.#block = undefined
        else return false
        return text === 'end' || this.#block !== undefined
      case 'base64':
        if (text === '====') this.#endBlock(end - line.length)
        else block.lines += 1
        return true
      case 'yenc':
        if (text.startsWith('=yend')) this.#endBlock(end)
        else block.lines += 1
        return true
      default:
        if (block.lines === 0 && text.startsWith(':')) block.name = binhexName(text.slice(1))
        if (text !== '') block.lines += text.startsWith(':') || block.lines > 0 ? 1 : 0
        if (block.lines > 0 && text.endsWith(':') && text !== ':') this.#endBlock(end)
        return true
    }
  }

  #endBlock(end: number): void {
    const block = this.#block
    this.#block = undefined
    if (block === undefined || block.lines === 0) return
    if (!this.#spend()) return
    const { start, bodyStart, encoding, name } = block
    const fileNames = name === undefined || name.trim() === '' ? [] : [readable(name.trim())]
    this.#found({ start, bodyStart, end, encoding, fileNames, entity: undefined })
  }

  /** Counts down; `false`: enough was looked at. */
  #spend(): boolean {
    this.#left.count -= 1
    if (this.#left.count === 0) this.#found('too-many')
    return this.#left.count > 0
  }

  /** The header that is open after this line. */
  #continueHeader(line: string, start: number, end: number): { start: number; text: string } | undefined {
    const header = this.#header
    if (header === undefined) return /^content-[a-z]/i.test(line) ? { start, text: `${line}\r\n` } : undefined
    if (line.trim() === '') {
      this.#endHeader(end)
      return undefined
    }
    const goesOn = /^[ \t]/.test(line) || readHead(line) !== undefined
    if (!goesOn || header.text.length > longestHeader) return undefined
    return { start: header.start, text: `${header.text}${line}\r\n` }
  }

  /** @param end of the blank line behind the header, without its line end */
  #endHeader(end: number): void {
    const header = this.#header
    this.#header = undefined
    if (header === undefined || !this.#spend()) return
    const entity = readEntity(fromOctetString(header.text), header.start, this.#limits, false)
    if (!carriesContent(entity)) return
    this.#endPart(header.start)
    this.#part = { start: header.start, bodyStart: end, entity }
  }

  #endPart(end: number): void {
    const part = this.#part
    this.#part = undefined
    if (part === undefined || end <= part.bodyStart) return
    const { encoding } = part.entity.interpretations[0]
    this.#found({ ...part, end, encoding, fileNames: part.entity.fileNames })
  }
}

/** Whether a header announces more than text to read. */
function carriesContent({ interpretations, fileNames, disposition }: Entity): boolean {
  if (fileNames.length > 0 || disposition === 'attachment') return true
  return interpretations.some(
    ({ container, type, encoding }) =>
      container === 'leaf' && (!isIdentity(encoding) || !/^(?:(?:text|multipart|message)\/.*)?$/.test(type)),
  )
}
