// The coverage gate: how much of the branches of the rooms that read what strangers send the quick
// tests must take. A file that no test loads counts as not covered at all.
import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { relative } from 'node:path'

/** The rooms under the gate, with the least share of branches in per cent (issue 2, "Done when" 3). */
const GATE = { 'src/bytes': 95, 'src/pop3': 95, 'src/tls': 95 }

/**
 * Prints one line a room, and the lines not covered where the gate is missed.
 * @param {{ files: { path: string, totalBranchCount: number, coveredBranchCount: number, branches: { line: number, count: number }[] }[] } | undefined} summary
 * @param {(text: string) => void} say
 * @returns {boolean} whether every room passes
 */
export function checkCoverage(summary, say) {
  const files = (summary?.files ?? []).map((file) => ({ ...file, name: relative(process.cwd(), file.path) }))
  return Object.entries(GATE)
    .map(([room, least]) =>
      checkRoom(
        room,
        least,
        files.filter(({ name }) => name.startsWith(`${room}/`)),
        say,
      ),
    )
    .every((passes) => passes)
}

function checkRoom(room, least, files, say) {
  const unseen = neverLoaded(room, new Set(files.map(({ name }) => name)))
  const sum = (count) => files.reduce((total, file) => total + count(file), 0)
  const total = sum((file) => file.totalBranchCount)
  const covered = sum((file) => file.coveredBranchCount)
  const share = total === 0 ? 0 : (100 * covered) / total
  const passes = share >= least && unseen.length === 0
  say(
    `  ${passes ? 'ok    ' : 'FAILED'} ${room}: ${share.toFixed(1)} % of ${total} branches covered, at least ${least} % wanted`,
  )
  if (passes) return true
  for (const name of unseen) say(`    ${name}: no test loads it`)
  for (const file of files) {
    const lines = [...new Set(file.branches.filter(({ count }) => count === 0).map(({ line }) => line))]
    if (lines.length > 0) say(`    ${file.name}: not taken at ${lines.sort((a, b) => a - b).join(', ')}`)
  }
  return false
}

/** Sources with code in them (not only types) that are missing from the summary. */
function neverLoaded(room, seen) {
  return globSync(`${room}/**/*.ts`)
    .filter((file) => !file.endsWith('.test.ts') && !seen.has(file))
    .filter((file) => holdsCode(readFileSync(file, 'utf8')))
    .sort()
}

const holdsCode = (text) =>
  stripTypeScriptTypes(text)
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    .replace(/\bexport\s*\{\s*\}|[;\s]/g, '') !== ''
