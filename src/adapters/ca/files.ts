/**
 * The authority's two files: written whole or not at all, the key readable by its owner alone. Every
 * error names the file and says what to do; none holds key material.
 */
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A fault of the installation, told to the administrator as it stands. */
export class AuthorityError extends Error {}

/** Makes the directory, or closes one of ours that is open to others. */
export function secureDirectory(directory: string): void {
  attempt(`cannot make the directory ${directory}`, () =>
    mkdirSync(directory, { recursive: true, mode: 0o700 }),
  )
  const { mode, uid } = statSync(directory)
  if ((mode & 0o077) === 0) return
  if (uid !== process.getuid?.())
    throw new AuthorityError(
      `${directory} is open to other users and belongs to another one; run: chown "$USER" and chmod 700 on it`,
    )
  attempt(`cannot close ${directory} to other users`, () => chmodSync(directory, 0o700))
}

/** Closes a key file of ours to others; `strict` refuses one that everybody may read instead. */
export function secureKey(file: string, how: 'repair' | 'strict'): void {
  const { mode } = attempt(`cannot read ${file}`, () => statSync(file))
  if (how === 'strict') {
    if ((mode & 0o007) !== 0)
      throw new AuthorityError(`the key ${file} is open to every user of this machine; run: chmod o= on it`)
  } else if ((mode & 0o077) !== 0)
    attempt(`cannot close ${file} to other users`, () => chmodSync(file, 0o600))
}

/** The text of a file; `undefined` when there is none. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new AuthorityError(`cannot read ${file} (${codeOf(error)}); check its owner and mode`)
  }
}

/** Writes beside, flushes, renames and flushes the directory: after a crash the file is absent or whole. */
export function writeWhole(file: string, text: string, mode: number): void {
  const draft = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`)
  attempt(`cannot write ${file}`, () => {
    try {
      const handle = openSync(draft, 'wx', mode)
      try {
        writeSync(handle, text)
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
      renameSync(draft, file)
    } finally {
      rmSync(draft, { force: true })
    }
    const directory = openSync(dirname(file), 'r')
    try {
      fsyncSync(directory)
    } finally {
      closeSync(directory)
    }
  })
}

function attempt<T>(what: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    throw new AuthorityError(`${what} (${codeOf(error)}); check owner, mode and free space`)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
