/** Which of the programs that tests start are on this machine, and why a test is skipped when one is not. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Each program with the Debian package that brings it. */
const PACKAGES = {
  age: 'age',
  clamd: 'clamav-daemon',
  curl: 'curl',
  dovecot: 'dovecot-pop3d',
  fetchmail: 'fetchmail',
  mpop: 'mpop',
  openssl: 'openssl',
  python3: 'python3',
  ss: 'iproute2',
} as const

export type Program = keyof typeof PACKAGES

// Debian puts servers into /usr/sbin, which people's PATH often lacks.
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/bin', '/sbin']

const found = new Map<Program, string | undefined>()

/** Where a program is; `undefined` when it is not installed. */
export function whereIs(program: Program): string | undefined {
  if (!found.has(program)) found.set(program, FOLDERS.map((each) => join(each, program)).find(canRun))
  return found.get(program)
}

/** Where a program is. Throws when it is not installed. */
export function pathOf(program: Program): string {
  const path = whereIs(program)
  if (path === undefined)
    throw new Error(`${program} is not installed (apt-get install ${PACKAGES[program]})`)
  return path
}

/** For the option `skip` of a test: `false` when all are installed, else what is missing. */
export function skipWithout(...programs: readonly Program[]): string | false {
  const missing = programs.filter((each) => whereIs(each) === undefined)
  if (missing.length === 0) return false
  return `not installed: ${missing.join(', ')} (apt-get install ${missing.map((each) => PACKAGES[each]).join(' ')})`
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
