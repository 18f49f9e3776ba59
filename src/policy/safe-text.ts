/**
 * Makes text of strangers safe to show: in a notice, in a header, in HTML. File names, subjects and
 * virus names come from mail and may hold anything.
 */

/** Longest value in a notice, in characters: enough for any honest name or subject. */
export const longestValue = 200

const controls = /[\p{Cc}\u2028\u2029]+/gu
/** Shown as nothing, or turning what is shown around. */
const unseen = /\p{Default_Ignorable_Code_Point}/gu

/** One line: no line ends, no control characters, nothing that hides or turns text; cut when it is too long. */
export function oneLine(text: string, longest = longestValue): string {
  // A bound before the work: what is cut away need not be cleaned.
  const clean = text
    .slice(0, longest * 4)
    .toWellFormed()
    .replaceAll(controls, ' ')
    .replaceAll(unseen, '\ufffd')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
  const characters = [...clean]
  const whole = characters.length <= longest && text.length <= longest * 4
  return whole ? clean : `${characters.slice(0, longest - 1).join('')}\u2026`
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Whether text is printable ASCII alone. */
export function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}
