/**
 * File names as systems really read them. A name that a rule looks at and the name that a client
 * saves under are not always the same: Windows drops dots and spaces at the end, clients drop
 * folders, fonts show wide letters, and characters that cannot be seen change what a person reads.
 */

/** Most octets of a name that file systems keep: a longer one is cut, and may lose its extension. */
export const longestName = 255
/** Most characters of a name that are looked at from either end: what is between cannot be an extension. */
const mostLookedAt = 4096

/**
 * Characters that turn the direction of all that follows, letters too: right-to-left and left-to-right
 * override. Marks and isolates do not turn Latin letters, and honest Arabic and Hebrew names hold them.
 */
const overrides = /[\u202d\u202e]/
/** Shown as nothing, and by that able to hide: controls, soft hyphen, zero-width and direction characters. */
const unseen = /[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu

/**
 * Every spelling under which a client may save or show the name, the name itself first, each once.
 * Rules are asked about each.
 */
export function spellings(name: string): readonly string[] {
  const seen = shorten(name)
  return [...new Set([name, tidy(seen), tidy(seen.normalize('NFKC'))])]
}

/**
 * The extensions of a file, the last one first, lower case: `exe`, `pdf` for `invoice.PDF .exe`. Spaces
 * around them do not count: they only push the true one out of sight.
 */
export function extensions(name: string): readonly string[] {
  const pieces = tidy(shorten(name).normalize('NFKC')).toLowerCase().split('.')
  return pieces
    .slice(1)
    .reverse()
    .map((piece) => piece.trim())
}

/** Whether characters in the name make it read other than it is. */
export function turnsDirection(name: string): boolean {
  return overrides.test(name)
}

export function isLong(name: string): boolean {
  return name.length > longestName || octets(name) > longestName
}

/** The last folder's name is gone, so are dots and spaces at the end, what cannot be seen, and a named stream. */
function tidy(name: string): string {
  const beforeNul = name.split('\0', 1)[0] ?? ''
  const base = beforeNul.slice(Math.max(beforeNul.lastIndexOf('/'), beforeNul.lastIndexOf('\\')) + 1)
  // NTFS: `x.exe::$DATA` is the content of x.exe.
  const stream = base.indexOf('::$')
  const file = (stream < 0 ? base : base.slice(0, stream)).replaceAll(unseen, '')
  let end = file.length
  while (end > 0 && (file.charAt(end - 1) === '.' || file.charAt(end - 1).trim() === '')) end -= 1
  return file.slice(0, end)
}

function shorten(name: string): string {
  if (name.length <= 2 * mostLookedAt) return name
  return name.slice(0, mostLookedAt) + name.slice(-mostLookedAt)
}

/** Octets in UTF-8. */
function octets(name: string): number {
  let sum = 0
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0
    sum += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4
  }
  return sum
}
