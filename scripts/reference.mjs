// Makes the reference pages from the sources: every setting from the schema, every event from the
// catalogue, so that a page can never say something else than the program.
//   node scripts/reference.mjs            compares; ends with 1 when a page differs
//   node scripts/reference.mjs --write    writes them
// Needs Node 24, which reads the types out of the sources by itself.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigurationSchema, kinds, predefinedActions, predefinedProfiles } from '../src/config/index.ts'
import { catalogue } from '../src/events/index.ts'
import { eventsPage } from './reference-events.mjs'
import { predefinedSection } from './reference-predefined.mjs'
import { settingsSection } from './reference-settings.mjs'

const REMEDY = 'run "node scripts/reference.mjs --write", and read what changed'

/** Every page by its path from the checkout's root. */
export function pages() {
  return {
    'docs/reference/configuration.md': configurationPage(),
    'docs/reference/events.md': eventsPage(catalogue),
  }
}

function configurationPage() {
  return `# The configuration

Made from \`src/config/\` by \`node scripts/reference.mjs --write\`. Change the schema, not this page.

One YAML 1.2 file holds everything. \`postern run -c FILE\` names it; else it is \`./postern.yaml\`, else
\`/etc/postern/postern.yaml\`. Relative paths in it start at its own folder. \`postern validate\` says what is
wrong, with line and column; a name that is not known is an error. \`postern config schema\` prints a JSON
Schema for editors. Whole configurations to start from stand in \`examples/\`.

\`[]\` behind a name means each entry of a list. "Inherited" means: where a proxy action or TLS profile is
silent, what it is \`basedOn\` decides; [what is predefined](#what-is-predefined) stands below.

${settingsSection(ConfigurationSchema, kinds)}
${predefinedSection(predefinedActions, predefinedProfiles)}`
}

/** @returns what is to be said about each page that differs */
function compare(root) {
  return Object.entries(pages())
    .filter(
      ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text,
    )
    .map(([path]) => `${path} differs from the sources; ${REMEDY}`)
}

function write(root) {
  for (const [path, text] of Object.entries(pages())) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
  const root = folder ?? fileURLToPath(new URL('..', import.meta.url))
  if (process.argv.includes('--write')) write(root)
  const faults = compare(root)
  for (const fault of faults) process.stdout.write(`${fault}\n`)
  process.exitCode = faults.length === 0 ? 0 : 1
}
