/**
 * Matching by wildcard: `*` is any run of characters, also none; `?` is exactly one. Nothing else is
 * special. Case is ignored. A pattern is cut once; matching walks the text once, so that no pattern
 * of an administrator and no text of a stranger can make it slow.
 */

/**
 * Compiles a pattern.
 *
 * @param pattern `*` and `?` as above; every other character stands for itself
 * @returns a predicate that takes the whole text; its time grows with text length times the longest
 * literal run of the pattern, never faster
 */
export function wildcard(pattern: string): (text: string) => boolean {
  const runs = fold(pattern).split('*')
  const head = runs[0] ?? ''
  if (runs.length === 1) return (text) => text.length === head.length && fitsAt(fold(text), 0, head)
  const tail = runs[runs.length - 1] ?? ''
  const middle = runs.slice(1, -1).filter((run) => run !== '')
  return (raw) => {
    const text = fold(raw)
    const end = text.length - tail.length
    if (end < head.length || !fitsAt(text, 0, head) || !fitsAt(text, end, tail)) return false
    let position = head.length
    for (const run of middle) {
      const found = findRun(text, position, end, run)
      if (found < 0) return false
      position = found + run.length
    }
    return true
  }
}

/** Lower case by code unit, so that lengths and positions stay as they were. */
function fold(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  return Array.from({ length: text.length }, (_, index) => foldUnit(text.charAt(index))).join('')
}

function foldUnit(unit: string): string {
  const lower = unit.toLowerCase()
  return lower.length === 1 ? lower : unit
}

/** Leftmost place of a run between two positions; the leftmost is always right, so nothing is tried twice. */
function findRun(text: string, from: number, end: number, run: string): number {
  if (!run.includes('?')) {
    const found = text.indexOf(run, from)
    return found >= 0 && found + run.length <= end ? found : -1
  }
  for (let at = from; at + run.length <= end; at += 1) if (fitsAt(text, at, run)) return at
  return -1
}

function fitsAt(text: string, at: number, run: string): boolean {
  if (!run.includes('?')) return text.startsWith(run, at)
  for (let index = 0; index < run.length; index += 1) {
    const wanted = run.charAt(index)
    if (wanted !== '?' && wanted !== text.charAt(at + index)) return false
  }
  return true
}
