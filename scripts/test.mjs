// Runs the tests: first the quick ones with the coverage gate, then the ones against real programs.
//   npm test                      everything
//   npm test -- unit              the quick ones and the coverage gate
//   npm test -- interop           the ones against real programs
//   npm test -- path/to/x.test.ts these files, without the gate
// The last line is `N passed, N failed, N skipped`. It ends with 1 on a failure or a missed gate.
import { spawn } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { DEBIAN_FOR_TESTS, missing } from './debian.mjs'

const NEEDED = 24
const root = fileURLToPath(new URL('..', import.meta.url))
const say = (text = '') => process.stdout.write(`${text}\n`)

const MINUTE = 60_000
/** `timeout`: longest that one file of tests may take; many times what the slowest needs on a slow machine. */
const UNIT = {
  files: [
    '{src,demo,bench}/**/*.test.ts',
    'scripts/*.test.mjs',
    'test/{playbooks,golden,fuzz,chains}/**/*.test.ts',
  ],
  timeout: 5 * MINUTE,
  concurrency: availableParallelism(),
}
/** Tests that measure time: one at a time, and without coverage, which makes some code many times slower. */
const TIMED = { files: ['src/**/{limits,bombs,linear}.test.ts'], timeout: 5 * MINUTE, concurrency: 1 }
/** Two at a time: they wait for other programs, and too many at once would make those slow. */
const INTEROP = { files: ['test/interop/**/*.test.ts'], timeout: 20 * MINUTE, concurrency: 2 }

if (Number(process.versions.node.split('.')[0]) >= NEEDED)
  process.exitCode = await main(process.argv.slice(2))
else restart()

/** Starts this again on the Node that the checkout pins. */
function restart() {
  const pinned = `${root}node_modules/.bin/node`
  if (!existsSync(pinned)) {
    process.stderr.write(`Node ${NEEDED} is needed, this is ${process.version}. "npm test" sets it up.\n`)
    process.exit(1)
  }
  const child = spawn(pinned, process.argv.slice(1), { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
}

async function main(wanted) {
  process.chdir(root)
  // Reading types out of a source is "experimental" in Node 24; nobody who runs the tests can do anything about it.
  process.removeAllListeners('warning')
  process.on(
    'warning',
    (each) => each.name !== 'ExperimentalWarning' && process.stderr.write(`${each.stack}\n`),
  )
  const named = wanted.filter((each) => each !== 'unit' && each !== 'interop')
  const unknown = named.filter((path) => !existsSync(path))
  if (unknown.length > 0) {
    process.stderr.write(
      `no such file: ${unknown.join(', ')}\nusage: npm test -- [unit | interop | FILE...]\n`,
    )
    return 2
  }
  const { runFiles } = await import('./test-run.mjs')
  const { checkCoverage } = await import('./test-coverage.mjs')
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const reasons = new Map()
  const group = async (title, files, options) => {
    say(`${title}: ${files.length} files`)
    const result = await runFiles(files, options)
    for (const key of Object.keys(counts)) counts[key] += result.counts[key]
    for (const [reason, count] of result.skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + count)
    return result.coverage
  }
  const list = (patterns) => globSync(patterns, { exclude: ['**/node_modules/**', '**/.cache/**'] }).sort()

  sayWhatIsMissing()
  let covered = true
  if (named.length > 0) await group('named', named, { ...INTEROP, concurrency: 1 })
  const whole = wanted.length === 0
  if (whole || wanted.includes('unit')) {
    const timed = new Set(list(TIMED.files))
    const quick = list(UNIT.files).filter((file) => !timed.has(file))
    const coverage = await group('unit', quick, { ...UNIT, coverage: true })
    covered = checkCoverage(coverage, say)
    await group('timed', [...timed], TIMED)
  }
  if (whole || wanted.includes('interop')) await group('interop', list(INTEROP.files), INTEROP)
  for (const [reason, count] of reasons) say(`skipped ${count}: ${reason}`)
  if (!covered) say('failed: the coverage gate above')
  say(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  return counts.failed === 0 && covered && counts.passed > 0 ? 0 : 1
}

function sayWhatIsMissing() {
  const packages = missing(DEBIAN_FOR_TESTS)
  if (packages.length === 0) return
  say(
    `The tests that start these programs are skipped, because they are not installed: ${packages.join(', ')}.`,
  )
  say(`To run them: apt-get install -y --no-install-recommends ${packages.join(' ')}`)
}
