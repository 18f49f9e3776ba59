/** Four readers of mail that know nothing of Postern: what each gets out of octets that a client has. */
import { fileURLToPath } from 'node:url'
import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { run } from '../../support/processes.ts'
import { pathOf } from '../../support/programs.ts'

export interface Extracted {
  readonly who: string
  readonly octets: Buffer
}

/** Messages inside messages are opened so deep. */
const deepest = 4

export async function byPostalMime(mail: Uint8Array, depth = 0): Promise<Extracted[]> {
  const { attachments, text = '', html = '', subject = '' } = await PostalMime.parse(Uint8Array.from(mail))
  const found: Buffer[] = [text, html, subject].map((each) => Buffer.from(each))
  for (const { content, filename, mimeType } of attachments) {
    const octets = Buffer.from(typeof content === 'string' ? content : new Uint8Array(content))
    found.push(octets, Buffer.from(filename ?? ''))
    if (mimeType === 'message/rfc822' && depth < deepest)
      found.push(...(await byPostalMime(octets, depth + 1)).map((each) => each.octets))
  }
  return found.map((octets) => ({ who: 'postal-mime', octets }))
}

export async function byMailparser(mail: Uint8Array, depth = 0): Promise<Extracted[]> {
  const { attachments, text = '', html, subject = '' } = await simpleParser(Buffer.from(mail))
  const found: Buffer[] = [text, html || '', subject].map((each) => Buffer.from(each))
  for (const { content, filename, contentType } of attachments) {
    found.push(content, Buffer.from(filename ?? ''))
    if (contentType === 'message/rfc822' && depth < deepest)
      found.push(...(await byMailparser(content, depth + 1)).map((each) => each.octets))
  }
  return found.map((octets) => ({ who: 'mailparser', octets }))
}

/** For each mail what Python's email package finds; one process for all of them. */
export async function byPython(mails: readonly Buffer[]): Promise<Extracted[][]> {
  const script = fileURLToPath(new URL('extract.py', import.meta.url))
  const input = mails.map((mail) => `${mail.toString('base64')}\n`).join('')
  const { code, stdout, stderr } = await run(pathOf('python3'), [script], { input })
  if (code !== 0) throw new Error(`extract.py has failed: ${stderr}`)
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => {
      const contents: unknown = JSON.parse(line)
      if (!Array.isArray(contents)) throw new Error('extract.py has written what nobody expects')
      return contents.map((each) => ({ who: 'Python', octets: Buffer.from(String(each), 'base64') }))
    })
}

/**
 * Believes no header: splits at every line that begins with two hyphens, and decodes whatever looks like
 * base64, quoted-printable or uuencode.
 */
export function bySplitting(mail: Buffer): Extracted[] {
  const text = mail.toString('latin1').replaceAll(/\r\n|\r|\n/g, '\n')
  const pieces = [text, ...text.split(/^--.*\n?/m)]
  const found = pieces.flatMap((piece) => {
    const bodies = [piece, piece.replace(/^[\s\S]*?\n\n/, '')]
    return bodies.flatMap((body) => [
      body,
      ...base64Runs(body),
      body
        .replaceAll(/[ \t]+$/gm, '')
        .replaceAll('=\n', '')
        .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      ...uuRuns(body),
    ])
  })
  return found.map((octets) => ({ who: 'splitter', octets: Buffer.from(octets, 'latin1') }))
}

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('latin1')

/** Each run of lines that look so, whole, line by line, group by group, and the body with all else left out. */
function base64Runs(body: string): string[] {
  const runs = body.match(/(?:^[A-Za-z0-9+/=]{4,}[ \t]*(?:\n|$))+/gm) ?? []
  const lenient = [body, ...runs].map((each) => fromBase64(each.replaceAll(/[^A-Za-z0-9+/]/g, '')))
  const lines = runs.map((run) => run.split('\n').map(fromBase64).join(''))
  const padded = runs.map((run) =>
    run
      .replaceAll('\n', '')
      .split(/(?<==)(?!=)/)
      .map(fromBase64)
      .join(''),
  )
  return [...lenient, ...lines, ...padded]
}

function uuRuns(body: string): string[] {
  return [...body.matchAll(/^begin [0-7]{3,4} .*\n((?:[ -`]+\n?)*)/gm)].map(([, lines = '']) =>
    lines.split('\n').map(uuLine).join(''),
  )
}

function uuLine(line: string): string {
  const size = (line.charCodeAt(0) - 32) & 63
  const codes = Array.from(line.slice(1), (character) => (character.charCodeAt(0) - 32) & 63)
  const octets: number[] = []
  for (let at = 0; at + 3 < codes.length; at += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = codes.slice(at, at + 4)
    octets.push((a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d)
  }
  return line === '' ? '' : Buffer.from(octets.slice(0, size)).toString('latin1')
}
