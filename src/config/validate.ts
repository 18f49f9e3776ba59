/** Holds data against the schema, and says in plain sentences what does not fit. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { child, error, type Path, type Remark } from './problems.ts'
import { ConfigurationSchema, type Settings } from './schema.ts'
import { suggestion } from './suggest.ts'
import { type KindName, kinds } from './values.ts'

/** A remark, with what has to go for the rest to be judged by itself. */
export interface SchemaRemark extends Remark {
  readonly remove: Path
}

export type Validation =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly remarks: readonly SchemaRemark[] }

export function validate(data: unknown): Validation {
  const fits = validator()
  if (fits(data)) return { ok: true, settings: data }
  const errors = fits.errors ?? []
  return { ok: false, remarks: essential(errors).map((fault) => translate(fault, data)) }
}

let compiled: ValidateFunction<Settings> | undefined

/** Compiled once, at the first use: commands that read no configuration do not wait for it. */
function validator(): ValidateFunction<Settings> {
  if (compiled !== undefined) return compiled
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    ownProperties: true,
  })
  ajv.addVocabulary(['expects'])
  ajv.addKeyword({
    keyword: 'kind',
    schemaType: 'string',
    type: ['string', 'integer'],
    errors: true,
    compile: (kind: KindName, schema: Schema) => {
      const check: ((value: unknown) => boolean) & { errors?: Partial<ErrorObject>[] } = (value) => {
        // A number where only text will do: that it has the wrong type is said already.
        if (typeof value !== 'string' && schema.type === 'string') return true
        const parsed = kinds[kind].parse(String(value))
        check.errors = parsed.ok ? [] : [{ keyword: 'kind', message: parsed.message, params: {} }]
        return parsed.ok
      }
      return check
    },
  })
  compiled = ajv.compile<Settings>(ConfigurationSchema)
  return compiled
}

/**
 * "One value or a list" fails in every branch at once: what counts is what was said about the branch
 * that has the type of the value, or the whole when none has.
 */
function essential(errors: readonly ErrorObject[]): ErrorObject[] {
  const said = new Set<string>()
  const kept = errors.filter(({ keyword, schemaPath, instancePath, message }) => {
    if (keyword === 'type' && /\/anyOf\/\d+\/type$/.test(schemaPath)) return false
    // Branches of one kind (a size as text or as a number) say the same.
    const sentence = `${instancePath} ${message}`
    if (keyword === 'kind' && said.has(sentence)) return false
    said.add(sentence)
    return true
  })
  return kept.filter(
    ({ keyword, instancePath }) =>
      keyword !== 'anyOf' ||
      !kept.some(
        (other) =>
          other.keyword !== 'anyOf' &&
          (other.instancePath === instancePath || other.instancePath.startsWith(`${instancePath}/`)),
      ),
  )
}

function translate(fault: ErrorObject, data: unknown): SchemaRemark {
  const path = toPath(fault.instancePath, data)
  const here = (message: string): SchemaRemark => ({ ...error(path, message), remove: path })
  const { params } = fault
  const parentSchema: Schema = fault.parentSchema ?? {}
  switch (fault.keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty)
      const inner = [...path, key]
      return { ...error(inner, unknownSetting(key, parentSchema), 'key'), remove: inner }
    }
    case 'required': {
      const key = String(params.missingProperty)
      const inner = parentSchema.properties?.[key] ?? {}
      return { ...error([...path, key], `is missing: ${inviteTo(key, inner)}`), remove: path }
    }
    case 'enum':
      return here(notOneOf(fault.data, parentSchema.enum ?? []))
    case 'const':
      return here(`${show(fault.data)} is not known to this version of Postern, which reads version 1`)
    case 'minItems':
      return here(
        path.length === 1 && path[0] === 'policies'
          ? 'the list is empty: without a policy nothing would listen'
          : 'the list is empty: give at least one entry, or leave the setting out',
      )
    case 'minimum':
    case 'maximum':
      return here(`${show(fault.data)} is out of range; expected ${expected(parentSchema)}`)
    case 'kind':
      return here(fault.message ?? 'cannot be read')
    default:
      return here(
        fault.data === null
          ? `is empty; expected ${expected(parentSchema)}`
          : `expected ${expected(parentSchema)}, got ${show(fault.data)}${yesOrNo(fault.data, parentSchema)}`,
      )
  }
}

/** As much of a schema as messages need. */
interface Schema {
  readonly type?: string | readonly string[]
  readonly kind?: KindName
  readonly expects?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly unknown[]
  readonly $async?: boolean
}

function unknownSetting(key: string, schema: Schema): string {
  const known = Object.keys(schema.properties ?? {})
  const near = suggestion(key, known)
  if (near !== '') return `unknown setting${near}`
  if (key === '<<') return 'merge keys ("<<") are not part of YAML 1.2; use basedOn'
  const homes = homesOf(key, ConfigurationSchema, '')
  const there = homes.length === 0 ? '' : `; "${key}" belongs in ${homes.join(' or ')}`
  return `unknown setting${there}; known here: ${known.join(', ')}`
}

/** Every group in which a setting of this name is known. */
function homesOf(key: string, schema: Schema, where: string): string[] {
  const properties = schema.properties ?? schema.items?.properties ?? {}
  const own = Object.hasOwn(properties, key) ? [where === '' ? 'the top level' : where] : []
  const inner = Object.entries(properties).flatMap(([name, property]) =>
    homesOf(
      key,
      property,
      `${where === '' ? '' : `${where}.`}${name}${property.type === 'array' ? '[]' : ''}`,
    ),
  )
  return [...own, ...inner]
}

function inviteTo(key: string, schema: Schema): string {
  const example = schema.examples?.[0] ?? schema.enum?.[0]
  if (example !== undefined) return `write for example "${key}: ${plain(example)}"`
  return `expected ${expected(schema)}`
}

function notOneOf(value: unknown, allowed: readonly unknown[]): string {
  const words = allowed.map(String)
  const text = String(value)
  const fixed = typeof value === 'number' && Number.isInteger(value) ? `${value}.0` : text
  if (typeof value === 'number' && words.includes(fixed)) return `write it in quotes: "${fixed}"`
  if (value === null) return `is empty; expected ${orList(words)}`
  const near = typeof value === 'string' ? suggestion(text, words) : ''
  return `${show(value)} is not one of ${orList(words)}${near}`
}

function yesOrNo(value: unknown, schema: Schema): string {
  if (schema.type !== 'boolean' || typeof value !== 'string') return ''
  if (/^(yes|on|true|enabled)$/i.test(value)) return ', did you mean true?'
  return /^(no|off|false|disabled)$/i.test(value) ? ', did you mean false?' : ''
}

function expected(schema: Schema): string {
  if (schema.expects !== undefined) return schema.expects
  if (schema.kind !== undefined) return kinds[schema.kind].expects
  if (schema.minimum !== undefined) return `a whole number from ${schema.minimum} to ${schema.maximum}`
  if (schema.enum !== undefined) return orList(schema.enum.map(String))
  switch (schema.type) {
    case 'boolean':
      return 'true or false'
    case 'array':
      return 'a list (lines that begin with "- ")'
    case 'object':
      return `a group of settings: ${Object.keys(schema.properties ?? {}).join(', ')}`
    default:
      return plain(schema.const ?? schema.type)
  }
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** A value of the schema, as one writes it in the file. */
function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A value as a message shows it: short, and safe to print. */
function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a group of settings'
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length > 80 ? `${text.slice(0, 77)}..."` : text
}

/** A JSON pointer (RFC 6901 §4) as a path; steps into lists become numbers. */
function toPath(pointer: string, data: unknown): Path {
  const steps: (string | number)[] = []
  let node: unknown = data
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    steps.push(Array.isArray(node) ? Number(key) : key)
    node = child(node, key)
  }
  return steps
}
