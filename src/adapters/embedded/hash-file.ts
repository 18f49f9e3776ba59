/** Reads a block list: one SHA-256 in hex a line, `#` begins a comment, blank lines are nothing. */

/**
 * The hashes of a list, lower case. Throws an `Error` with file and line when a line is no hash.
 *
 * @param file as it is named in errors
 */
export function readHashes(file: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const hash = (line.split('#', 1)[0] ?? '').trim().toLowerCase()
    if (hash === '') return []
    if (/^[0-9a-f]{64}$/.test(hash)) return [hash]
    throw new Error(
      `${file}:${index + 1} is no SHA-256; write 64 hexadecimal digits, and after a # what you like`,
    )
  })
}
