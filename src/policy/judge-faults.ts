/**
 * What keeps a message from being examined as it should be, and the setting for each: places that
 * clients read differently, limits, content that is encrypted, cannot be opened or is not all here.
 */
import { type Action, letsPass, severity } from './actions.ts'
import type { Tracer } from './ask.ts'
import { traits as words } from './traits.ts'
import type {
  Ambiguity,
  ContentRules,
  LimitExceeded,
  MessageFacts,
  PartFacts,
  Trait,
  Verdict,
} from './types.ts'

/** Traits with a setting of their own. */
const settings = ['unscannable', 'unreadable', 'partial'] as const

export function judgeTraits(
  part: PartFacts,
  traits: ReadonlySet<Trait>,
  rules: ContentRules,
  trace: Tracer,
): Verdict[] {
  return settings
    .filter((setting) => traits.has(setting))
    .map((setting) =>
      verdict(setting, rules[setting], { kind: 'part', part }, `this file ${words[setting]}`, setting, trace),
    )
}

/** An ambiguity that will be written anew, with what is said about it. */
export interface Repair {
  readonly ambiguity: Ambiguity
  readonly verdict: Verdict
}

export function judgeAmbiguities(
  facts: MessageFacts,
  rules: ContentRules,
  trace: Tracer,
): { readonly verdicts: readonly Verdict[]; readonly repairs: readonly Ambiguity[] } {
  const wanted = rules.ambiguous
  const tops = topsOf(facts)
  const verdicts: Verdict[] = []
  const repairs: Ambiguity[] = []
  for (const ambiguity of facts.ambiguities) {
    const { reason, evidence, repair } = ambiguity
    const about = `mail programs would read this message differently (${reason})`
    const on = place(tops, ambiguity)
    if (wanted === 'lock' && repair !== undefined && facts.scope === 'message') {
      repairs.push(ambiguity)
      verdicts.push(verdict('ambiguous', 'allow', on, `${about}; the place is written anew`, evidence, trace))
    } else {
      // With the headers alone no part leaves that could be read in two ways.
      const nothingLeaves = facts.scope === 'headers' && severity[wanted] < severity.replace
      verdicts.push(verdict('ambiguous', nothingLeaves ? 'allow' : wanted, on, about, evidence, trace))
    }
  }
  return { verdicts, repairs }
}

export function judgeLimits(facts: MessageFacts, rules: ContentRules, trace: Tracer): Verdict[] {
  const tops = topsOf(facts)
  return facts.limits.map((limit) => {
    const wanted = rules.limitExceeded
    // Headers past a limit were not asked about: with TOP they are all that would leave.
    const action =
      facts.scope === 'headers' && !letsPass(wanted) && severity[wanted] < severity.replace
        ? 'replace'
        : wanted
    const reason = `the message is more than is examined (${limit.limit})`
    return verdict('limitExceeded', action, place(tops, limit), reason, limit.evidence, trace)
  })
}

function topsOf({ parts }: MessageFacts): ReadonlySet<string> {
  return new Set(parts.map(({ top }) => top))
}

/** A leaf that is not among the parts cannot be acted on: then it is the message's matter. */
function place(tops: ReadonlySet<string>, { top }: Ambiguity | LimitExceeded): Verdict['on'] {
  if (top === undefined || !tops.has(top)) return { kind: 'message' }
  return { kind: 'top', top }
}

function verdict(
  setting: 'ambiguous' | 'limitExceeded' | (typeof settings)[number],
  action: Action,
  on: Verdict['on'],
  reason: string,
  evidence: string,
  trace: Tracer,
): Verdict {
  const subject = on.kind === 'part' ? on.part.id : on.kind === 'top' ? on.top : 'message'
  trace?.({ ruleset: setting, rule: setting, subject, value: evidence, matched: true, action })
  return {
    ruleset: setting,
    rule: setting,
    action,
    on,
    reason,
    evidence,
    virus: undefined,
    scanner: undefined,
    alarm: false,
    log: true,
  }
}
