/** Asks one ruleset about one subject. First match wins. */
import type { Action } from './actions.ts'
import type { Asked, Rule, Ruleset, RulesetName } from './types.ts'

/** What a ruleset says. `rule` is undefined where none matched. */
export interface Answer<A extends Action> {
  readonly rule: string | undefined
  readonly says: string | undefined
  readonly action: A
  readonly alarm: boolean
  readonly log: boolean
}

/** What stands for the rule where none matched. */
export const noMatch = 'no match'

/** Takes what was asked, for `postern explain`; absent where nobody wants to know. */
export type Tracer = ((asked: Asked) => void) | undefined

/** @param label who is asked about, and what: for the trace alone */
export function ask<Subject, A extends Action>(
  ruleset: Ruleset<Subject, A>,
  subject: Subject,
  label: { readonly ruleset: RulesetName; readonly subject: string; readonly value: string },
  trace: Tracer,
): Answer<A> {
  for (const rule of ruleset.rules) {
    const matched = rule.matches(subject)
    trace?.({ ...label, rule: rule.name, matched, action: matched ? rule.action : undefined })
    if (matched) return said(rule)
  }
  const { action, log } = ruleset.noMatch
  trace?.({ ...label, rule: noMatch, matched: true, action })
  return { rule: undefined, says: undefined, action, alarm: false, log }
}

function said<A extends Action>({ name, says, action, alarm, log }: Rule<never, A>): Answer<A> {
  return { rule: name, says, action, alarm, log }
}
