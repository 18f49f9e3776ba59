/**
 * One message's examination: it takes the octets while they arrive, holds them, has them read, decoded
 * and scanned side by side, and says at the end what it found. What is delivered is read from here too.
 */
import { createHash, type Hash } from 'node:crypto'
import { decodeText, type Field, type Mark, type Reading } from '../mime/index.ts'
import type { HeaderFact, MessageFacts, PartFacts, ScanFact, Signature } from '../policy/index.ts'
import type { Scan, Scanner, Spool } from '../ports.ts'
import { Exploration } from './contents.ts'
import { type Allowance, decoded, Entity, gather } from './entity.ts'
import type { Findings } from './findings.ts'
import { type InspectServices, inspectLimits, type Scanners } from './services.ts'
import { ContentSink } from './sink.ts'

export class Examination {
  readonly #services: InspectServices
  readonly #scanners: Scanners
  readonly #scope: 'message' | 'headers'
  readonly #spool: Spool
  readonly #hash: Hash = createHash('sha256')
  /** Until the message is whole. */
  #entity: Entity | undefined
  readonly #scans: readonly { readonly scanner: Scanner; readonly scan: Scan }[]

  /** @param scanners who is asked; nobody when only headers will leave */
  constructor(services: InspectServices, scanners: Scanners, scope: 'message' | 'headers') {
    this.#services = services
    this.#scanners = scope === 'message' ? scanners : { ofParts: [], ofMessages: [] }
    this.#scope = scope
    this.#spool = services.spools.open()
    this.#entity = new Entity(this.#scanners.ofParts)
    this.#scans = this.#scanners.ofMessages.map((scanner) => ({
      scanner,
      scan: scanner.start({ subject: 'message' }),
    }))
  }

  /** Takes a copy. `false`: wait for `drained` before writing more. */
  write(chunk: Uint8Array): boolean {
    this.#hash.update(chunk)
    this.#entity?.push(chunk)
    let free = this.#spool.write(chunk)
    for (const { scan } of this.#scans) free = scan.write(chunk) && free
    return free
  }

  /** Rejects when the disk refuses. */
  async drained(): Promise<void> {
    await this.#spool.drained()
    for (const { scan } of this.#scans) await scan.drained()
  }

  /** The message is whole. Rejects when it could not be held. */
  async finish(): Promise<Findings> {
    const size = await this.#spool.finish()
    const sha256 = this.#hash.digest('hex')
    const range = (start: number, end: number) => this.#spool.read(start, end)
    const allowance = new Reread(size)
    const entity = this.#entity
    if (entity === undefined) throw new Error('The message was finished already')
    const result = await entity.finish(range, allowance)
    // The client may be slow, and what was needed for reading is large.
    this.#entity = undefined
    const exploration = new Exploration(this.#services, this.#scanners, allowance)
    const { reading } = result
    if (this.#scope === 'message')
      await exploration.addReading(result, {
        ...{ prefix: '', top: undefined, container: undefined, containers: 0 },
        whole: (leaf) => gather(leaf, range),
      })
    const scans = await this.#whole()
    const parts = await this.#blame(exploration, scans)
    const limits = [...exploration.limits]
    if (this.#scope === 'headers')
      for (const { limit, part } of reading.limits)
        if (limit.startsWith('header')) limits.push({ limit, evidence: part ?? 'message', top: undefined })
    const facts: MessageFacts = {
      ...{ scope: this.#scope, size, sha256, ...headerFacts(reading.headers) },
      ...{ parts, limits, ambiguities: exploration.ambiguities, scans },
      signatures: signaturesOf(reading.marks),
    }
    return { size, sha256, facts, reading }
  }

  /** The message as it came; each piece is valid until the next one is asked for. */
  content(start?: number, end?: number): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
    return this.#spool.read(start, end)
  }

  /** What a client makes of one part. */
  partContent(part: Reading['parts'][number]): AsyncIterable<Uint8Array> {
    return decoded(part, undefined, (start, end) => this.#spool.read(start, end))
  }

  /** Frees what is held; may be called at any time, more than once. */
  discard(): void {
    this.#entity?.abandon()
    this.#entity = undefined
    for (const { scan } of this.#scans) scan.abandon()
    this.#spool.discard()
  }

  async #whole(): Promise<ScanFact[]> {
    const facts: ScanFact[] = []
    for (const { scanner, scan } of this.#scans)
      facts.push({ scanner: scanner.name, result: await scan.finish(), deep: true })
    return facts
  }

  /** What a scanner has against the message is looked for part by part, in each way of decoding it. */
  async #blame({ parts, idOf }: Exploration, scans: readonly ScanFact[]): Promise<readonly PartFacts[]> {
    const suspicious = scans.filter(({ result }) => inParts.has(result.kind))
    const scanners = this.#scanners.ofMessages.filter(({ name }) =>
      suspicious.some(({ scanner }) => scanner === name),
    )
    if (scanners.length === 0) return parts
    const found = new Map<string, readonly ScanFact[]>()
    const deadline = this.#services.clock.monotonic() + inspectLimits.time
    for (const [{ part, decoding }, id] of idOf) {
      // A part without an answer is never clean.
      if (this.#services.clock.monotonic() > deadline) break
      const sink = new ContentSink(scanners, true)
      for await (const piece of decoded(part, decoding, (start, end) => this.#spool.read(start, end))) {
        sink.write(piece)
        await sink.drained()
      }
      found.set(id, (await sink.finish()).scans)
    }
    return parts.map((part) => ({ ...part, scans: [...part.scans, ...(found.get(part.id) ?? [])] }))
  }
}

/** Answers about a message that may be about one part of it: too large as a whole, each part may be small enough. */
const inParts: ReadonlySet<ScanFact['result']['kind']> = new Set(['infected', 'encrypted', 'too-large'])

/** Counts what is read again of a message. */
class Reread implements Allowance {
  #left: number

  constructor(size: number) {
    this.#left = inspectLimits.rereadingFloor + inspectLimits.rereading * size
  }

  take(octets: number): boolean {
    this.#left -= octets
    return this.#left >= 0
  }
}

function headerFacts(fields: readonly Field[]): Pick<MessageFacts, 'headers' | 'from' | 'subject' | 'date'> {
  const headers = fields.map(
    ({ name, value }): HeaderFact => ({ name, value: decodeText(value), raw: value }),
  )
  const first = (name: string): string =>
    headers.find((header) => header.name.toLowerCase() === name)?.value.trim() ?? ''
  return { headers, from: first('from'), subject: first('subject'), date: first('date') }
}

function signaturesOf(marks: readonly Mark[]): Signature[] {
  const kinds = new Set(marks.map(({ kind }) => kind))
  return [
    ...(kinds.has('dkim-signed') ? (['dkim'] as const) : []),
    ...(kinds.has('smime-signed') || kinds.has('smime-wrapped') ? (['smime'] as const) : []),
    ...(kinds.has('pgp-signed') ? (['pgp'] as const) : []),
  ]
}
