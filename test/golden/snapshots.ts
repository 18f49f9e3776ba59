/**
 * Shows a Snapshot as plain data, for comparing it with what it should be. Functions are shown by what
 * they answer to a fixed list of questions. What judges content is left out: it has tests of its own.
 *
 *   node test/golden/snapshots.ts      writes NAME.json for each test/golden/config/NAME.yaml: read the difference
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatProblem, loadConfiguration, type Policy, type Snapshot } from '../../src/config/index.ts'

/** The folder of the pairs. */
export const folder = fileURLToPath(new URL('config', import.meta.url))

/** Relative paths in the pairs start here. */
const baseDirectory = '/etc/postern'

const addresses = [
  ...[
    '127.0.0.1',
    '10.0.0.1',
    '10.1.0.5',
    '10.1.0.9',
    '10.1.0.10',
    '10.255.255.255',
    '11.0.0.0',
    '192.0.2.7',
  ],
  ...['::1', '::ffff:10.0.0.1', 'fe80::1%eth0', '2001:db8::5', '2001:db9::5'],
]
const serverNames = ['', 'mail.example', 'pop.bank.example', 'BANK.example', 'bank.example']

export function goldenNames(): string[] {
  return globSync(`${folder}/*.yaml`)
    .map((file) => basename(file, '.yaml'))
    .sort()
}

/** @throws Error when it is not sound, with everything that is wrong */
export function loadGolden(name: string): Snapshot {
  const text = readFileSync(`${folder}/${name}.yaml`, 'utf8')
  const loading = loadConfiguration(text, `${name}.yaml`, baseDirectory)
  if (loading.ok) return loading.snapshot
  throw new Error(loading.problems.map(formatProblem).join('\n'))
}

export function show(snapshot: Snapshot): unknown {
  const { policies, ...rest } = snapshot
  return JSON.parse(JSON.stringify({ ...rest, policies: policies.map(showPolicy) }))
}

function showPolicy(policy: Policy): object {
  const { matchesFrom, matchesTo, action, ...rest } = policy
  const { content: _, tls, ...settings } = action
  const rules = tls.rules.map(({ matches, ...rule }) => ({ ...rule, matches: serverNames.filter(matches) }))
  return {
    ...rest,
    matchesFrom: addresses.filter(matchesFrom),
    matchesTo: addresses.filter(matchesTo),
    action: { ...settings, tls: { ...tls, rules } },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const name of goldenNames())
    writeFileSync(`${folder}/${name}.json`, `${JSON.stringify(show(loadGolden(name)), undefined, 2)}\n`)
