/**
 * Checks the files that the embedded scanner is to read: there, plain, and open to this user. What is in
 * them is the scanner's to judge when Postern starts.
 */
import { closeSync, globSync, openSync, statSync } from 'node:fs'
import type { Path, Settings } from '../config/index.ts'
import { reasonOf } from './reasons.ts'

export function checkScannerFiles(
  settings: Settings,
  absolute: (name: string) => string,
  say: (path: Path, message: string) => void,
): void {
  const { hashes = [], yara = [] } = settings.scanners?.embedded ?? {}
  const path = (setting: string, index: number): Path => ['scanners', 'embedded', setting, index]
  for (const [index, name] of hashes.entries()) {
    const fault = faultOf(absolute(name))
    if (fault !== undefined) say(path('hashes', index), `${name} cannot be read: ${fault}`)
  }
  for (const [index, pattern] of yara.entries()) {
    const found = globSync(absolute(pattern)).sort()
    if (found.length === 0) say(path('yara', index), `no file is called ${pattern}`)
    for (const file of found) {
      const fault = faultOf(file)
      if (fault !== undefined) say(path('yara', index), `${file} cannot be read: ${fault}`)
    }
  }
}

function faultOf(file: string): string | undefined {
  try {
    if (!statSync(file).isFile()) return 'it is no plain file'
    closeSync(openSync(file, 'r'))
    return undefined
  } catch (fault) {
    return reasonOf(fault)
  }
}
