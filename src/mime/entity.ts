/**
 * What one header says of the body behind it: every interpretation that some client makes, the most
 * common first.
 */
import { type EncodingReading, isIdentity, readEncodings } from './encodings.ts'
import { type RawField, readFields, unfold } from './fields.ts'
import type { Limits } from './limits.ts'
import { readMediaTypes } from './media-type.ts'
import { collectNames } from './names.ts'
import { evidence } from './octets.ts'
import { type Parameters, readParameters } from './parameters.ts'
import type { AmbiguityReason, Encoding, Field, LimitName } from './types.ts'
import { decodeWords } from './words.ts'

/** Why an interpretation differs from the most common one. */
export interface Doubt {
  readonly reason: AmbiguityReason
  readonly detail: string
}

export interface Interpretation {
  readonly container: 'leaf' | 'multipart' | 'message'
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  readonly encoding: Encoding
  /** Of a multipart; never empty there. */
  readonly boundary: string
  readonly inner: string | undefined
  /** A multipart that some clients take for content, which then ends at the first boundary line. */
  readonly asContent: AsContent | undefined
  readonly doubts: readonly Doubt[]
  /** A message only if it soon has a header field. */
  readonly tentative: boolean
}

export interface AsContent {
  readonly type: string
  readonly encoding: Encoding
  readonly doubt: Doubt
}

export interface Entity {
  /** At least one; the first is the most common. */
  readonly interpretations: readonly [Interpretation, ...Interpretation[]]
  readonly fields: readonly Field[]
  readonly fileNames: readonly string[]
  readonly disposition: string
  readonly contentId: string | undefined
  /** Doubts that hold whatever the interpretation. */
  readonly doubts: readonly Doubt[]
  readonly limits: readonly LimitName[]
}

/** Values of one field that are considered; mail with more is refused by its limit. */
const mostValues = 6
const mostInterpretations = 16
/** Of one value this much is read: a Content-Type has some hundred octets, long file names a few thousand. */
const longestValue = 64 * 1024

/**
 * @param offset of the block in the message
 * @param inDigest whether a part without type is a message (RFC 2046 §5.1.5)
 */
export function readEntity(block: Uint8Array, offset: number, limits: Limits, inDigest: boolean): Entity {
  const { fields, cut } = readFields(block, offset, limits.headerFields)
  const named = new FieldsByName(fields)
  const found = new Set<LimitName>(cut ? ['header-fields'] : [])
  const read = (value: string): Parameters => {
    const parameters = readParameters(value, limits.parameters)
    if (parameters.cut || value.length >= longestValue) found.add('parameters')
    return parameters
  }
  const types = typeOptions(named.values('content-type'), read, inDigest)
  const encodings = encodingOptions(named.values('content-transfer-encoding'))
  const dispositions = named.values('content-disposition').options.map(({ value }) => value)
  const dispositionParameters = dispositions.map((value) => read(value).map)
  const typeParameters = types.options.map(({ all }) => all.map)
  const names = collectNames(
    [
      ...[
        dispositionParameters.map((map) => map.get('filename')),
        typeParameters.map((map) => map.get('name')),
      ],
      ...[
        dispositionParameters.map((map) => map.get('name')),
        typeParameters.map((map) => map.get('filename')),
      ],
    ]
      .flat()
      .filter((each) => each !== undefined),
    named.first('content-location'),
  )
  const options = types.options.flatMap((option) => {
    if (option.boundary.length <= limits.boundaryLength) return option
    found.add('boundary-length')
    return { ...option, boundary: '' }
  })
  const interpretations = combine(options, encodings)
  if (interpretations.length > mostInterpretations) found.add('alternatives')
  const [first = plainText, ...rest] = interpretations.slice(0, mostInterpretations)
  const collision: Doubt[] =
    names.collision === undefined ? [] : [{ reason: 'name-collision', detail: evidence(names.collision) }]
  return {
    interpretations: [{ ...first, doubts: [] }, ...rest],
    fields: fields.map(({ name, value, start, end }) => ({ name, value, start, end })),
    fileNames: names.all,
    disposition: /^[^;\s(]*/.exec(dispositions[0]?.trim().toLowerCase() ?? '')?.[0] ?? '',
    contentId: named.first('content-id')?.replace(/[\s<>]/g, ''),
    doubts: [...types.doubts, ...collision],
    limits: [...found],
  }
}

const plainText: Interpretation = {
  ...{ container: 'leaf', type: '', parameters: new Map(), encoding: '7bit', boundary: '' },
  ...{ inner: undefined, asContent: undefined, doubts: [], tentative: false },
}

interface ValueOption {
  readonly value: string
  /** As written, for a header in front of decoded content. */
  readonly raw: string
  readonly doubt: AmbiguityReason | undefined
}

interface Values {
  readonly options: readonly ValueOption[]
  /** Clear fields of this name. */
  readonly clear: number
}

class FieldsByName {
  readonly #fields: readonly RawField[]

  constructor(fields: readonly RawField[]) {
    this.#fields = fields
  }

  first(name: string): string | undefined {
    return this.#named(name)[0]?.value.slice(0, longestValue)
  }

  /** The values that clients may take: the first and the last clear ones first, then the doubtful ones. */
  values(name: string): Values {
    const all = this.#named(name)
    const clear = all.filter(({ doubt }) => doubt === undefined)
    const [first, ...others] = clear
    const order = first === undefined ? [] : [first, ...others.reverse()]
    const doubtful = all.filter(({ doubt }) => doubt !== undefined)
    const options = [...order, ...doubtful].slice(0, mostValues).flatMap((field) => valuesOf(field))
    return { options, clear: clear.length }
  }

  #named(name: string): RawField[] {
    return this.#fields.filter((field) => field.name.toLowerCase() === name)
  }
}

function valuesOf({ value, doubt, stray }: RawField): ValueOption[] {
  const raw = value.slice(0, longestValue)
  const text = unfold(raw).trim()
  const options: ValueOption[] = [{ value: text, raw, doubt }]
  // A blank line end inside a value is taken as a blank, or as nothing.
  const tight = raw
    .replace(/[\r\n]+[ \t]+/g, '')
    .replace(/[\r\n]+/g, '')
    .trim()
  if (tight !== text && /"[^";]*[\r\n][^";]*"/.test(raw))
    options.push({ value: tight, raw, doubt: 'boundary-odd' })
  if (text.includes('\0')) {
    options.push({ value: text.slice(0, text.indexOf('\0')), raw, doubt: 'header-nul' })
    options.push({ value: text.replaceAll('\0', ''), raw, doubt: 'header-nul' })
  }
  if (stray !== '') options.push({ value: text + unfold(stray), raw: raw + stray, doubt: 'header-odd-line' })
  return options
}

interface TypeOption {
  readonly type: string
  readonly all: Parameters
  readonly boundary: string
  readonly raw: string
  readonly doubts: readonly Doubt[]
}

function typeOptions(
  { options: values, clear }: Values,
  read: (value: string) => Parameters,
  inDigest: boolean,
): { options: TypeOption[]; doubts: Doubt[] } {
  const absent: TypeOption = {
    ...{ type: inDigest ? 'message/rfc822' : '', all: { map: new Map(), cut: false }, boundary: '' },
    ...{ raw: inDigest ? ' message/rfc822' : '', doubts: [] },
  }
  if (values.length === 0) return { options: [absent], doubts: [] }
  const parsed = values.map((each) => ({ ...each, all: read(each.value) }))
  const everyBoundary = parsed.flatMap(({ all }) => all.map.get('boundary')?.values ?? [])
  const options: TypeOption[] = []
  const doubts: Doubt[] = []
  for (const [index, { value, raw, all, doubt }] of parsed.entries()) {
    const reason = doubt ?? (index > 0 && clear > 1 ? 'content-type-twice' : undefined)
    const outer: Doubt[] = reason === undefined ? [] : [{ reason, detail: evidence(value) }]
    for (const { type, odd } of readMediaTypes(value)) {
      const common = { type, all, raw }
      const strange: Doubt[] = odd
        ? [...outer, { reason: 'content-type-odd', detail: evidence(value) }]
        : outer
      const isMultipart = type.startsWith('multipart/')
      const borrowed = isMultipart ? everyBoundary : []
      const boundaries = boundaryOptions(all, borrowed, clear > 1 ? 'content-type-twice' : 'boundary-odd')
      if (!isMultipart || boundaries.length === 0) options.push({ ...common, boundary: '', doubts: strange })
      if (isMultipart && boundaries.length === 0)
        doubts.push({ reason: 'boundary-missing', detail: evidence(value) })
      for (const each of boundaries) {
        const onLeaf: Doubt[] = isMultipart
          ? []
          : [{ reason: 'boundary-on-leaf', detail: evidence(each.boundary) }]
        options.push({ ...common, ...each, doubts: [...strange, ...onLeaf, ...each.doubts] })
      }
      if (isMultipart) doubts.push(...boundaryDoubts(all))
    }
  }
  if (clear === 0) {
    const reason = values[0]?.doubt ?? 'header-odd-name'
    const without = { ...absent, doubts: [{ reason, detail: 'no clear Content-Type' }] }
    return { options: reason === 'bare-cr' ? [without, ...options] : [...options, without], doubts }
  }
  return { options, doubts }
}

/** A boundary that clients may take differently is in doubt, also where only one value has lines. */
function boundaryDoubts({ map }: Parameters): Doubt[] {
  const parameter = map.get('boundary')
  if (parameter === undefined) return []
  const detail = evidence(parameter.values.join(' '))
  if (parameter.twice) return [{ reason: 'boundary-twice', detail }]
  return parameter.odd || parameter.extended ? [{ reason: 'boundary-odd', detail }] : []
}

/** The boundaries of one Content-Type, then those of the others. RFC 2046 §5.1.1: none ends in a blank. */
function boundaryOptions(
  own: Parameters,
  every: readonly string[],
  borrowing: AmbiguityReason,
): { boundary: string; doubts: Doubt[] }[] {
  const parameter = own.map.get('boundary')
  const options = new Map<string, Doubt[]>()
  const add = (boundary: string, reason: AmbiguityReason) => {
    const trimmed = boundary.trimEnd()
    if (trimmed === '' || options.has(trimmed)) return
    options.set(trimmed, options.size === 0 ? [] : [{ reason, detail: evidence(trimmed) }])
  }
  const reason = parameter?.twice === true ? 'boundary-twice' : 'boundary-odd'
  for (const value of parameter?.values ?? []) {
    add(octetsOf(value), reason)
    add(octetsOf(decodeWords(value)), 'boundary-odd')
    add(octetsOf(value.trimStart()), 'boundary-odd')
  }
  for (const value of every.slice(0, mostValues)) add(octetsOf(value), borrowing)
  return [...options].slice(0, mostValues).map(([boundary, doubts]) => ({ boundary, doubts }))
}

const utf8 = new TextEncoder()

/** A boundary is compared octet by octet; a value beyond ASCII was read as UTF-8. */
function octetsOf(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : String.fromCharCode(...utf8.encode(text.slice(0, 1000)))
}

interface EncodingOption extends EncodingReading {
  readonly detail: string
}

function encodingOptions({ options: values, clear }: Values): EncodingOption[] {
  const options = values.flatMap(({ value, doubt }, index) =>
    readEncodings(value).map((each) => ({
      encoding: each.encoding,
      doubt: doubt ?? each.doubt ?? (index > 0 ? 'encoding-twice' : undefined),
      detail: evidence(value),
    })),
  )
  // RFC 2045 §6.1: without the field it is 7bit.
  if (clear === 0) {
    const doubt = values[0]?.doubt
    const absent = { encoding: '7bit', doubt, detail: 'no clear Content-Transfer-Encoding' } as const
    return doubt === 'bare-cr' ? [absent, ...options] : [...options, absent]
  }
  return options
}

function combine(types: readonly TypeOption[], encodings: readonly EncodingOption[]): Interpretation[] {
  const found = new Map<string, Interpretation>()
  for (const type of types)
    for (const encoding of encodings)
      for (const interpretation of interpret(type, encoding)) {
        const key = keyOf(interpretation)
        if (!found.has(key)) found.set(key, interpretation)
      }
  return [...found.values()]
}

function keyOf({ container, type, encoding, boundary, inner }: Interpretation): string {
  const kind = container === 'leaf' ? type || 'text/plain' : container
  return [kind, isIdentity(encoding) ? '' : encoding, boundary, inner ?? '-'].join('\n')
}

const messageTypes = new Set(['message/rfc822', 'message/global', 'message/news'])

function interpret(option: TypeOption, { encoding, doubt, detail }: EncodingOption): Interpretation[] {
  const doubts = [...option.doubts, ...(doubt === undefined ? [] : [{ reason: doubt, detail }])]
  const parameters = new Map([...option.all.map].map(([name, { values }]) => [name, values[0] ?? '']))
  const common = {
    type: option.type,
    parameters,
    encoding,
    boundary: '',
    inner: undefined,
    asContent: undefined,
    doubts,
    tentative: false,
  }
  const onContainer: Doubt = { reason: 'encoding-on-container', detail: `${option.type} ${encoding}` }
  if (option.boundary !== '') {
    const type = option.type.startsWith('multipart/') ? option.type : 'multipart/mixed'
    const raw: Interpretation = {
      ...common,
      container: 'multipart',
      type,
      encoding: '7bit',
      boundary: option.boundary,
    }
    const onLeaf =
      type === option.type ? undefined : doubts.find(({ reason }) => reason === 'boundary-on-leaf')
    const about = isIdentity(encoding) ? onLeaf : onContainer
    const asContent = about === undefined ? undefined : { type: option.type, encoding, doubt: about }
    if (isIdentity(encoding)) return [{ ...raw, asContent }]
    const inner = `Content-Type:${option.raw.replace(/[\r\n]+$/, '')}\r\n\r\n`
    return [
      { ...raw, asContent },
      { ...common, container: 'leaf', inner, doubts: [...doubts, onContainer] },
    ]
  }
  if (!messageTypes.has(option.type)) return [{ ...common, container: 'leaf' }]
  if (isIdentity(encoding)) return [{ ...common, container: 'message' }]
  return [
    { ...common, container: 'leaf', inner: '' },
    { ...common, container: 'message', encoding: '7bit', tentative: true, doubts: [...doubts, onContainer] },
  ]
}
