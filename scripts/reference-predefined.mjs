// The predefined proxy actions and TLS profiles as a part of the reference page: a table of plain
// values, and below it what does not fit into a table (lists of rules, texts of several lines).
import { stringify } from 'yaml'
import { flow } from './reference-settings.mjs'

/** A rule that is longer is written over several lines. */
const LONGEST_LINE = 100

/**
 * @param {ReadonlyMap<string, object>} actions
 * @param {ReadonlyMap<string, object>} profiles
 * @returns {string}
 */
export function predefinedSection(actions, profiles) {
  return `## What is predefined

These cannot be changed, only cloned: \`basedOn\`. The bare names keep what the Firebox did, for people who
migrate; the \`.Standard\` ones are what we recommend.

### Proxy actions

${both(actions)}
### TLS profiles

${both(profiles)}`
}

/** The table of a family, and its long values. */
function both(family) {
  const names = [...family.keys()]
  const columns = [...family.values()].map((whole) => new Map(leaves(whole)))
  const paths = [...new Set(columns.flatMap((column) => [...column.keys()]))]
  const row = (cells) => `| ${cells.join(' | ')} |\n`
  const table = [
    row(['setting', ...names.map((name) => `\`${name}\``)]),
    row(['---', ...names.map(() => '---')]),
    ...paths.map((path) => row([`\`${path}\``, ...columns.map((column) => cell(column.get(path)))])),
  ]
  const texts = paths.flatMap((path) => longTexts(path, names, columns))
  return [table.join(''), ...texts].join('\n')
}

/** Every setting with its value. What judges content stands in a group of its own only inside the program. */
function leaves(whole, path = '') {
  return Object.entries(whole).flatMap(([name, value]) => {
    if (path === '' && name === 'content') return leaves(value)
    const at = path === '' ? name : `${path}.${name}`
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isGroup ? leaves(value, at) : [[at, value]]
  })
}

const isLong = (value) =>
  (Array.isArray(value) && value.length > 0) || (typeof value === 'string' && value.includes('\n'))

function cell(value) {
  if (value === undefined) return ''
  if (Array.isArray(value) && value.length > 0) return `${value.length}, below`
  return isLong(value) ? 'below' : `\`${flow(value).replaceAll('|', '\\|')}\``
}

/** Each distinct long value of a setting once, with the names of all who have it. */
function longTexts(path, names, columns) {
  const owners = new Map()
  for (const [index, column] of columns.entries()) {
    const value = column.get(path)
    if (!isLong(value)) continue
    const text = nested(path.split('.'), value)
    owners.set(text, [...(owners.get(text) ?? []), names[index]])
  }
  return [...owners].map(
    ([text, who]) =>
      `\`${path}\` of ${who.map((name) => `\`${name}\``).join(', ')}:\n\n\`\`\`yaml\n${text}\`\`\`\n`,
  )
}

/** A setting as it stands in a proxy action: its groups around it, a rule a line where it fits. */
function nested([name, ...inner], value) {
  const indent = (text) => text.replace(/^(?=.)/gm, '  ')
  if (inner.length > 0) return `${name}:\n${indent(nested(inner, value))}`
  if (!Array.isArray(value)) return stringify({ [name]: value })
  const items = value.map((each) => {
    const line = `- ${flow(each)}\n`
    return line.length <= LONGEST_LINE ? line : stringify([each], { flowCollectionPadding: true })
  })
  return `${name}:\n${indent(items.join(''))}`
}
