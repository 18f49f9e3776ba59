/** `postern unlock`: opens what Postern has locked, with the key that was made at first start. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Unlocker } from '../ports.ts'
import { EXIT } from './exit.ts'
import { loadSnapshot } from './load.ts'
import { reasonOf } from './reasons.ts'

export interface UnlockSettings {
  readonly file: string
  /** The key; `undefined`: the one in the data directory of the configuration. */
  readonly identity: string | undefined
  /** The configuration file as given or found. */
  readonly config: string | undefined
  readonly out: string | undefined
  readonly force: boolean
}

interface Output {
  readonly workingDirectory: string
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** As `openLocker` names it. */
const identityName = 'lock-identity.txt'

/** Never writes over a file unless told to. */
export async function unlockCommand(
  { file, identity, config, out, force }: UnlockSettings,
  open: (identityFile: string) => Unlocker,
  output: Output,
): Promise<number> {
  const absolute = (path: string): string => resolve(output.workingDirectory, path)
  const failed = (message: string): number => {
    output.err(`postern: ${message}\n`)
    return EXIT.error
  }
  const target = out ?? withoutAge(file)
  if (target === undefined) return failed(`${file} does not end in .age; say with --out what to write`)
  if (!force && existsSync(absolute(target)))
    return failed(`${target} is there already; name another file with --out, or write over it with --force`)
  const key = identity ?? keyOf(config, output.workingDirectory)
  if (key === undefined)
    return failed('there is no configuration to find the key by; name the key with --identity FILE')
  try {
    const locked = ageFile(readFileSync(absolute(file)))
    const content = await open(absolute(key)).unlock(locked)
    // `wx` also keeps a file safe that came after the look.
    writeFileSync(absolute(target), content, { mode: 0o600, flag: force ? 'w' : 'wx' })
    output.out(
      `${target}: ${content.length} octets. They were locked for a reason: do not open them lightly.\n`,
    )
    return EXIT.ok
  } catch (fault) {
    const system = fault instanceof Error && 'code' in fault && 'path' in fault
    if (!system) return failed(fault instanceof Error ? fault.message : String(fault))
    const name = [file, target].find((each) => absolute(each) === fault.path) ?? String(fault.path)
    return failed(`${name}: ${reasonOf(fault)}`)
  }
}

function withoutAge(file: string): string | undefined {
  return /[^/]\.age$/.test(file) ? file.slice(0, -'.age'.length) : undefined
}

function keyOf(config: string | undefined, workingDirectory: string): string | undefined {
  if (config === undefined) return undefined
  const loaded = loadSnapshot(config, workingDirectory)
  return loaded.ok ? join(loaded.snapshot.dataDirectory, identityName) : undefined
}

/** The octets of the age file: as they are, or the body of an attachment in base64, its headers before it or not. */
function ageFile(octets: Buffer): Uint8Array {
  const magic = 'age-encryption.org/'
  if (octets.subarray(0, magic.length).toString('latin1') === magic) return octets
  const text = octets.toString('latin1')
  const body = /^[\w-]+:/.test(text) ? text.replace(/^[\s\S]*?\r?\n\r?\n/, '') : text
  const decoded = Buffer.from(body, 'base64')
  return decoded.subarray(0, magic.length).toString('latin1') === magic ? decoded : octets
}
