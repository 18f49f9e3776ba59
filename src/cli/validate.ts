/** `postern validate`: says what is wrong with a configuration, or what it would open. */
import { formatProblem, type Problem, type Snapshot } from '../config/index.ts'
import { EXIT } from './exit.ts'
import { loadSnapshot } from './load.ts'

interface ValidateOptions {
  readonly config: string
  readonly strict: boolean
  readonly json: boolean
}

interface Output {
  readonly workingDirectory: string
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** @returns the exit code: `configuration` for errors, and for warnings when they count */
export function validateCommand(options: ValidateOptions, output: Output): number {
  const { config, strict, json } = options
  const loaded = loadSnapshot(config, output.workingDirectory)
  const problems = loaded.ok ? loaded.warnings : loaded.problems
  const sound = loaded.ok && !(strict && problems.length > 0)
  const opened = loaded.ok ? listeners(loaded.snapshot) : []
  if (json)
    output.out(`${JSON.stringify({ file: config, ok: sound, problems, listeners: opened }, undefined, 2)}\n`)
  else {
    for (const problem of problems) output.err(`${formatProblem(problem)}\n`)
    if (sound) output.out(`${config}: sound, ${counted(problems)}. Opens ${opened.join(', ')}.\n`)
    else output.err(`${config}: not accepted, ${counted(problems)}${strict ? ' (--strict)' : ''}.\n`)
  }
  return sound ? EXIT.ok : EXIT.configuration
}

function counted(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  return `${plural(errors, 'error')} and ${plural(problems.length - errors, 'warning')}`
}

function plural(count: number, noun: string): string {
  return `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`
}

/** Each socket once, as `pop3s 0.0.0.0:995`. */
function listeners(snapshot: Snapshot): string[] {
  const all = snapshot.policies.flatMap(({ endpoints }) =>
    endpoints.map(({ address, port, protocol }) => {
      const host = address.includes(':') ? `[${address}]` : address
      return `${protocol} ${host}:${port}`
    }),
  )
  return [...new Set(all)]
}
