// Makes a fresh checkout ready, on nothing but Node 20 and npm: the packages of the lock file and,
// for tests and benchmarks, the Debian programs they start. It does nothing when nothing is missing.
//   node scripts/setup.mjs [--tests] [--bench]
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { DEBIAN_FOR_BENCH, DEBIAN_FOR_TESTS, missing } from './debian.mjs'

const say = (text) => process.stderr.write(`postern setup: ${text}\n`)
const run = (command, args, env = {}) =>
  spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })
    .status

function installNodePackages() {
  const stamp = 'node_modules/.postern-lock'
  const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  say('npm ci (node_modules is missing or older than package-lock.json)')
  if (run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']) !== 0) {
    say('npm ci failed; the lines above say why. Is the npm registry reachable?')
    process.exit(1)
  }
  writeFileSync(stamp, lock)
}

function installDebianPackages(programs) {
  const packages = missing(programs)
  if (packages.length === 0) return
  const line = `apt-get install -y --no-install-recommends ${packages.join(' ')}`
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    say(`not root, or not Debian: what needs these is skipped. To enable it: ${line}`)
    return
  }
  say(line)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  run('apt-get', ['update', '-qq'], env)
  const status = run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], env)
  if (status !== 0) say(`apt-get ended with ${status}; what needs these packages is skipped`)
}

installNodePackages()
const wanted = [
  ...(process.argv.includes('--tests') ? DEBIAN_FOR_TESTS : []),
  ...(process.argv.includes('--bench') ? DEBIAN_FOR_BENCH : []),
]
installDebianPackages(wanted)
