// The reference page of events, from the catalogue.

const FIELD_TYPES = {
  string: 'text',
  number: 'number',
  boolean: '`true` or `false`',
  strings: 'list of texts',
}

/**
 * @param {Record<string, { severity: string, sentence: string, fields: Record<string, string> }>} catalogue
 * @returns {string}
 */
export function eventsPage(catalogue) {
  const entries = Object.entries(catalogue)
  const link = (code) => `[\`${code}\`](#${code.toLowerCase().replace(/[^a-z0-9_-]/g, '')})`
  const rows = entries.map(
    ([code, { severity, sentence }]) => `| ${link(code)} | ${severity} | ${sentence} |\n`,
  )
  return `# The events

Made from \`src/events/catalogue.ts\` by \`node scripts/reference.mjs --write\`. Change the catalogue, not this page.

The log holds one JSON object a line, and each is one of these events. Beside its own fields each has
\`severity\`, \`time\` (ISO 8601, UTC), \`code\` (the name of the event) and \`message\` (its sentence). No field
ever holds a password, a token or a key.

| event | severity | what happened |
| --- | --- | --- |
${rows.join('')}
${entries.map(([code, each]) => section(code, each)).join('\n')}`
}

function section(code, { severity, sentence, fields }) {
  const rows = Object.entries(fields).map(([name, type]) => {
    const base = type.replace('?', '')
    return `| \`${name}\` | ${FIELD_TYPES[base] ?? base} | ${type.endsWith('?') ? 'may be absent' : 'always'} |\n`
  })
  return `## ${code}

${sentence} Severity: ${severity}.

| field | type | present |
| --- | --- | --- |
${rows.join('')}`
}
