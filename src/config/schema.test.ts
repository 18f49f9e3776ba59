import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatPath, type Path } from './problems.ts'
import { ConfigurationSchema } from './schema.ts'
import { type KindName, kinds } from './values.ts'

/** What the test looks at in a schema. */
interface Schema {
  readonly type?: string
  readonly kind?: KindName
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: unknown
}

/** Every setting with its path; `[]` stands for the entries of a list. */
function settings(schema: Schema, path: Path = []): (readonly [string, Schema])[] {
  const own = path.length === 0 ? [] : [[formatPath(path), schema] as const]
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
    settings(each, [...path, name]),
  )
  const entries = schema.items?.properties === undefined ? [] : settings(schema.items, [...path, 'each'])
  return [...own, ...inner, ...entries]
}

/** Whether the schema alone takes a value. */
function takes(schema: Schema, value: unknown): boolean {
  if (schema.anyOf !== undefined) return schema.anyOf.some((each) => takes(each, value))
  if (schema.enum !== undefined) return schema.enum.includes(value)
  if (schema.const !== undefined) return schema.const === value
  if (schema.kind !== undefined && (typeof value === 'string' || typeof value === 'number'))
    return kinds[schema.kind].parse(String(value)).ok
  switch (schema.type) {
    case 'array':
      return (
        Array.isArray(value) && value.every((each) => schema.items !== undefined && takes(schema.items, each))
      )
    case 'integer':
      return Number(value) >= (schema.minimum ?? 0) && Number(value) <= (schema.maximum ?? 0)
    default:
      return typeof value === schema.type
  }
}

const all = settings(ConfigurationSchema)

test('the walk sees the settings', () => {
  assert.ok(all.length > 50, `${all.length}`)
  for (const path of ['policies', 'policies.each.ports.pop3', 'proxyActions.each.tls.rules.each.match'])
    assert.ok(
      all.some(([each]) => each === path),
      path,
    )
})

describe('each setting', () => {
  test('says what it does, in a sentence', () => {
    const silent = all.filter(([, { description, items }]) => {
      const text = description ?? items?.description ?? ''
      return !/^[`A-Z].*[.]$/s.test(text)
    })
    assert.deepEqual(
      silent.map(([path]) => path),
      [],
    )
  })
  test('has a default, or an example, or words to choose from', () => {
    const dumb = all.filter(
      ([, { properties, items, ...each }]) =>
        properties === undefined &&
        items === undefined &&
        each.default === undefined &&
        each.examples === undefined &&
        each.enum === undefined,
    )
    assert.deepEqual(
      dumb.map(([path]) => path),
      [],
    )
  })
  test('takes its own default and examples', () => {
    const wrong = all.filter(([, schema]) =>
      [...(schema.default === undefined ? [] : [schema.default]), ...(schema.examples ?? [])].some(
        (value) => !takes(schema, value),
      ),
    )
    assert.deepEqual(
      wrong.map(([path]) => path),
      [],
    )
  })
  test('that is a group refuses names it does not know', () => {
    const open = all.filter(
      ([, { properties, items, ...each }]) =>
        (properties !== undefined && each.additionalProperties !== false) ||
        (items?.properties !== undefined && items.additionalProperties !== false),
    )
    assert.deepEqual(
      open.map(([path]) => path),
      [],
    )
  })
})
