/** The three rulesets that administrators write: headers, content types, file names. */
import type { Action } from './actions.ts'
import { type Answer, ask, noMatch, type Tracer } from './ask.ts'
import { spellings } from './names.ts'
import type { ContentRules, MessageFacts, PartFacts, RulesetName, Trait, Verdict } from './types.ts'

/** What a type is called that nothing could tell from the content. */
export const unknownType = 'unknown'

export function judgeHeaders(facts: MessageFacts, rules: ContentRules, trace: Tracer): Verdict[] {
  return facts.headers.map((header, index) => {
    const { name, value } = header
    const answer = ask(rules.headers, header, { ruleset: 'headers', subject: name, value }, trace)
    return toVerdict('headers', { kind: 'header', index }, answer, `the header ${name}`, `${name}: ${value}`)
  })
}

export function judgeType(
  part: PartFacts,
  traits: ReadonlySet<Trait>,
  rules: ContentRules,
  trace: Tracer,
): Verdict {
  const types = typesOf(part, rules.contentTypes.autoDetect)
  const value = types.join(' or ')
  const label = { ruleset: 'contentTypes', subject: part.id, value } as const
  const answer = ask(rules.contentTypes, { types, traits }, label, trace)
  return toVerdict('contentTypes', { kind: 'part', part }, answer, `the content type ${value}`, value)
}

/**
 * Every spelling of every name is asked about by itself, and all answers count: else a rule that
 * allows `*.txt` would let a part pass that another client saves as `x.exe`. What one rule says of
 * several spellings is told once.
 */
export function judgeNames(
  part: PartFacts,
  traits: ReadonlySet<Trait>,
  rules: ContentRules,
  trace: Tracer,
): Verdict[] {
  const names = part.names.length === 0 ? [''] : new Set(part.names.flatMap(spellings))
  const verdicts = new Map<string | undefined, Verdict>()
  for (const name of names) {
    const label = { ruleset: 'fileNames', subject: part.id, value: name } as const
    const answer = ask(rules.fileNames, { name, traits }, label, trace)
    if (verdicts.has(answer.rule)) continue
    const what = name === '' ? 'the missing file name' : `the file name ${name}`
    const evidence = part.container === undefined ? name : `${name} in ${part.container}`
    verdicts.set(answer.rule, toVerdict('fileNames', { kind: 'part', part }, answer, what, evidence))
  }
  return [...verdicts.values()]
}

/** RFC 2045 §5.2 makes content without a declared type text/plain; here it is asked about as it is. */
function typesOf(part: PartFacts, autoDetect: boolean): readonly string[] {
  if (!autoDetect) return [part.declaredType]
  return part.sniffedType === undefined ? [unknownType, part.declaredType] : [part.sniffedType]
}

function toVerdict(
  ruleset: RulesetName,
  on: Verdict['on'],
  answer: Answer<Action>,
  what: string,
  evidence: string,
): Verdict {
  const { rule = noMatch, says, action, alarm, log } = answer
  const reason =
    says !== undefined
      ? `this file ${says}`
      : answer.rule === undefined
        ? `${what} is not among those that are allowed`
        : `${what} is matched by the rule "${rule}"`
  return { ruleset, rule, action, on, reason, evidence, virus: undefined, scanner: undefined, alarm, log }
}
