/** Small files that are secret: written whole or not at all, and closed to all but their owner. */
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A fault of the installation, told to the administrator as it stands. Never holds key material. */
export class LockError extends Error {}

/** The text of a file; `undefined` when there is none. Throws `LockError` when it cannot be read. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new LockError(`cannot read ${file} (${codeOf(error)}); check its owner and mode`)
  }
}

/**
 * Writes a file that is not there yet: draft, flush, link, flush of the folder. `false`: it is there now,
 * as another process was faster. The folder is made with mode 0700. Throws `LockError`.
 */
export function create(file: string, text: string, mode: number): boolean {
  const folder = dirname(file)
  const draft = join(folder, `.${basename(file)}.${randomBytes(6).toString('hex')}`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    flushed(draft, 'wx', mode, text)
    try {
      linkSync(draft, file)
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false
      throw error
    } finally {
      rmSync(draft, { force: true })
    }
    flushed(folder, 'r')
    return true
  } catch (error) {
    throw new LockError(`cannot write ${file} (${codeOf(error)}); check owner, mode and free space`)
  }
}

/** Closes a file of ours to others, should it be open to them. */
export function closeToOthers(file: string): void {
  try {
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
  } catch (error) {
    throw new LockError(`cannot close ${file} to other users (${codeOf(error)}); run chmod 600 on it`)
  }
}

function flushed(path: string, flags: string, mode?: number, text?: string): void {
  const handle = openSync(path, flags, mode)
  try {
    if (text !== undefined) writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
