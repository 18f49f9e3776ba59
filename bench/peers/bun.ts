/**
 * Postern's own sources on Bun, with the same configuration. The binary comes from npm into the
 * git-ignored folder bench/.cache, once.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Peer } from './peer.ts'
import { startPostern } from './postern.ts'

const PACKAGE = '@oven/bun-linux-x64'
const VERSION = '1.4.4'
const CACHE = fileURLToPath(new URL('../.cache', import.meta.url))
const BINARY = `${CACHE}/node_modules/${PACKAGE}/bin/bun`
/** A download that takes longer is given up; milliseconds. */
const PATIENCE = 90_000

async function fetchBun(): Promise<void> {
  if (existsSync(BINARY)) return
  if (process.arch !== 'x64') throw new Error(`${PACKAGE} does not run on ${process.arch}`)
  mkdirSync(CACHE, { recursive: true })
  const args = [
    'install',
    '--prefix',
    CACHE,
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
  ]
  await promisify(execFile)('npm', [...args, `${PACKAGE}@${VERSION}`], { cwd: CACHE, timeout: PATIENCE })
}

export const bun: Peer = {
  name: 'postern-bun',
  title: 'Postern on Bun',
  note: `the same sources run by Bun ${VERSION}; for comparison, without a bar`,
  async start(site) {
    await fetchBun()
    return startPostern(site, BINARY, [])
  },
}
