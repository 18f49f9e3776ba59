/** Turns findings into what the session does: policy decides, and every change is recorded. */
import { randomBytes } from 'node:crypto'
import type { ProxyAction } from '../config/index.ts'
import type { SessionRecord } from '../events/index.ts'
import type { Findings } from '../inspect/index.ts'
import {
  type ContentRules,
  type Decision,
  decide,
  type MessageFacts,
  oneLine,
  type Verdict,
} from '../policy/index.ts'
import type { Failure, MessageContext, MessageDecision } from '../pop3/index.ts'
import type { Clock } from '../ports.ts'
import type { BoundedMap } from './bounded-map.ts'
import { changes, type Rendering } from './render.ts'

export interface JudgeOptions {
  readonly action: ProxyAction
  /** The session's id: with the number of the message it names the event that notices tell people. */
  readonly session: string
  readonly clock: Clock
  /** Hashes of messages that have ended a session. */
  readonly dropped: BoundedMap<string, true>
}

/** Longest text from a message in a record, in characters. */
const longestText = 200

export function judge({
  action,
  session,
  clock,
  dropped,
}: JudgeOptions): (findings: Findings, context: MessageContext) => MessageDecision<Rendering> {
  const rules: ContentRules = action.content
  let count = 0
  return (findings, context) => {
    const { facts } = findings
    const decision = decide(facts, rules)
    count += 1
    const eventId = `${session}-${count}`
    const rendering: Rendering = {
      ...{ findings, decision },
      options: {
        ...{ facts, rules, decision, eventId, utf8: false },
        seed: randomBytes(12).toString('hex'),
        now: dateTime(clock.now()),
      },
    }
    const base = {
      ...{ records: recordsOf(decision, facts, context, eventId), quarantine: decision.quarantine },
    }
    switch (decision.outcome) {
      case 'drop':
      case 'block':
        // A second try finds a notice: a message that always ends the session would bar the way to all others.
        if (dropped.get(facts.sha256) !== undefined)
          return { ...base, outcome: 'deliver', content: rendering }
        dropped.set(facts.sha256, true)
        return {
          ...{ ...base, outcome: decision.outcome, notice: rendering },
          reason: oneLine(decision.why?.reason ?? 'by rule'),
        }
      case 'refuse':
        return { ...base, outcome: 'refuse', failure: refusal(decision), notice: rendering }
      case 'deliver':
      case 'lock':
      case 'notice':
        return { ...base, outcome: 'deliver', content: changes(decision) ? rendering : undefined }
      default:
        return decision.outcome satisfies never
    }
  }
}

function refusal({ refusal: text, why }: Decision): Failure {
  const blame = why?.scanner === undefined ? 'configuration' : 'scanner'
  return { blame, text: text ?? 'this message is not delivered for now', permanent: false }
}

type Common = {
  readonly event: string
  readonly number: number
  readonly uidl: string | undefined
  readonly sha256: string
  readonly from: string
  readonly subject: string
}

function recordsOf(
  decision: Decision,
  facts: MessageFacts,
  { number, uidl }: MessageContext,
  event: string,
): SessionRecord[] {
  const common: Common = {
    ...{ event, number, uidl, sha256: facts.sha256 },
    ...{ from: oneLine(facts.from, longestText), subject: oneLine(facts.subject, longestText) },
  }
  const { verdicts, alarms, why, unscanned, broken } = decision
  return [
    ...verdicts.filter(({ virus }) => virus !== undefined).map((verdict) => infected(common, verdict)),
    ...changed(decision, facts, common),
    ...verdicts
      .filter(({ log, virus }) => log && virus === undefined)
      .map((one) => matched('rule.matched', one, facts, common)),
    ...alarms.map((one) => matched('rule.alarm', one, facts, common)),
    ...ending(decision, common, why),
    ...unscanned.map(
      ({ scanner, reason }): SessionRecord => ({ code: 'message.unscanned', ...common, scanner, reason }),
    ),
    ...(broken.length > 0 ? [{ code: 'signature.broken', ...common, signatures: broken } as const] : []),
  ]
}

function infected(common: Common, verdict: Verdict): SessionRecord {
  const { scanner = 'unknown', virus = 'unknown', action } = verdict
  return { code: 'message.infected', ...common, ...partOf(verdict), scanner, virus, action }
}

function changed(decision: Decision, facts: MessageFacts, common: Common): SessionRecord[] {
  const { outcome, parts, headers, tags, why } = decision
  const one = (what: string, action: string, verdict: Verdict, header?: string): SessionRecord => ({
    ...{ code: 'message.changed', ...common, ...partOf(verdict), what, action },
    ...(header === undefined ? {} : { header }),
    ...{ ruleset: verdict.ruleset, rule: verdict.rule, reason: verdict.reason },
  })
  if (outcome === 'lock' || outcome === 'notice')
    return why === undefined ? [] : [one('message', outcome === 'lock' ? 'lock' : decision.action, why)]
  if (outcome !== 'deliver') return []
  const tag = decision.verdicts.find(({ action }) => action === 'tag')
  return [
    ...parts.map((part) => one('part', part.action, part.why)),
    ...headers.flatMap((index) => {
      const verdict = decision.verdicts.find(({ on }) => on.kind === 'header' && on.index === index)
      return verdict === undefined ? [] : [one('header', 'strip', verdict, facts.headers[index]?.name)]
    }),
    ...(tags.length > 0 && tag !== undefined ? [one('subject', 'tag', tag)] : []),
  ]
}

function matched(
  code: 'rule.matched' | 'rule.alarm',
  verdict: Verdict,
  facts: MessageFacts,
  common: Common,
): SessionRecord {
  const { on, action, ruleset, rule, reason } = verdict
  const header = on.kind === 'header' ? facts.headers[on.index]?.name : undefined
  return {
    ...{ code, ...common, ...partOf(verdict), action, ruleset, rule, reason },
    ...(header === undefined ? {} : { header: oneLine(header, longestText) }),
  }
}

function ending(
  { outcome, quarantine }: Decision,
  common: Common,
  why: Verdict | undefined,
): SessionRecord[] {
  if (why === undefined) return []
  const { ruleset, rule, reason } = why
  switch (outcome) {
    case 'refuse':
      return [{ code: 'message.refused', ...common, rule, reason }]
    case 'drop':
    case 'block':
      return [{ code: 'message.dropped', ...common, action: outcome, ruleset, rule, reason }]
    case 'deliver':
    case 'lock':
    case 'notice':
      return quarantine ? [{ code: 'message.quarantined', ...common, ruleset, rule, reason }] : []
    default:
      return outcome satisfies never
  }
}

function partOf({
  on,
}: Verdict): Readonly<Record<'part' | 'name' | 'type' | 'partSha256', string | undefined>> {
  if (on.kind !== 'part')
    return {
      part: on.kind === 'top' ? on.top : undefined,
      name: undefined,
      type: undefined,
      partSha256: undefined,
    }
  const { id, names, sniffedType, declaredType, sha256 } = on.part
  const [name] = names
  return {
    ...{ part: id, name: name === undefined ? undefined : oneLine(name, longestText) },
    ...{ type: oneLine(sniffedType ?? declaredType, longestText), partSha256: sha256 },
  }
}

/** RFC 5322 §3.3, in UTC. */
export function dateTime(now: number): string {
  return new Date(now).toUTCString().replace('GMT', '+0000')
}
