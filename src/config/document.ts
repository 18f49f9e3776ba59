/** YAML text to plain data, with the place of every setting kept for messages. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
  type Document as YamlDocument,
} from 'yaml'
import type { Path } from './problems.ts'

export interface Position {
  readonly line: number
  readonly column: number
}

/** Something wrong with the YAML itself. */
export interface Flaw extends Position {
  readonly message: string
}

export interface Document {
  readonly data: unknown
  /** Where a setting stands; for one that is not there, where the nearest thing around it stands. */
  readonly locate: (path: Path, at: 'key' | 'value') => Position
}

export type DocumentReading =
  | { readonly ok: true; readonly document: Document; readonly flaws: readonly Flaw[] }
  | { readonly ok: false; readonly flaws: readonly Flaw[] }

/** Most text read, in characters: a thousand policies fit in a tenth of it, and parsing stays a matter of a second. */
export const longestText = 2 ** 20
/** Most values that aliases may unfold to: anchors for repeated lists need a few; a "billion laughs" needs more. */
const mostAliases = 100

/** Reads one YAML 1.2 document. Never throws. Data comes back also when keys are doubled, with a flaw for each. */
export function readYaml(text: string): DocumentReading {
  if (text.length > longestText)
    return broken({ line: 1, column: 1, message: `the file is larger than ${longestText} characters` })
  try {
    return parse(text)
  } catch (fault) {
    // The parser answers hostile nesting with a RangeError of the JavaScript stack.
    const message = fault instanceof RangeError ? tooDeep : `not valid YAML: ${String(fault)}`
    return broken({ line: 1, column: 1, message })
  }
}

const tooDeep = 'lists and groups are nested too deeply'

function parse(text: string): DocumentReading {
  const lines = new LineCounter()
  const yaml = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    stringKeys: true,
    // Looked for below, in one go: the parser compares each key with every other.
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    logLevel: 'error',
  })
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const faults = [...yaml.errors, ...yaml.warnings]
  const flaws = distinct(
    faults.map((fault) => ({ ...position(fault.pos[0]), message: explain(fault, text) })),
  )
  const exhausted = faults.findIndex((fault) => fault.code === 'RESOURCE_EXHAUSTION')
  if (exhausted >= 0) return broken({ ...position(faults[exhausted]?.pos[0] ?? 0), message: tooDeep })
  if (flaws.length > 0) return { ok: false, flaws }

  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(yaml) : node)
  let data: unknown
  try {
    data = yaml.toJS({ maxAliasCount: mostAliases })
  } catch (fault) {
    return broken({ ...position(placeOfAlias(yaml)), message: explainAlias(String(fault)) })
  }
  const pairs = new Map<YAMLMap, ReadonlyMap<string, Pair>>()
  const doubled: Flaw[] = []
  visit(yaml, {
    Map: (_, map) => {
      const { byKey, doubles } = indexOf(map)
      pairs.set(map, byKey)
      for (const { key, place } of doubles)
        doubled.push({
          ...position(place),
          message: `the setting ${JSON.stringify(key)} stands twice in this group: keep one`,
        })
    },
  })
  const locate = (path: Path, at: 'key' | 'value'): Position => {
    let place = offsetOf(yaml.contents)
    let node: unknown = resolve(yaml.contents)
    for (const [index, step] of path.entries()) {
      const last = index === path.length - 1
      if (isMap(node)) {
        const pair = pairs.get(node)?.get(String(step))
        if (pair === undefined) break
        const empty = isScalar(pair.value) && pair.value.value === null
        place = last && (at === 'key' || empty) ? offsetOf(pair.key) : offsetOf(pair.value)
        node = resolve(pair.value)
      } else if (isSeq(node) && typeof step === 'number') {
        const item: unknown = node.items[step]
        if (item === undefined) break
        place = offsetOf(item)
        node = resolve(item)
      } else break
    }
    return position(place)
  }
  return { ok: true, document: { data, locate }, flaws: doubled }
}

interface Index {
  readonly byKey: ReadonlyMap<string, Pair>
  readonly doubles: readonly { readonly key: string; readonly place: number }[]
}

/** The pairs of a group by their keys. Of doubled keys the last one counts, as it does for the data. */
function indexOf(map: YAMLMap): Index {
  const byKey = new Map<string, Pair>()
  const doubles: { key: string; place: number }[] = []
  for (const pair of map.items) {
    if (!isScalar(pair.key)) continue
    const key = String(pair.key.value)
    if (byKey.has(key)) doubles.push({ key, place: offsetOf(pair.key) })
    byKey.set(key, pair)
  }
  return { byKey, doubles }
}

/** The parser reports a bracket that is open in another one again for each. */
function distinct(flaws: readonly Flaw[]): Flaw[] {
  const byText = flaws.map((flaw) => [`${flaw.line}:${flaw.column} ${flaw.message}`, flaw] as const)
  return [...new Map(byText).values()]
}

/** The first alias that leads nowhere, else the first of all. */
function placeOfAlias(yaml: YamlDocument): number {
  const aliases: { readonly place: number; readonly sound: boolean }[] = []
  visit(yaml, {
    Alias: (_, alias) => {
      aliases.push({ place: offsetOf(alias), sound: alias.resolve(yaml) !== undefined })
    },
  })
  return (aliases.find(({ sound }) => !sound) ?? aliases[0])?.place ?? 0
}

function offsetOf(node: unknown): number {
  return (node as Partial<Node> | null)?.range?.[0] ?? 0
}

function broken(flaw: Flaw): DocumentReading {
  return { ok: false, flaws: [flaw] }
}

function explainAlias(fault: string): string {
  const name = /before the alias\): (.*)$/s.exec(fault)?.[1]
  return name === undefined
    ? `the aliases (*name) unfold to more than ${mostAliases} copies: write the values out`
    : `the alias *${name} names no anchor: write &${name} before the value it stands for`
}

function explain(fault: YAMLError, text: string): string {
  switch (fault.code) {
    case 'TAB_AS_INDENT':
      return 'not valid YAML: a tab is used to indent; use spaces'
    case 'BAD_INDENT':
      return 'not valid YAML: the indentation does not fit the lines around it'
    case 'MULTIPLE_DOCS':
      return 'the file holds a second document after "---": one file is one configuration'
    case 'NON_STRING_KEY':
      return 'not valid YAML here: the name of a setting must be plain text'
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'not valid YAML: a second ": " on one line; put the value in quotes or on lines of its own'
    case 'BAD_SCALAR_START':
      return `not valid YAML: a value cannot begin with ${JSON.stringify(text.charAt(fault.pos[0]))}; put it in quotes`
    case 'TAG_RESOLVE_FAILED':
      return 'tags (words that begin with "!") mean nothing here: take it out'
    default:
      return `not valid YAML: ${fault.message.charAt(0).toLowerCase()}${fault.message.slice(1)}`
  }
}
