/** From the text of a configuration file to settings, or to everything that is wrong with it. */
import { check } from './check.ts'
import { compile } from './compile.ts'
import { type Document, type Position, readYaml } from './document.ts'
import { error, formatPath, leadsTo, type Path, type Problem, type Remark } from './problems.ts'
import { prune } from './prune.ts'
import type { Settings } from './schema.ts'
import type { Snapshot } from './snapshot.ts'
import { type SchemaRemark, validate } from './validate.ts'

export type Reading =
  | {
      readonly ok: true
      readonly settings: Settings
      readonly warnings: readonly Problem[]
      /** Where a setting stands, for problems that are found later (files that are missing). */
      readonly locate: (path: Path) => Position
    }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Reads and checks a configuration. Never throws.
 *
 * @param text YAML 1.2, UTF-8 decoded, at most 1 Mi characters
 * @param file its name as messages show it
 * @returns settings and warnings, or all problems (warnings among them), in the order of the file
 */
export function readConfiguration(text: string, file: string): Reading {
  const reading = readYaml(text)
  const flaws: Problem[] = reading.flaws.map((flaw) => ({ file, path: '', severity: 'error', ...flaw }))
  if (!reading.ok) return { ok: false, problems: sorted(flaws) }
  const { document } = reading
  const found = judge(document.data)
  const problems = [...flaws, ...found.remarks.map((remark) => toProblem(remark, file, document))]
  if (found.settings === undefined || problems.some(({ severity }) => severity === 'error'))
    return { ok: false, problems: sorted(problems) }
  return {
    ok: true,
    settings: found.settings,
    warnings: sorted(problems),
    locate: (path) => document.locate(path, 'value'),
  }
}

export type Loading =
  | {
      readonly ok: true
      readonly snapshot: Snapshot
      readonly settings: Settings
      readonly warnings: readonly Problem[]
      readonly locate: (path: Path) => Position
    }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * Reads, checks and compiles in one go.
 *
 * @param baseDirectory absolute path of the folder that relative paths start from
 */
export function loadConfiguration(text: string, file: string, baseDirectory: string): Loading {
  const reading = readConfiguration(text, file)
  if (!reading.ok) return reading
  return { ...reading, snapshot: compile(reading.settings, baseDirectory, file) }
}

interface Judgement {
  readonly settings: Settings | undefined
  readonly remarks: readonly Remark[]
}

function judge(data: unknown): Judgement {
  if (data === null || data === undefined)
    return refused([error([], 'the file is empty: begin with "version: 1" and "policies:"')])
  if (typeof data !== 'object' || Array.isArray(data))
    return refused([error([], 'expected settings, one "name: value" a line, that begin with "version: 1"')])
  const validation = validate(data)
  if (validation.ok) return { settings: validation.settings, remarks: check(validation.settings) }
  const version = validation.remarks.find(
    ({ path, message }) => isVersion(path) && !message.startsWith('is missing'),
  )
  // Another version may mean anything by any name: the rest cannot be judged.
  if (version !== undefined) return refused([version])
  return refused([...validation.remarks, ...checkTheRest(data, validation.remarks)])
}

/** Errors of the sound rest; those that may only come from what was cut out are left away. */
function checkTheRest(data: unknown, remarks: readonly SchemaRemark[]): Remark[] {
  const pruned = prune(data, remarks)
  if (pruned === undefined) return []
  const { cut, original, settings } = pruned
  return check(settings)
    .map((remark) => ({ ...remark, path: original(remark.path) }))
    .filter(
      ({ severity, path, restsOn = path }) =>
        severity === 'error' &&
        !cut.some((gone) => leadsTo(path, gone) || leadsTo(restsOn, gone) || leadsTo(gone, restsOn)),
    )
}

function isVersion(path: Path): boolean {
  return path.length === 1 && path[0] === 'version'
}

function refused(remarks: readonly Remark[]): Judgement {
  return { settings: undefined, remarks }
}

function toProblem(remark: Remark, file: string, document: Document): Problem {
  const { line, column } = document.locate(remark.path, remark.at)
  return {
    file,
    line,
    column,
    path: formatPath(remark.path),
    message: remark.message,
    severity: remark.severity,
  }
}

function sorted(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
}
