/** Finds the configuration file, reads it with all files it names, and compiles it. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { loadConfiguration, type Problem, type Settings, type Snapshot } from '../config/index.ts'
import { checkFiles } from './files.ts'
import { reasonOf } from './reasons.ts'

/** Where a configuration is looked for when none is named, in order. */
const usualPlaces = ['./postern.yaml', '/etc/postern/postern.yaml'] as const

/**
 * The configuration file to use.
 *
 * @param given what `-c` named, if anything; it need not exist
 * @returns as given, or the first usual place that exists; `undefined` when there is none
 */
export function findConfiguration(given: string | undefined, workingDirectory: string): string | undefined {
  return given ?? usualPlaces.find((place) => existsSync(resolve(workingDirectory, place)))
}

export const nothingFound = `no configuration: there is neither ${usualPlaces.join(' nor ')}; name one with -c FILE (the folder examples/ has some to start from)`

export type LoadedSnapshot =
  | {
      readonly ok: true
      readonly settings: Settings
      readonly snapshot: Snapshot
      readonly warnings: readonly Problem[]
    }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Reads and checks one configuration with everything `postern validate` checks: also that the files it
 * names are there, can be read, and that certificates and keys fit. Never throws.
 *
 * @param path of the file; relative ones are from the working directory. Messages show it as given.
 */
export function loadSnapshot(path: string, workingDirectory: string = process.cwd()): LoadedSnapshot {
  const absolute = resolve(workingDirectory, path)
  const failed = (message: string): LoadedSnapshot => ({
    ok: false,
    problems: [{ file: path, line: 0, column: 0, path: '', message, severity: 'error' }],
  })
  let bytes: Uint8Array
  try {
    bytes = readFileSync(absolute)
  } catch (fault) {
    return failed(`cannot be read: ${reasonOf(fault)}`)
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return failed('is not UTF-8 text')
  }
  const loading = loadConfiguration(text, path, dirname(absolute))
  if (!loading.ok) return loading
  const { settings, snapshot, warnings, locate } = loading
  const baseDirectory = dirname(absolute)
  const { dataDirectory } = snapshot
  const found = checkFiles({ settings, baseDirectory, dataDirectory, file: path, locate })
  const all = [...warnings, ...found].toSorted((a, b) => a.line - b.line || a.column - b.column)
  if (found.some(({ severity }) => severity === 'error')) return { ok: false, problems: all }
  return { ok: true, settings, snapshot, warnings: all }
}
