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
    if (written.get(item.name) !== item || whole.has(item.name)) continue
    const chain = follow(item, written, whole, family.baseOf)
    const path: Path = [list, index, 'basedOn']
    if (chain.end === 'unknown' && chain.items.length === 1)
      remarks.push(
        error(path, `no ${noun} is called ${JSON.stringify(chain.base)}${orKnown(chain.base, names)}`),
      )
    if (chain.end === 'circle' && chain.base === item.name) {
      const circle = [...chain.items.map(({ name }) => name), item.name].join(' -> ')
      remarks.push(error(path, `the chain of basedOn runs in a circle: ${circle}`))
    }
    const start = whole.get(chain.base)
    if (chain.end === 'whole' && start !== undefined)
      chain.items.reduceRight<Whole>((base, each) => {
        const merged = family.merge(base, each)
        whole.set(each.name, merged)
        return merged
      }, start)
  }
  return { whole, names, bases: new Set(items.map(family.baseOf)), remarks }
}

interface Chain<Item> {
  /** From the item itself to the last one before `base`. */
  readonly items: readonly Item[]
  readonly base: string
  readonly end: 'whole' | 'unknown' | 'circle'
}

function follow<Item extends { name: string }, Whole>(
  item: Item,
  written: ReadonlyMap<string, Item>,
  whole: ReadonlyMap<string, Whole>,
  baseOf: (item: Item) => string,
): Chain<Item> {
  const items = new Set([item])
  let base = baseOf(item)
  while (!whole.has(base)) {
    const next = written.get(base)
    if (next === undefined) return { items: [...items], base, end: 'unknown' }
    if (items.has(next)) return { items: [...items], base, end: 'circle' }
    items.add(next)
    base = baseOf(next)
  }
  return { items: [...items], base, end: 'whole' }
}

/** Names that stand twice in a list. */
export function doubles(list: string, items: readonly { readonly name: string }[]): Remark[] {
  const owners = new Map<string, number>()
  return items.flatMap(({ name }, index) => {
    const first = owners.get(name)
    if (first !== undefined)
      return [error([list, index, 'name'], `the name ${JSON.stringify(name)} is taken by ${list}[${first}]`)]
    owners.set(name, index)
    return []
  })
}

/** A suggestion when one is near, else the names there are. */
export function orKnown(word: string, names: readonly string[]): string {
  return suggestion(word, names) || `; there are ${names.join(', ')}`
}
