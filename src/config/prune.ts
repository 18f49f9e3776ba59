/**
 * Cuts what the schema refuses out of the data, so that everything else can be checked too: one run
 * of `validate` shows all problems, not those of the first layer.
 */
import { child, type Path } from './problems.ts'
import type { Settings } from './schema.ts'
import { type SchemaRemark, validate } from './validate.ts'

export interface Pruned {
  readonly settings: Settings
  /** What was cut out, as paths of the whole data. */
  readonly cut: readonly Path[]
  /** A path of the pruned settings as one of the whole data: lists have moved together. */
  readonly original: (path: Path) => Path
}

/** Each round can uncover a setting that was needed by the one around it; the schema is this deep. */
const mostRounds = 8

/** `undefined` when nothing sensible is left. */
export function prune(data: unknown, first: readonly SchemaRemark[]): Pruned | undefined {
  const copy: unknown = structuredClone(data)
  const moved = new Map<unknown, number[]>()
  const original = (path: Path): Path => {
    let node: unknown = copy
    return path.map((step) => {
      const before = typeof step === 'number' ? (moved.get(node)?.[step] ?? step) : step
      node = child(node, step)
      return before
    })
  }
  const cut: Path[] = []
  let remarks = first
  for (let round = 0; round < mostRounds; round += 1) {
    cut.push(...remarks.map(({ remove }) => original(remove)))
    if (!removeAll(copy, remarks, moved)) return undefined
    const next = validate(copy)
    if (next.ok) return { settings: next.settings, cut, original }
    remarks = next.remarks
  }
  return undefined
}

function removeAll(copy: unknown, remarks: readonly SchemaRemark[], moved: Map<unknown, number[]>): boolean {
  const holes = new Map<unknown[], Set<number>>()
  for (const { remove, path } of remarks) {
    const last = remove.at(-1)
    if (path.length === 1 && path[0] === 'version') {
      // Without a version nothing could be judged; the remark about it stands anyway.
      if (typeof copy !== 'object' || copy === null) return false
      Object.assign(copy, { version: 1 })
      continue
    }
    if (last === undefined) return false
    const parent = remove.slice(0, -1).reduce(child, copy)
    if (Array.isArray(parent)) {
      const list: unknown[] = parent
      holes.set(list, (holes.get(list) ?? new Set()).add(Number(last)))
    } else if (typeof parent === 'object' && parent !== null) Reflect.deleteProperty(parent, last)
  }
  for (const [list, gone] of holes) {
    const places = moved.get(list) ?? list.map((_, index) => index)
    moved.set(
      list,
      places.filter((_, index) => !gone.has(index)),
    )
    list.splice(0, list.length, ...list.filter((_, index) => !gone.has(index)))
  }
  return true
}
