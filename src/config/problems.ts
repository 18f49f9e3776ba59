/** What is wrong with a configuration, said to people: where, what, and what to do about it. */

/** Keys and positions from the root to one setting. */
export type Path = readonly (string | number)[]

/** One thing wrong. Lines and columns count from 1; both are 0 when the file could not be read at all. */
export interface Problem {
  readonly file: string
  readonly line: number
  readonly column: number
  /** As in `policies[0].tlsSupport`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
  readonly severity: 'error' | 'warning'
}

/** A problem that knows its setting and not yet its place in the text. */
export interface Remark {
  readonly path: Path
  /** Whether the name of the setting is meant, or its value. */
  readonly at: 'key' | 'value'
  readonly message: string
  readonly severity: 'error' | 'warning'
  /** A second setting this rests on: when that one is broken itself, the remark is not made. */
  readonly restsOn?: Path
}

export function error(path: Path, message: string, at: Remark['at'] = 'value'): Remark {
  return { path, at, message, severity: 'error' }
}

export function warning(path: Path, message: string, at: Remark['at'] = 'value'): Remark {
  return { path, at, message, severity: 'warning' }
}

/** One line: `postern.yaml:12:5 policies[0].tlsSupport: …`, with `warning: ` before what is only that. */
export function formatProblem(problem: Problem): string {
  const place = problem.line === 0 ? problem.file : `${problem.file}:${problem.line}:${problem.column}`
  const path = problem.path === '' ? '' : ` ${problem.path}`
  return printable(`${place}${path}: ${problem.severity === 'warning' ? 'warning: ' : ''}${problem.message}`)
}

/** Characters that would move the cursor, colour the terminal or turn the direction of a line, as `\uXXXX`. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** `['policies', 0, 'from']` as `policies[0].from`; keys that are no plain words are quoted. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    if (!/^[\w-]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}

/** What stands one step further in plain data; `undefined` when nothing does. */
export function child(node: unknown, step: string | number): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, step)) return undefined
  return Reflect.get(node, step)
}

/** Whether one path leads to another, or is the same. */
export function leadsTo(path: Path, other: Path): boolean {
  return path.length <= other.length && path.every((step, index) => step === other[index])
}
