/** Runs commands of Postern inside the test, in a folder of its own, and keeps what they print. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type CliActions, runCli } from '../../src/cli/index.ts'

export interface CommandResult {
  readonly code: number
  readonly out: string
  readonly err: string
  /** What the composition root was asked to do, as `run {"config":"x.yaml"}`. */
  readonly asked: readonly string[]
}

/** A folder with these files, gone after the test. */
export function makeFolder(t: TestContext, files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-cli-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 })
  return folder
}

/**
 * @param act what `run` and `demo` come to; an exit code, or a fault
 * @param more what else the composition root does
 */
export async function postern(
  folder: string,
  argv: readonly string[],
  act: () => Promise<number> = () => Promise.resolve(0),
  more: Partial<CliActions> = {},
): Promise<CommandResult> {
  const printed = { out: '', err: '' }
  const asked: string[] = []
  const actions: CliActions = {
    run: (options) => {
      asked.push(`run ${JSON.stringify(options)}`)
      return act()
    },
    demo: (options) => {
      asked.push(`demo ${JSON.stringify(options)}`)
      return act()
    },
    explain: () => Promise.reject(new Error('nothing is explained here')),
    openUnlocker: () => {
      throw new Error('nothing is unlocked here')
    },
    ...more,
  }
  const code = await runCli(argv, actions, {
    version: '1.2.3',
    workingDirectory: folder,
    out: (text) => {
      printed.out += text
    },
    err: (text) => {
      printed.err += text
    },
  })
  return { code, ...printed, asked }
}
