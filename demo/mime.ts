/**
 * Writes sample mails: lines in, exact octets out, the same ones at every run. It writes what the
 * samples need and checks nothing, because some samples are meant to be wrong.
 */

/** Header fields in order, then a body. A field is `Name: value`, folded by the caller. */
export function message(fields: readonly string[], body: string | Buffer): Buffer {
  const head = Buffer.from(`${fields.join(CRLF)}${CRLF}${CRLF}`)
  return Buffer.concat([head, typeof body === 'string' ? Buffer.from(body) : body])
}

/** Joins lines and ends each one with CRLF. */
export const text = (...lines: readonly string[]) => lines.map((line) => line + CRLF).join('')

/** One MIME entity: fields, blank line, content. */
export const part = (fields: readonly string[], content: string) => text(...fields, '') + content

/** RFC 2046 §5.1.1: parts between delimiters; the CRLF before a delimiter belongs to the delimiter. */
export function multipart(boundary: string, parts: readonly string[]): string {
  return `${parts.map((entity) => `--${boundary}${CRLF}${entity}${CRLF}`).join('')}--${boundary}--${CRLF}`
}

/** An attachment in base64, lines of 76 characters (RFC 2045 §6.8). `parameters` go behind `attachment`. */
export function attachment(type: string, parameters: string, content: Uint8Array): string {
  const fields = [
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment;${CRLF} ${parameters}`,
  ]
  return part(fields, base64Lines(content))
}

export function base64Lines(content: Uint8Array): string {
  const encoded = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64')
  return encoded.replace(/.{1,76}/g, `$&${CRLF}`)
}

/** RFC 2231 §3 and §4: a parameter in UTF-8, cut into numbered pieces that fit a line. */
export function extendedParameter(name: string, value: string): string {
  const octets = Array.from(Buffer.from(value), (octet) => {
    const character = String.fromCharCode(octet)
    return /[A-Za-z0-9.\-_]/.test(character)
      ? character
      : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`
  })
  const pieces: string[] = ["UTF-8''"]
  for (const octet of octets) {
    const last = pieces.length - 1
    if ((pieces[last] ?? '').length + octet.length > 60) pieces.push(octet)
    else pieces[last] += octet
  }
  return pieces.map((piece, index) => `${name}*${index}*=${piece}`).join(`;${CRLF} `)
}

const CRLF = '\r\n'
