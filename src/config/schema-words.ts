/** How the schema says the kinds of settings that come again and again. */
import { Type } from 'typebox'

/** For groups of settings: a name that is not known is an error. */
export const closed = { additionalProperties: false } as const

export const duration = (description: string, value?: string) =>
  Type.String({ kind: 'duration', description, ...(value === undefined ? {} : { default: value }) })

export const size = (description: string, value: string) =>
  Type.Union([Type.String({ kind: 'size' }), Type.Integer({ kind: 'size' })], {
    default: value,
    examples: [value],
    expects: 'octets such as 65536, 64KiB or 1MiB',
    description,
  })

export const name = (description: string, example: string) =>
  Type.String({ kind: 'name', description, examples: [example] })

export const file = (description: string, example: string) =>
  Type.String({ kind: 'file', description, examples: [example] })

/** One of a kind, or a list of them. */
export const oneOrMore = (
  kind: string,
  options: { readonly description: string; readonly examples: readonly unknown[]; readonly expects: string },
) => Type.Union([Type.String({ kind }), Type.Array(Type.String({ kind }), { minItems: 1 })], { ...options })
