// The settings as a part of the reference page: walks the schema, whatever is in it, and writes one
// entry for each setting: its path, what it takes, its default, what it does, examples.
import { stringify } from 'yaml'

/**
 * @typedef {{ type?: string, kind?: string, expects?: string, description?: string, default?: unknown,
 *   examples?: unknown[], enum?: unknown[], const?: unknown, minimum?: number, maximum?: number,
 *   anyOf?: Schema[], items?: Schema, properties?: Record<string, Schema>, required?: string[] }} Schema
 * @param {Schema} schema of the whole configuration
 * @param {Record<string, { expects: string }>} kinds what each kind of text is, as the end of "expected …"
 * @returns {string}
 */
export function settingsSection(schema, kinds) {
  return Object.entries(schema.properties ?? {})
    .map(([name, each]) => `## ${name}\n\n${entry(name, each, isNeeded(schema, name), kinds)}`)
    .join('\n')
}

/** One setting, and all that stand in it. */
function entry(path, schema, needed, kinds) {
  const group = groupOf(schema)
  const own = [facts(schema, needed, kinds), descriptionOf(schema), examples(path, schema)]
  const inner = Object.entries(group?.properties ?? {}).map(([name, each]) => {
    const whole = `${path}${schema.type === 'array' ? '[]' : ''}.${name}`
    return `### ${whole}\n\n${entry(whole, each, isNeeded(group, name), kinds)}`
  })
  return [...own.filter((text) => text !== '').map((text) => `${text}\n`), ...inner].join('\n')
}

/** The schema with the names in it, for a group and for a list of groups. */
function groupOf(schema) {
  if (schema.properties !== undefined) return schema
  return schema.items?.properties === undefined ? undefined : schema.items
}

const isNeeded = (group, name) => group.required?.includes(name) ?? false

function descriptionOf(schema) {
  return schema.description ?? schema.items?.description ?? ''
}

/** A line about what may be written. */
function facts(schema, needed, kinds) {
  const takes = `Takes ${shape(schema, kinds)}.`
  // What is inherited has no default of its own: the base decides.
  if (descriptionOf(schema).includes('Inherited.')) return `${takes} Inherited.`
  if (schema.default !== undefined) return `${takes} Default: \`${flow(schema.default)}\`.`
  return `${takes} ${needed ? 'Must be given.' : 'May be left out.'}`
}

/** What a setting takes, in the words of the messages about it. */
function shape(schema, kinds) {
  if (schema.expects !== undefined) return schema.expects
  if (schema.anyOf !== undefined)
    return [...new Set(schema.anyOf.map((each) => shape(each, kinds)))].join(', or ')
  if (schema.enum !== undefined) return orList(schema.enum.map((each) => `\`${flow(each)}\``))
  if (schema.const !== undefined) return `\`${flow(schema.const)}\``
  if (schema.kind !== undefined) return kinds[schema.kind].expects
  switch (schema.type) {
    case 'array':
      return schema.items.properties === undefined
        ? `a list; each entry: ${shape(schema.items, kinds)}`
        : 'a list of groups'
    case 'object':
      return 'a group of settings'
    case 'boolean':
      return '`true` or `false`'
    case 'integer':
      return `a whole number from ${schema.minimum} to ${schema.maximum}`
    default:
      return schema.type
  }
}

/** The default is no example; and an example of a group would repeat those of its settings. */
function examples(path, schema) {
  const name = path.split('.').at(-1)
  const lines = (schema.examples ?? [])
    .filter((each) => JSON.stringify(each) !== JSON.stringify(schema.default))
    .map((each) => `\`${name}: ${flow(each)}\``)
  if (lines.length === 0) return ''
  return `${lines.length === 1 ? 'Example' : 'Examples'}: ${lines.join(', ')}`
}

function orList(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** A value as one writes it behind a colon. */
export function flow(value) {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd()
}
