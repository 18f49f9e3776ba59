/**
 * What is inside decoded content: text that holds blocks some client takes out, and encoded messages
 * that hold parts of their own. For content in memory; offsets are those of the content.
 */
import { createDecoder } from './decode.ts'
import { isIdentity } from './encodings.ts'
import { Finder, type Found } from './finder.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { concat, fromOctetString } from './octets.ts'
import { createReader } from './reader.ts'
import type { Ambiguity, Encoding, LimitExceeded, Mark, Natives, Part, PartHead, Reading } from './types.ts'

/** One content that some client extracts. */
export interface Extract {
  /** As the part's id; inside an encoded message `2>1.1`, in decoded text `2+1`. */
  readonly id: string
  /** The part it comes from; for a block in decoded text, the text's. */
  readonly part: Part
  readonly fileNames: readonly string[]
  /** `''` for the usual way of decoding, else the name of the other way. */
  readonly decoding: string
  readonly octets: Uint8Array
}

export interface Inside {
  readonly reading: Reading
  readonly contents: readonly Extract[]
  /** Of the structure, of the decoding, and of all that is inside. */
  readonly ambiguities: readonly Ambiguity[]
  readonly limits: readonly LimitExceeded[]
  readonly marks: readonly Mark[]
}

export interface InsideOptions {
  readonly natives?: Natives
  readonly limits?: Partial<Limits>
}

/** Encoded messages inside encoded messages: each costs a decoding of all that is inside. */
const deepest = 8

/** Whether clients look for blocks in the decoded text of a part. The reader does it itself where nothing is to be decoded. */
export function holdsText({ declaredType, encoding, inner, streamed }: PartHead): boolean {
  return inner === undefined && /^(?:text\/.*)?$/.test(declaredType) && !(streamed && isIdentity(encoding))
}

/** Blocks in decoded text, and whether there were too many to look at all. */
export function findInText(
  octets: Uint8Array,
  limits: Partial<Limits> = {},
): { found: readonly Found[]; limits: readonly LimitExceeded[] } {
  const all = { ...defaultLimits, ...limits }
  const found: Found[] = []
  let cut = false
  const take = (each: Found | 'too-many') => {
    if (each === 'too-many') cut = true
    else found.push(each)
  }
  const finder = new Finder(all, take, { count: all.embedded })
  finder.push(octets)
  finder.finish()
  return { found, limits: cut ? [{ limit: 'embedded', part: undefined }] : [] }
}

/** Everything that any client extracts from a whole message. */
export function readInside(message: Uint8Array, options: InsideOptions = {}, depth = 0): Inside {
  const reader = createReader(options.limits === undefined ? {} : { limits: options.limits })
  reader.push(message)
  const reading = reader.finish()
  const contents: Extract[] = []
  const ambiguities = [...reading.ambiguities]
  const limits = [...reading.limits]
  const marks = [...reading.marks]
  for (const part of reading.parts) {
    if (part.kind === 'multipart' || part.kind === 'message') continue
    const raw = message.subarray(part.bodyStart, part.end)
    const decodings = decodeAll(raw, part.encoding, options.natives ?? {})
    ambiguities.push(...decodings.ambiguities.map((each) => ({ ...each, part: part.id })))
    for (const { decoding, octets } of decodings.results) {
      contents.push({ id: part.id, part, fileNames: part.fileNames, decoding, octets })
      if (part.inner !== undefined && depth >= deepest) limits.push({ limit: 'depth', part: part.id })
      else if (part.inner !== undefined) {
        const below = readInside(concat([fromOctetString(part.inner), octets]), options, depth + 1)
        const under = (id: string | undefined) => (id === undefined ? part.id : `${part.id}>${id}`)
        contents.push(...below.contents.map((each) => ({ ...each, id: under(each.id) })))
        ambiguities.push(...below.ambiguities.map((each) => ({ ...each, part: under(each.part) })))
        limits.push(...below.limits.map((each) => ({ ...each, part: under(each.part) })))
        marks.push(...below.marks.map((each) => ({ ...each, part: under(each.part) })))
      } else if (holdsText(part)) {
        const text = findInText(octets, options.limits)
        limits.push(...text.limits.map((each) => ({ ...each, part: part.id })))
        for (const [index, { bodyStart, end, encoding, fileNames }] of text.found.entries()) {
          const blocks = decodeAll(octets.subarray(bodyStart, end), encoding, options.natives ?? {})
          const id = `${part.id}+${index + 1}`
          ambiguities.push(...blocks.ambiguities.map((each) => ({ ...each, part: id })))
          contents.push(...blocks.results.map((each) => ({ id, part, fileNames, ...each })))
        }
      }
    }
  }
  return { reading, contents, ambiguities, limits, marks }
}

interface Decodings {
  readonly results: readonly { readonly decoding: string; readonly octets: Uint8Array }[]
  readonly ambiguities: readonly Ambiguity[]
}

/** The content in every way in which some client decodes it. */
export function decodeAll(raw: Uint8Array, encoding: Encoding, natives: Natives): Decodings {
  const once = (alternative?: string) => {
    const decoder = createDecoder(encoding, natives, alternative)
    const first = decoder.push(raw)
    const decoded = decoder.finish()
    return { ...decoded, octets: concat([first, decoded.octets]) }
  }
  const { octets, ambiguities, alternatives } = once()
  const others = alternatives.map((decoding) => ({ decoding, octets: once(decoding).octets }))
  return { results: [{ decoding: '', octets }, ...others], ambiguities }
}
