/**
 * Looks into contents: what each is, and what lies in it, archive in message in archive, within bounds
 * that hold for the whole message. What could not be looked into is said, never passed over.
 */
import { decodeAll, findInText, holdsText } from '../mime/index.ts'
import type { Ambiguity, LimitExceeded, PartFacts, ScanFact, Trait } from '../policy/index.ts'
import type { ArchiveListing, ArchiveMember, MemberContent, SniffFlag } from '../ports.ts'
import { type Allowance, Entity, type EntityReading, gather, type Leaf, natives } from './entity.ts'
import { headLength, type InspectServices, inspectLimits, type Scanners } from './services.ts'
import { ContentSink, type Passed } from './sink.ts'

/** A content with its place. */
export interface Content {
  readonly id: string
  readonly top: string
  readonly kind: PartFacts['kind']
  readonly container: string | undefined
  readonly containers: number
  readonly declaredType: string
  readonly names: readonly string[]
  readonly traits: readonly Trait[]
  readonly passed: Passed
  /** What stands before it when it is read like a message; `undefined`: by its type alone. */
  readonly inner: string | undefined
  /** Clients look for uuencode and its like in it. */
  readonly text: boolean
  /** All of it; `undefined`: more than may be held. */
  readonly whole: () => Promise<Uint8Array | undefined>
}

/** Collects what is found in one message. */
export class Exploration {
  readonly parts: PartFacts[] = []
  readonly ambiguities: Ambiguity[] = []
  readonly limits: LimitExceeded[] = []
  /** Under which id the facts have a leaf of the message itself. */
  readonly idOf = new Map<Leaf, string>()
  readonly #services: InspectServices
  readonly #scanners: Scanners
  readonly #allowance: Allowance
  readonly #deadline: number
  #expanded = 0

  constructor(services: InspectServices, scanners: Scanners, allowance: Allowance) {
    this.#services = services
    this.#scanners = scanners
    this.#allowance = allowance
    this.#deadline = services.clock.monotonic() + inspectLimits.time
  }

  /** Adds a content and everything in it. */
  async add(content: Content): Promise<void> {
    const { passed, top } = content
    if (!this.#mayGoOn(top)) return
    const { sniffer, archives } = this.#services
    const { sample, complete } = passed
    let whole: Uint8Array | undefined = complete ? sample : undefined
    const head = sample.subarray(0, headLength)
    let sniffed = await sniffer.sniff(head, whole)
    // What nothing is known of is told by its beginning and its end; containers must be there as a whole.
    const isContainer = (type: string | undefined): boolean => type !== undefined && archives.reads(type)
    if (whole === undefined && sniffed.needsWhole && sniffed.type === undefined)
      sniffed = await sniffer.sniff(head, sample)
    if (sniffed.needsWhole || isContainer(sniffed.type)) {
      whole ??= await content.whole()
      if (whole === undefined) this.#exceed('content-octets', `${passed.size} octets`, top)
      else if (sniffed.needsWhole) sniffed = await sniffer.sniff(head, whole)
    }
    const traits = new Set<Trait>([...content.traits])
    for (const flag of sniffed.flags) traits.add(traitOf(flag))
    const { type } = sniffed
    const facts: Mutable<PartFacts> = {
      ...{ id: content.id, top, kind: content.kind, container: content.container },
      ...{ containers: content.containers, declaredType: content.declaredType, sniffedType: type },
      ...{ traits: [], names: content.names, size: passed.size, sha256: passed.sha256 },
      scans: passed.scans,
    }
    this.parts.push(facts)
    if (type !== undefined && archives.reads(type)) {
      if (whole === undefined) traits.add('unreadable')
      else await this.#openArchive(content, type, whole, traits)
    } else if (content.inner !== undefined || (content.kind !== 'message' && type === 'message/rfc822')) {
      whole ??= await content.whole()
      if (whole === undefined) {
        this.#exceed('content-octets', `${passed.size} octets`, top)
        traits.add('unreadable')
      } else await this.#readEntity(content, whole, traits)
    }
    // A picture that ends as an archive is one to whoever opens it as one.
    const alsoZip = !complete && !compound.has(type) && endsAsZip(sample)
    if (!isContainer(type) && (traits.has('polyglot') || alsoZip)) {
      traits.add('polyglot')
      whole ??= await content.whole()
      if (whole === undefined) traits.add('unreadable')
      else await this.#openArchive(content, 'application/zip', whole, traits)
    }
    if (content.text) {
      whole ??= await content.whole()
      if (whole === undefined) this.#exceed('content-octets', `${passed.size} octets`, top)
      else await this.#findBlocks(content, whole)
    }
    facts.traits = [...traits]
  }

  /** What an entity's reading came to, below a prefix; `''` for the message itself. */
  async addReading(
    { reading, leaves, ambiguities, limits }: EntityReading,
    place: {
      readonly prefix: string
      readonly top: string | undefined
      readonly container: string | undefined
      readonly containers: number
      readonly whole: (leaf: Leaf) => Promise<Uint8Array | undefined>
    },
  ): Promise<void> {
    const tops = new Tops(leaves)
    const topOf = (id: string | undefined): string | undefined =>
      place.top ?? (id === undefined ? undefined : tops.of(id))
    for (const { reason, part, detail: evidence } of ambiguities)
      this.ambiguities.push({ reason, evidence, top: topOf(part), repair: undefined })
    for (const { limit, part } of limits)
      this.limits.push({ limit, evidence: part ?? 'message', top: topOf(part) })
    const marks = new Map<string, Set<Trait>>()
    for (const { kind, part } of reading.marks) {
      const trait = markTraits.get(kind)
      if (trait === undefined) continue
      const id = part ?? leaves[0]?.part.id ?? ''
      marks.set(id, (marks.get(id) ?? new Set<Trait>()).add(trait))
    }
    const names = new Map(reading.parts.map((part) => [part.id, part]))
    let count = 0
    for (const leaf of leaves) {
      const { part, decoding, passed } = leaf
      count += decoding === undefined ? 0 : 1
      const holder = part.parent === undefined ? undefined : names.get(part.parent)
      const own = decoding === undefined ? part.id : `${part.id}~d${count}`
      if (place.prefix === '') this.idOf.set(leaf, own)
      await this.add({
        id: place.prefix === '' ? own : `${place.prefix}.${own}`,
        top: topOf(part.id) ?? part.id,
        kind: part.kind === 'message' ? 'message' : part.kind === 'embedded' ? 'embedded' : 'leaf',
        container: holder?.kind === 'message' ? (holder.fileNames[0] ?? 'message') : place.container,
        containers: place.containers + messagesAround(part.parent, names),
        ...{ declaredType: part.declaredType, names: part.fileNames },
        traits: [...(marks.get(part.id) ?? [])],
        passed,
        inner: part.inner,
        text: part.kind === 'leaf' && holdsText(part),
        whole: () => place.whole(leaf),
      })
    }
  }

  /** Blocks in decoded text that some client takes out, in each way of decoding them. */
  async #findBlocks(content: Content, whole: Uint8Array): Promise<void> {
    const { found, limits } = findInText(whole)
    for (const { limit } of limits) this.#exceed(limit, content.id, content.top)
    for (const [index, { bodyStart, end, encoding, fileNames }] of found.entries()) {
      const { results, ambiguities } = decodeAll(whole.subarray(bodyStart, end), encoding, natives)
      for (const { reason, detail } of ambiguities)
        this.ambiguities.push({ reason, evidence: detail, top: content.top, repair: undefined })
      for (const [way, { octets }] of results.entries()) {
        const sink = new ContentSink(this.#scanners.ofParts)
        sink.write(octets)
        await this.add({
          ...{ id: `${content.id}+${index + 1}${way === 0 ? '' : `~d${way}`}`, top: content.top },
          ...{ kind: 'embedded', container: content.names[0], containers: content.containers },
          ...{ declaredType: '', names: fileNames, traits: [], passed: await sink.finish() },
          ...{ inner: undefined, text: false, whole: () => Promise.resolve(octets) },
        })
      }
    }
  }

  async #readEntity(content: Content, whole: Uint8Array, traits: Set<Trait>): Promise<void> {
    if (content.containers >= inspectLimits.containers) {
      this.#exceed('containers', `${content.containers} inside one another`, content.top)
      traits.add('unreadable')
      return
    }
    const bytes = Buffer.concat([Buffer.from(content.inner ?? '', 'latin1'), whole])
    const entity = new Entity(this.#scanners.ofParts)
    entity.push(bytes)
    const result = await entity.finish((start, end) => [bytes.subarray(start, end)], this.#allowance)
    await this.addReading(result, {
      ...{ prefix: content.id, top: content.top, container: content.names[0] ?? content.declaredType },
      containers: content.containers + 1,
      whole: (leaf) => gather(leaf, (start, end) => [bytes.subarray(start, end)]),
    })
  }

  async #openArchive(content: Content, type: string, whole: Uint8Array, traits: Set<Trait>): Promise<void> {
    if (content.containers >= inspectLimits.containers) {
      this.#exceed('containers', `${content.containers} inside one another`, content.top)
      traits.add('unreadable')
      return
    }
    const left = inspectLimits.expanded - this.#expanded
    const milliseconds = Math.max(1, this.#deadline - this.#services.clock.monotonic())
    const listing = await this.#services.archives.open(whole, type, { expandedBytes: left, milliseconds })
    try {
      this.#takeFaults(content, listing, traits)
      for (const [index, member] of listing.members.entries()) {
        if (member.directory) continue
        if (!this.#mayGoOn(content.top)) break
        await this.#addMember(content, member, index + 1)
      }
    } finally {
      listing.close()
    }
  }

  #takeFaults({ top, names, containers }: Content, { faults }: ArchiveListing, traits: Set<Trait>): void {
    for (const fault of faults)
      switch (fault.kind) {
        case 'encrypted':
          traits.add('encrypted')
          if (containers > 0) traits.add('nested-encrypted')
          break
        case 'ambiguous':
          this.ambiguities.push({
            ...{ reason: 'archive', evidence: fault.evidence, top, repair: undefined },
          })
          break
        case 'limit-exceeded':
          this.#exceed(`archive-${fault.limit}`, `${names[0] ?? 'archive'}: ${fault.evidence}`, top)
          traits.add('unreadable')
          break
        case 'overlapping':
          this.#exceed('archive-overlap', `${names[0] ?? 'archive'}: ${fault.evidence}`, top)
          traits.add('unreadable')
          break
        case 'damaged':
        case 'unreadable':
          traits.add('unreadable')
          break
        default:
          fault satisfies never
      }
  }

  async #addMember(archive: Content, member: ArchiveMember, number: number): Promise<void> {
    const bound = Math.min(inspectLimits.whole, inspectLimits.expanded - this.#expanded)
    const content: MemberContent = member.encrypted ? { kind: 'encrypted' } : await member.read(bound)
    const traits: Trait[] = []
    let bytes: Uint8Array | undefined
    switch (content.kind) {
      case 'content':
        bytes = content.bytes
        this.#expanded += bytes.length
        break
      case 'encrypted':
        traits.push('encrypted', ...(archive.containers > 0 ? (['nested-encrypted'] as const) : []))
        break
      case 'limit-exceeded':
        traits.push('unreadable')
        this.#exceed(`archive-${content.limit}`, member.name.slice(0, 100), archive.top)
        break
      case 'damaged':
      case 'unreadable':
        traits.push('unreadable')
        break
      default:
        content satisfies never
    }
    const place = {
      ...{ id: `${archive.id}/${number}`, top: archive.top, kind: 'member' as const, declaredType: '' },
      ...{ container: archive.names[0] ?? archive.declaredType, containers: archive.containers + 1 },
      ...{ names: [member.name], inner: undefined, text: false, traits },
    }
    if (bytes === undefined) {
      const scans: readonly ScanFact[] = []
      const { container, containers, id, top, kind, declaredType, names } = place
      this.parts.push({
        ...{ id, top, kind, container, containers, declaredType, names, traits, scans },
        ...{ sniffedType: undefined, size: member.size ?? 0, sha256: '' },
      })
      return
    }
    const held = bytes
    const sink = new ContentSink(this.#scanners.ofParts)
    sink.write(held)
    await this.add({ ...place, passed: await sink.finish(), whole: () => Promise.resolve(held) })
  }

  /** Whether there is time and room for one part more. */
  #mayGoOn(top: string): boolean {
    const late = this.#services.clock.monotonic() > this.#deadline
    if (!late && this.parts.length < inspectLimits.parts) return true
    this.#exceed(late ? 'time' : 'parts', `after ${this.parts.length} parts`, top)
    return false
  }

  /** Each limit is told once for a leaf. */
  #exceed(limit: string, evidence: string, top: string): void {
    if (!this.limits.some((known) => known.limit === limit && known.top === top))
      this.limits.push({ limit, evidence, top })
  }
}

/** Finds the leaf that a client shows, for whatever was found in or beside it. */
class Tops {
  readonly #shown: readonly Leaf[]
  readonly #byId: ReadonlyMap<string, Leaf>

  constructor(leaves: readonly Leaf[]) {
    this.#shown = leaves.filter(({ part, decoding }) => part.streamed && decoding === undefined)
    this.#byId = new Map(leaves.map((leaf) => [leaf.part.id, leaf]))
  }

  /** Of another reading of a place: the leaf that covers most of it. `undefined`: none does. */
  of(id: string): string | undefined {
    const leaf = this.#byId.get(id)
    if (leaf === undefined) return undefined
    const { part } = leaf
    if (part.streamed || part.kind === 'message') return part.id
    return this.#shown.find(({ part: shown }) => shown.start < part.end && part.bodyStart < shown.end)?.part
      .id
  }
}

/** Compound files (MS-CFB) hold documents, which are ZIPs, as they are: a message of Outlook its attachments. */
const compound: ReadonlySet<string | undefined> = new Set([
  ...['application/x-cfb', 'application/msword', 'application/vnd.ms-excel', 'application/vnd.ms-powerpoint'],
  ...['application/vnd.ms-outlook', 'application/vnd.ms-publisher', 'application/vnd.visio'],
])

/** The end record of a ZIP's directory (APPNOTE 4.3.16) stands within the last 64 KiB. */
function endsAsZip(sample: Uint8Array): boolean {
  return (
    Buffer.from(sample.buffer, sample.byteOffset, sample.length).lastIndexOf(
      'PK\x05\x06',
      undefined,
      'latin1',
    ) >= 0
  )
}

function messagesAround(
  parent: string | undefined,
  parts: ReadonlyMap<string, { readonly kind: string; readonly parent: string | undefined }>,
): number {
  let count = 0
  for (let id = parent; id !== undefined; id = parts.get(id)?.parent)
    if (parts.get(id)?.kind === 'message') count += 1
  return count
}

const markTraits: ReadonlyMap<string, Trait> = new Map([
  ['message-partial', 'partial'],
  ['message-external', 'partial'],
  ['smime-encrypted', 'unscannable'],
  ['pgp-encrypted', 'unscannable'],
  ['tnef', 'unscannable'],
] as const)

function traitOf(flag: SniffFlag): Trait {
  return flag
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
