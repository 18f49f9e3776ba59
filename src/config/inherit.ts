/** Follows `basedOn`: what each proxy action and TLS profile comes to, and chains that lead nowhere. */
import { mergeContent } from './inherit-content.ts'
import {
  predefinedActions,
  predefinedProfiles,
  usualActionBase,
  usualProfileBase,
  type WholeAction,
  type WholeProfile,
} from './predefined.ts'
import { error, type Path, type Remark } from './problems.ts'
import type { ProxyActionSettings, Settings, TlsProfileSettings } from './schema.ts'
import { suggestion } from './suggest.ts'

/** Everything that can be named, predefined or written, by name; what has no sound chain is left out. */
export interface Resolved<Whole> {
  readonly whole: ReadonlyMap<string, Whole>
  /** Every name that is taken, sound or not. */
  readonly names: readonly string[]
  /** Names that others build on. */
  readonly bases: ReadonlySet<string>
  readonly remarks: readonly Remark[]
}

export function resolveActions(settings: Settings): Resolved<WholeAction> {
  return resolve<ProxyActionSettings, WholeAction>({
    list: 'proxyActions',
    noun: 'proxy action',
    items: settings.proxyActions ?? [],
    predefined: predefinedActions,
    baseOf: (item) => item.basedOn ?? usualActionBase(item.kind),
    merge: (base, item) => ({
      kind: item.kind ?? base.kind,
      tls: { ...base.tls, ...item.tls },
      general: { ...base.general, ...item.general },
      content: mergeContent(base.content, item),
    }),
  })
}

export function resolveProfiles(settings: Settings): Resolved<WholeProfile> {
  return resolve<TlsProfileSettings, WholeProfile>({
    list: 'tlsProfiles',
    noun: 'TLS profile',
    items: settings.tlsProfiles ?? [],
    predefined: predefinedProfiles,
    baseOf: (item) => item.basedOn ?? usualProfileBase,
    merge: (base, { minimumVersion, maximumVersion, pfsCiphers }) => ({
      minimumVersion: minimumVersion ?? base.minimumVersion,
      maximumVersion: maximumVersion ?? base.maximumVersion,
      pfsCiphers: pfsCiphers ?? base.pfsCiphers,
    }),
  })
}

interface Family<Item, Whole> {
  readonly list: string
  readonly noun: string
  readonly items: readonly Item[]
  readonly predefined: ReadonlyMap<string, Whole>
  readonly baseOf: (item: Item) => string
  readonly merge: (base: Whole, item: Item) => Whole
}

function resolve<Item extends { name: string; basedOn?: string }, Whole>(
  family: Family<Item, Whole>,
): Resolved<Whole> {
  const { list, noun, items, predefined } = family
  const remarks: Remark[] = [...doubles(list, items)]
  const written = new Map<string, Item>()
  for (const [index, item] of items.entries()) {
    if (predefined.has(item.name))
      remarks.push(
        error(
          [list, index, 'name'],
          `${JSON.stringify(item.name)} is predefined and cannot be changed: choose another name, such as "${item.name}.1", and write "basedOn: ${item.name}"`,
        ),
      )
    else if (!written.has(item.name)) written.set(item.name, item)
  }
  const names = [...predefined.keys(), ...written.keys()]
  const whole = new Map(predefined)
  for (const [index, item] of items.entries()) {
    if (written.get(item.name) !== item) continue
    const chain = follow(item, written, predefined, family.baseOf)
    const path: Path = [list, index, 'basedOn']
    if (chain.end === 'unknown' && chain.items.length === 1)
      remarks.push(
        error(path, `no ${noun} is called ${JSON.stringify(chain.base)}${orKnown(chain.base, names)}`),
      )
    if (chain.end === 'circle' && chain.base === item.name) {
      const circle = [...chain.items.map(({ name }) => name), item.name].join(' -> ')
      remarks.push(error(path, `the chain of basedOn runs in a circle: ${circle}`))
    }
    const start = predefined.get(chain.base)
    if (chain.end === 'predefined' && start !== undefined)
      whole.set(item.name, chain.items.reduceRight(family.merge, start))
  }
  return { whole, names, bases: new Set(items.map(family.baseOf)), remarks }
}

interface Chain<Item> {
  /** From the item itself to the last one before `base`. */
  readonly items: readonly Item[]
  readonly base: string
  readonly end: 'predefined' | 'unknown' | 'circle'
}

function follow<Item extends { name: string }, Whole>(
  item: Item,
  written: ReadonlyMap<string, Item>,
  predefined: ReadonlyMap<string, Whole>,
  baseOf: (item: Item) => string,
): Chain<Item> {
  const items: Item[] = [item]
  let base = baseOf(item)
  for (let next = written.get(base); next !== undefined; next = written.get(base)) {
    if (items.includes(next)) return { items, base, end: 'circle' }
    items.push(next)
    base = baseOf(next)
  }
  return { items, base, end: predefined.has(base) ? 'predefined' : 'unknown' }
}

/** Names that stand twice in a list. */
export function doubles(list: string, items: readonly { readonly name: string }[]): Remark[] {
  return items.flatMap((item, index) => {
    const first = items.findIndex(({ name }) => name === item.name)
    if (first === index) return []
    return [
      error([list, index, 'name'], `the name ${JSON.stringify(item.name)} is taken by ${list}[${first}]`),
    ]
  })
}

/** A suggestion when one is near, else the names there are. */
export function orKnown(word: string, names: readonly string[]): string {
  return suggestion(word, names) || `; there are ${names.join(', ')}`
}
