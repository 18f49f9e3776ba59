/**
 * What changes from one text to another, line by line, as people know it from `diff -u`. Lines that
 * both have once and in the same order hold the rest in place; base64 is cut short.
 */

/** Lines that stay, shown around each change. */
const context = 2
/** More lines of base64 than this in a row are told as a number. */
const mostBase64 = 3
/** More lines of any kind than this in a row are told as a number, too: a notice is shorter. */
const mostLines = 60
/** Longer lines are cut; the change is seen before that. */
const longestLine = 160

/** One line of the difference: its mark, and the text as it is. */
type Change = readonly [mark: ' ' | '-' | '+', line: string]

/** Empty when nothing changes. Each line ends with LF; nothing in it moves a terminal. */
export function unifiedDiff(before: Uint8Array, after: Uint8Array): string {
  const [old, fresh] = [linesOf(before), linesOf(after)]
  const changes = compare(old, fresh)
  if (changes.every(([mark]) => mark === ' ')) return ''
  return hunks(changes)
}

function linesOf(octets: Uint8Array): readonly string[] {
  const text = Buffer.from(octets).toString('latin1')
  const lines = text.split('\r\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

function compare(old: readonly string[], fresh: readonly string[]): Change[] {
  const changes: Change[] = []
  let [left, right] = [0, 0]
  for (const [nextLeft, nextRight] of [...anchors(old, fresh), [old.length, fresh.length] as const]) {
    if (nextLeft < left || nextRight < right) continue
    between(old.slice(left, nextLeft), fresh.slice(right, nextRight), changes)
    const anchor = old[nextLeft]
    if (anchor !== undefined) changes.push([' ', anchor])
    left = nextLeft + 1
    right = nextRight + 1
  }
  return changes
}

/** What is alike at both ends stays, the rest goes and comes. */
function between(old: readonly string[], fresh: readonly string[], changes: Change[]): void {
  const most = Math.min(old.length, fresh.length)
  let start = 0
  while (start < most && old[start] === fresh[start]) start += 1
  let end = 0
  while (end < most - start && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end += 1
  // One by one: a message has more lines than a function takes arguments.
  const add = (mark: Change[0], lines: readonly string[]) => {
    for (const line of lines) changes.push([mark, line])
  }
  add(' ', old.slice(0, start))
  add('-', old.slice(start, old.length - end))
  add('+', fresh.slice(start, fresh.length - end))
  add(' ', old.slice(old.length - end))
}

/** Places of lines that stand once in each, as many as stand in the same order in both. */
function anchors(old: readonly string[], fresh: readonly string[]): (readonly [number, number])[] {
  const inFresh = onlyOnce(fresh)
  const pairs = [...onlyOnce(old)].flatMap(([line, left]) => {
    const right = inFresh.get(line)
    return right === undefined ? [] : [{ left, right }]
  })
  // The longest rising chain: `tails` has the last pair of the best chain of each length.
  const tails: number[] = []
  const before: (number | undefined)[] = []
  for (const [index, { right }] of pairs.entries()) {
    let [low, high] = [0, tails.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[tails[middle] ?? 0]?.right ?? 0) < right) low = middle + 1
      else high = middle
    }
    before.push(tails[low - 1])
    tails[low] = index
  }
  const chain: (readonly [number, number])[] = []
  for (let at = tails.at(-1); at !== undefined; at = before[at]) {
    const pair = pairs[at]
    if (pair !== undefined) chain.push([pair.left, pair.right])
  }
  return chain.toReversed()
}

function onlyOnce(lines: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  const again = new Set<string>()
  for (const [index, line] of lines.entries()) {
    if (places.has(line)) again.add(line)
    places.set(line, index)
  }
  for (const line of again) places.delete(line)
  return places
}

function hunks(changes: readonly Change[]): string {
  const near = new Uint8Array(changes.length)
  for (const [index, [mark]] of changes.entries())
    if (mark !== ' ') near.fill(1, Math.max(0, index - context), index + context + 1)
  const shown: string[] = []
  let [left, right] = [1, 1]
  let run: Change[] = []
  const flush = () => {
    for (const line of shortened(run)) shown.push(line)
    run = []
  }
  for (const [index, change] of changes.entries()) {
    const [mark] = change
    if (near[index] === 1) {
      if (index === 0 || near[index - 1] === 0) shown.push(`@@ -${left} +${right} @@`)
      run.push(change)
    } else flush()
    if (mark !== '+') left += 1
    if (mark !== '-') right += 1
  }
  flush()
  return shown.map((line) => `${line}\n`).join('')
}

/** Many lines of base64 in a row, and very many of any kind, become one line with their number. */
function shortened(changes: readonly Change[]): string[] {
  const shown: string[] = []
  for (let at = 0; at < changes.length; ) {
    const [mark, line] = changes[at] ?? [' ', '']
    const base64 = isBase64(line)
    let end = at + 1
    for (let next = changes[end]; next?.[0] === mark && isBase64(next[1]) === base64; next = changes[end])
      end += 1
    const short = end - at <= (base64 ? mostBase64 : mostLines)
    const until = short ? end : at + (base64 ? 1 : mostLines)
    for (const [, each] of changes.slice(at, until)) shown.push(`${mark}${printable(each)}`)
    if (!short) shown.push(`${mark}[${end - until} more lines${base64 ? ' of base64' : ''}]`)
    at = end
  }
  return shown
}

function isBase64(line: string): boolean {
  return line.length >= 4 && /^[A-Za-z0-9+/]+={0,2}$/.test(line)
}

/** Octets that are no printable ASCII are shown as escapes. */
export function printable(line: string): string {
  const cut = line.length > longestLine ? `${line.slice(0, longestLine)}…` : line
  return cut.replaceAll(
    /[^\x20-\x7e…]/g,
    (octet) => `\\x${octet.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}
