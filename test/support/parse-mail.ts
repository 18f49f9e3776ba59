/** A mail as an independent program reads it: Python's email package, in a process of its own. */
import { fileURLToPath } from 'node:url'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { run } from './processes.ts'
import { pathOf } from './programs.ts'

export interface ParsedPart {
  /** Lower case, without parameters. */
  readonly type: string
  readonly name: string | undefined
  /** Decoded; empty for a multipart. */
  readonly content: Buffer
}

export interface ParsedMail {
  /** What is wrong with it, in Python's words. */
  readonly defects: readonly string[]
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The message itself first, then what is in it, in order. */
  readonly parts: readonly ParsedPart[]
}

const Said = Type.Object({
  defects: Type.Array(Type.String()),
  headers: Type.Array(Type.Tuple([Type.String(), Type.String()])),
  parts: Type.Array(
    Type.Object({
      type: Type.String(),
      name: Type.Union([Type.String(), Type.Null()]),
      content: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
})

const SCRIPT = fileURLToPath(new URL('parse_mail.py', import.meta.url))

/** Rejects when Python cannot read it at all. */
export async function parseMail(mail: Uint8Array): Promise<ParsedMail> {
  const { code, stdout, stderr } = await run(pathOf('python3'), [SCRIPT], { input: Buffer.from(mail) })
  if (code !== 0) throw new Error(`Python cannot read the mail: ${stderr}`)
  const said: unknown = JSON.parse(stdout.toString())
  if (!Check(Said, said))
    throw new Error(`parse_mail.py has written what nobody expects: ${stdout.toString()}`)
  const { defects, headers, parts } = said
  return {
    ...{ defects, headers },
    parts: parts.map(({ type, name, content }) => ({
      type,
      name: name ?? undefined,
      content: Buffer.from(content ?? '', 'base64'),
    })),
  }
}

/** The texts of the notices in a mail, the plain ones, line ends as LF. */
export function textsOf({ parts }: ParsedMail): string[] {
  return parts
    .filter(({ type }) => type === 'text/plain')
    .map(({ content }) => content.toString().replaceAll('\r\n', '\n'))
}
