/** The schema as editors want it: JSON Schema, with our own words taken out. */
import { ConfigurationSchema } from './schema.ts'

/**
 * JSON Schema (draft 7, which is what editors read best) of the configuration file. It knows names,
 * types and values; what only Postern can judge (addresses, names that lead somewhere) it leaves to
 * `postern validate`.
 */
export function jsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Postern configuration',
    ...withoutOurWords(ConfigurationSchema),
  }
}

const ours: readonly string[] = ['kind', 'expects']

function withoutOurWords(schema: object): Record<string, unknown> {
  const entries = Object.entries(schema).filter(
    ([key, value]) => !(ours.includes(key) && typeof value === 'string'),
  )
  return Object.fromEntries(
    entries.map(([key, value]: [string, unknown]) => [
      key,
      Array.isArray(value) ? value.map(clean) : clean(value),
    ]),
  )
}

function clean(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? withoutOurWords(value) : value
}
