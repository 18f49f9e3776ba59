/**
 * The thread of the YARA rules: compiles them when it starts, then scans one content after the other. It
 * has no deadline of its own, as the library's does not stop every loop; its owner ends the thread.
 */
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { FromYara, RuleFile, ToYara } from './yara-messages.ts'

/** A rule that matches has matched: more places of a pattern tell nothing new and take memory. */
const matchesPerPattern = 100

const port = parentPort
if (port !== null) await serve((message) => port.postMessage(message))

async function serve(say: (message: FromYara) => void): Promise<void> {
  const library = await load()
  if (library === undefined)
    return say({
      kind: 'refused',
      reason:
        'YARA rules need the package @virustotal/yara-x, which is not installed; run npm install @virustotal/yara-x, or remove the rules from the configuration',
    })
  // Set by yara.ts, which is typed; the thread boundary forgets the type.
  const files = workerData as readonly RuleFile[]
  const compiler = new library.Compiler()
  try {
    for (const { name, text } of files) {
      compiler.newNamespace(name)
      attempt(name, () => compiler.addSource(text))
    }
  } catch (error) {
    return say({ kind: 'refused', reason: reasonOf(error) })
  }
  const scanner = compiler.build().scanner()
  scanner.setMaxMatchesPerPattern(matchesPerPattern)
  port?.on('message', ({ id, content }: ToYara) => {
    try {
      say({ kind: 'matches', id, rules: namesOf(scanner.scan(content)) })
    } catch (error) {
      say({ kind: 'failed', id, reason: reasonOf(error) })
    }
  })
  say({ kind: 'ready' })
}

/** The library, with its WebAssembly read from its own folder; `undefined` when it is not installed. */
async function load() {
  try {
    const library = await import('@virustotal/yara-x')
    const url = new URL('yara_x_js_bg.wasm', import.meta.resolve('@virustotal/yara-x'))
    await library.default({ module_or_path: await readFile(url) })
    return library
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** The compiler's message has title, place and picture; title and place are told, with the file's name. */
function attempt(file: string, compile: () => void): void {
  try {
    compile()
  } catch (error) {
    const text = reasonOf(error)
    const [, title] = /^error(?:\[\w+\])?: (.*)$/m.exec(text) ?? []
    const [, place] = /^\s*--> line:(\d+:\d+)$/m.exec(text) ?? []
    const [, hint] = /^\s*\|\s+[\^-]+ (.+)$/m.exec(text) ?? []
    const what = title === undefined ? text : `${title}${hint === undefined ? '' : `: ${hint}`}`
    throw new Error(`${file}:${place ?? '1:1'} ${what}`, { cause: error })
  }
}

function namesOf(result: unknown): string[] {
  if (!isScanResult(result)) throw new Error('the YARA library answered in a way that is not understood')
  return result.matches.filter(({ isPrivate }) => isPrivate !== true).map(({ identifier }) => identifier)
}

interface YaraResult {
  readonly matches: readonly { readonly identifier: string; readonly isPrivate?: boolean }[]
}

function isScanResult(result: unknown): result is YaraResult {
  return (
    typeof result === 'object' &&
    result !== null &&
    'valid' in result &&
    result.valid === true &&
    'matches' in result &&
    Array.isArray(result.matches) &&
    result.matches.every(
      (match: unknown) =>
        typeof match === 'object' &&
        match !== null &&
        'identifier' in match &&
        typeof match.identifier === 'string',
    )
  )
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
