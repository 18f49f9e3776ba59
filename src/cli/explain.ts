/** `postern explain`: says what would happen to a message, and why, for people or as JSON. */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ExplainedPart, ExplainedRule, ExplainedVerdict, Explanation } from '../ports.ts'
import { unifiedDiff } from './diff.ts'
import { EXIT } from './exit.ts'
import { reasonOf } from './reasons.ts'

export interface ExplainRequest {
  readonly message: Uint8Array
  readonly action: string
  /** The configuration file as given or found; `undefined`: there is none, and the predefined actions are used. */
  readonly config: string | undefined
}

type Explain = (request: ExplainRequest) => Promise<Explanation | number>

export interface ExplainSettings {
  readonly file: string
  readonly action: string
  readonly config: string | undefined
  readonly json: boolean
  readonly verbose: boolean
  /** Where the delivered message is written. */
  readonly out: string | undefined
}

interface Output {
  readonly workingDirectory: string
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** @returns the exit code: `ok` also for a message that would be changed or refused */
export async function explainCommand(
  settings: ExplainSettings,
  explain: Explain,
  output: Output,
): Promise<number> {
  const { file, action, config, json, verbose, out } = settings
  const failed = (message: string): number => {
    output.err(`postern: ${message}\n`)
    return EXIT.error
  }
  let message: Uint8Array
  try {
    message = readFileSync(resolve(output.workingDirectory, file))
  } catch (fault) {
    return failed(`${file} cannot be read: ${reasonOf(fault)}`)
  }
  const explanation = await explain({ message, action, config })
  if (typeof explanation === 'number') return explanation
  output.out(json ? explanationJson(explanation) : explanationText(explanation, verbose))
  if (out === undefined) return EXIT.ok
  if (explanation.delivered === undefined) {
    output.err(`postern: nothing would be delivered, so ${out} was not written\n`)
    return EXIT.ok
  }
  try {
    writeFileSync(resolve(output.workingDirectory, out), explanation.delivered)
  } catch (fault) {
    return failed(`${out} cannot be written: ${reasonOf(fault)}`)
  }
  return EXIT.ok
}

/** The same as data; in place of octets there are their number and the difference. */
export function explanationJson(explanation: Explanation): string {
  const { original, delivered, ...rest } = explanation
  const value = {
    ...rest,
    delivered:
      delivered === undefined
        ? undefined
        : {
            changed: !same(original, delivered),
            size: delivered.length,
            diff: unifiedDiff(original, delivered),
          },
  }
  return `${JSON.stringify(value, undefined, 2)}\n`
}

/** @param verbose every rule that was asked, not only those that matched */
export function explanationText(explanation: Explanation, verbose: boolean): string {
  const { action, size, sha256, from, subject, parts, findings, rules } = explanation
  const matches = verbose ? rules : rules.filter(({ matched, rule }) => matched && rule !== 'no match')
  return [
    ...heading('Message'),
    `  from     ${visible(from)}`,
    `  subject  ${visible(subject)}`,
    `  size     ${size} octets`,
    `  SHA-256  ${sha256}`,
    ...heading('Parts'),
    ...parts.flatMap(partLines),
    ...heading('Findings'),
    ...orNone(
      findings.map(
        ({ subject: about, kind, what, evidence }) => `  ${about}  ${kind} ${what}: ${visible(evidence)}`,
      ),
    ),
    ...heading(`Rules of ${action}${verbose ? '' : ' that matched'}`),
    ...orNone(matches.map(ruleLine)),
    ...heading('Decision'),
    ...decisionLines(explanation),
    ...heading('Delivered'),
    ...deliveredLines(explanation),
    '',
  ]
    .join('\n')
    .replace(/^\n/, '')
}

function heading(text: string): string[] {
  return ['', text]
}

function orNone(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ['  none'] : lines
}

function partLines(part: ExplainedPart): string[] {
  const indent = '  '.repeat(part.depth + 1)
  const declared = part.declaredType === '' ? 'no type declared' : part.declaredType
  const more = `${indent}${' '.repeat(part.id.length)}  `
  const sniffed = part.kind === 'multipart' ? '' : `, content ${part.sniffedType ?? 'unknown'}`
  return [
    `${indent}${part.id}  ${part.kind}, ${visible(declared)}${sniffed}${part.size === undefined ? '' : `, ${part.size} octets`}`,
    ...(part.names.length === 0 ? [] : [`${more}named ${part.names.map(visible).join(' or ')}`]),
    ...(part.traits.length === 0 ? [] : [`${more}${part.traits.join(', ')}`]),
    ...(part.sha256 === undefined ? [] : [`${more}SHA-256 ${part.sha256}`]),
  ]
}

function ruleLine({ ruleset, rule, subject, value, matched, action }: ExplainedRule): string {
  const answer = matched ? (action === undefined ? 'matched' : `matched: ${action}`) : 'no'
  return `  ${ruleset} "${rule}" on ${visible(subject)} (${visible(value)}): ${answer}`
}

function decisionLines({ decidedBy, quarantine }: Explanation): string[] {
  if (decidedBy === undefined) return ['  allow: nothing spoke against it']
  return [
    `  ${decidedBy.action}, by ${decidedBy.ruleset} "${decidedBy.rule}" on ${visible(decidedBy.subject)}`,
    `  reason   ${visible(decidedBy.reason)}`,
    `  evidence ${visible(decidedBy.evidence)}`,
    ...(quarantine ? ['  a copy is kept in quarantine'] : []),
  ]
}

function deliveredLines(explanation: Explanation): string[] {
  const { original, delivered } = explanation
  const lines = [
    `  ${outcomeText(explanation)}`,
    ...explanation.changes.map(
      ({ action, subject, ruleset, rule }: ExplainedVerdict) =>
        `  ${action} ${visible(subject)}, by ${ruleset} "${rule}"`,
    ),
  ]
  if (delivered === undefined || same(original, delivered)) return lines
  return [...lines, '', unifiedDiff(original, delivered).trimEnd()]
}

function outcomeText({ outcome, refusal, original, delivered }: Explanation): string {
  switch (outcome) {
    case 'deliver':
      return delivered !== undefined && same(original, delivered) ? 'unchanged' : 'with changes'
    case 'lock':
      return 'a notice, with the whole message in an age file'
    case 'notice':
      return 'a notice in its place'
    case 'refuse':
      return `nothing; the client is told: ${visible(refusal ?? '')}`
    case 'drop':
      return 'nothing: the session is ended. At the next session a notice in its place'
    case 'block':
      return 'nothing: the session is ended and the source blocked. At the next session a notice in its place'
    default:
      return outcome satisfies never
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

/** Longest text of a stranger in one line, in characters. */
const longestText = 200

/** Text of strangers on a terminal: one line, nothing that moves the cursor, hides or turns text. */
function visible(text: string): string {
  const clean = text.replaceAll(
    /[\p{C}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
  return clean.length > longestText ? `${clean.slice(0, longestText)}…` : clean
}
