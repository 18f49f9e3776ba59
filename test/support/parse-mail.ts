/** A mail as an independent program reads it: Python's email package, in a process of its own. */
import { fileURLToPath } from 'node:url'
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

interface Said {
  readonly defects: readonly string[]
  readonly headers: readonly (readonly [string, string])[]
  readonly parts: readonly {
    readonly type: string
    readonly name: string | null
    readonly content: string | null
  }[]
}

const SCRIPT = fileURLToPath(new URL('parse_mail.py', import.meta.url))

/** Rejects when Python cannot read it at all. */
export async function parseMail(mail: Uint8Array): Promise<ParsedMail> {
  const { code, stdout, stderr } = await run(pathOf('python3'), [SCRIPT], { input: Buffer.from(mail) })
  if (code !== 0) throw new Error(`Python cannot read the mail: ${stderr}`)
  const { defects, headers, parts }: Said = JSON.parse(stdout.toString())
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
