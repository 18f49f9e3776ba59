/**
 * Reads one message, or one attached content that is read like one: runs the MIME reader over the
 * octets, decodes every leaf as it passes, and afterwards goes to the places that are only known then.
 */
import {
  type Ambiguity,
  createDecoder,
  createReader,
  type Decoder,
  type LimitExceeded,
  type Natives,
  type Part,
  type Reader,
  type ReaderEvent,
  type Reading,
} from '../mime/index.ts'
import type { Scanner } from '../ports.ts'
import { inspectLimits } from './services.ts'
import { ContentSink, type Passed } from './sink.ts'

/** One content of a message, decoded in one of the ways in which clients decode it. */
export interface Leaf {
  readonly part: Part
  /** Name of a further way of decoding; `undefined`: the usual one. */
  readonly decoding: string | undefined
  readonly passed: Passed
}

export interface EntityReading {
  readonly reading: Reading
  readonly leaves: readonly Leaf[]
  readonly ambiguities: readonly Ambiguity[]
  readonly limits: readonly LimitExceeded[]
}

/** The octets from one offset up to another, of what was given to `push`. */
export type Range = (start: number, end: number) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** What may be read again; shared by all of a message. */
export interface Allowance {
  /** `false`: it is used up, and the octets are not to be read. */
  take(octets: number): boolean
}

export const natives: Natives = {
  base64: (run, into) => view(into).write(view(run).toString('latin1'), 'base64'),
}

function view({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length)
}

/** The decoded content of a part, in pieces that stay valid. */
export async function* decoded(
  part: Part,
  decoding: string | undefined,
  range: Range,
): AsyncIterable<Uint8Array> {
  const decoder = createDecoder(encodingOf(part), natives, decoding)
  for await (const octets of range(part.bodyStart, part.end)) yield decoder.push(octets)
  yield decoder.finish().octets
}

/** The decoded content of a leaf as one piece; `undefined`: more than may be held. */
export async function gather({ part, decoding }: Leaf, range: Range): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of decoded(part, decoding, range)) {
    size += piece.length
    if (size > inspectLimits.whole) return undefined
    // An encoding that changes nothing hands on memory that is used again.
    pieces.push(Uint8Array.from(piece))
  }
  return Buffer.concat(pieces)
}

/** An attached message is looked at as it stands. */
function encodingOf({ kind, encoding }: Part): Part['encoding'] {
  return kind === 'message' ? 'binary' : encoding
}

interface Open {
  readonly sink: ContentSink
  readonly decoder: Decoder
}

export class Entity {
  readonly #scanners: readonly Scanner[]
  readonly #reader: Reader
  readonly #open = new Map<string, Open>()
  readonly #leaves: Promise<Leaf>[] = []
  readonly #ambiguities: Ambiguity[] = []
  readonly #again: { readonly part: Part; readonly decoding: string }[] = []

  constructor(scanners: readonly Scanner[]) {
    this.#scanners = scanners
    this.#reader = createReader({ out: (event) => this.#take(event) })
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk)
  }

  /** @param range reads what was pushed again, for further readings and for what is found inside text */
  async finish(range: Range, allowance: Allowance): Promise<EntityReading> {
    const reading = this.#reader.finish()
    for (const { sink } of this.#open.values()) sink.abandon()
    const leaves = await Promise.all(this.#leaves)
    const limits: LimitExceeded[] = [...reading.limits]
    const rest: { readonly part: Part; readonly decoding: string | undefined }[] = [
      ...reading.parts
        .filter(({ kind, streamed }) => kind !== 'multipart' && !streamed)
        .map((part) => ({ part, decoding: undefined })),
      ...this.#again,
    ]
    // Decoding may show further ways of decoding, which join the rest.
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const { part, decoding } = next
      if (!allowance.take(part.end - part.bodyStart)) {
        limits.push({ limit: 'alternatives', part: part.id })
        break
      }
      const { passed, alternatives } = await this.#readAgain(part, decoding, range)
      leaves.push({ part, decoding, passed })
      rest.push(...alternatives.map((name) => ({ part, decoding: name })))
    }
    // The samples of contents are not kept while the message waits for its client.
    this.#leaves.length = 0
    return { reading, leaves, ambiguities: [...reading.ambiguities, ...this.#ambiguities], limits }
  }

  /** The message will not be judged. */
  abandon(): void {
    for (const { sink } of this.#open.values()) sink.abandon()
    for (const leaf of this.#leaves) leaf.catch(() => {})
  }

  #take(event: ReaderEvent): void {
    switch (event.kind) {
      case 'begin': {
        const { id, kind, streamed, encoding } = event.part
        if (kind !== 'leaf' || !streamed) return
        this.#open.set(id, {
          sink: new ContentSink(this.#scanners),
          decoder: createDecoder(encoding, natives),
        })
        return
      }
      case 'body': {
        const open = this.#open.get(event.id)
        if (open !== undefined) open.sink.write(open.decoder.push(event.octets))
        return
      }
      case 'end': {
        const { part } = event
        const open = this.#open.get(part.id)
        if (open === undefined) return
        this.#open.delete(part.id)
        for (const decoding of this.#finishDecoding(part, open)) this.#again.push({ part, decoding })
        this.#leaves.push(open.sink.finish().then((passed) => ({ part, decoding: undefined, passed })))
        return
      }
      default:
        event satisfies never
    }
  }

  /** The last octets, and further ways in which some client decodes the part. */
  #finishDecoding(part: Part, { sink, decoder }: Open): readonly string[] {
    const { octets, ambiguities, alternatives } = decoder.finish()
    sink.write(octets)
    this.#ambiguities.push(...ambiguities.map((ambiguity) => ({ ...ambiguity, part: part.id })))
    return alternatives
  }

  async #readAgain(
    part: Part,
    decoding: string | undefined,
    range: Range,
  ): Promise<{ readonly passed: Passed; readonly alternatives: readonly string[] }> {
    const sink = new ContentSink(this.#scanners)
    const decoder = createDecoder(encodingOf(part), natives, decoding)
    for await (const octets of range(part.bodyStart, part.end)) {
      sink.write(decoder.push(octets))
      await sink.drained()
    }
    const alternatives = this.#finishDecoding(part, { sink, decoder })
    return { passed: await sink.finish(), alternatives }
  }
}
