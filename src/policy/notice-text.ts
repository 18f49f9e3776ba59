/**
 * What a notice says: the deny message of the Proxy Action with its variables filled in, and what
 * people must know besides: what else was found, and which signatures the change breaks.
 */
import type { Action } from './actions.ts'
import { unknownType } from './judge-rules.ts'
import { oneLine } from './safe-text.ts'
import { fill, type Variable } from './template.ts'
import type { ContentRules, Decision, MessageFacts, PartFacts, Signature, Verdict } from './types.ts'

/** Characters of a name that stands beside other text. */
const longestName = 100
/** Further findings that are listed; the log has all of them. */
const mostListed = 5

export interface NoticeContext {
  readonly facts: MessageFacts
  readonly rules: ContentRules
  readonly decision: Decision
  /** Under which the log has the decision. */
  readonly eventId: string
}

/** What a notice is about: one leaf, or the message. */
export interface NoticeSubject {
  readonly action: Action
  /** The verdict that decided. */
  readonly why: Verdict
  /** All there is to tell, `why` among them. */
  readonly all: readonly Verdict[]
  /** Name of the age file, where the action is `lock`. */
  readonly lockedName: string | undefined
}

/** Plain text; lines end in LF. Every value in it is one line and short. */
export function noticeText(context: NoticeContext, subject: NoticeSubject): string {
  const text = fill(context.rules.denyMessage, valuesOf(context, subject)).trimEnd()
  return [text, ...further(subject), ...signatures(context)].join('\n\n')
}

function valuesOf(
  { facts, eventId }: NoticeContext,
  { action, why, lockedName }: NoticeSubject,
): Readonly<Record<Variable, string>> {
  const part = why.on.kind === 'part' ? why.on.part : undefined
  return {
    reason: sentence(oneLine(why.reason)),
    type: oneLine(part === undefined ? 'none' : (part.sniffedType ?? (part.declaredType || unknownType))),
    filename: fileName(part),
    virus: oneLine(why.virus ?? 'none found'),
    action: done[action],
    recovery: recovery(action, lockedName, eventId),
    rule: oneLine(why.rule),
    from: oneLine(facts.from),
    subject: oneLine(facts.subject),
    date: oneLine(facts.date),
    eventid: oneLine(eventId),
  }
}

function fileName(part: PartFacts | undefined): string {
  const name = part?.names[0]
  if (part === undefined || name === undefined) return 'none'
  return part.container === undefined
    ? oneLine(name)
    : `${oneLine(name, longestName)} in ${oneLine(part.container, longestName)}`
}

/** What was done, in one word. */
const done = {
  allow: 'allowed',
  scan: 'allowed',
  tag: 'tagged',
  lock: 'locked',
  strip: 'removed',
  refuse: 'held back',
  replace: 'replaced',
  quarantine: 'quarantined',
  drop: 'dropped',
  block: 'blocked',
} as const satisfies Record<Action, string>

function recovery(action: Action, lockedName: string | undefined, eventId: string): string {
  const event = oneLine(eventId)
  switch (action) {
    case 'lock': {
      const name = oneLine(lockedName ?? 'the .age file')
      return `The original is locked in ${name}. Save that file and give it to your administrator, who opens it with: postern unlock FILE`
    }
    case 'quarantine':
      return `The original is kept in quarantine. Your administrator can release it (event ${event}).`
    case 'refuse':
      return 'The original is still on the mail server. Fetch it again later.'
    case 'allow':
    case 'scan':
    case 'tag':
      return 'Nothing was taken away.'
    case 'strip':
    case 'replace':
    case 'drop':
    case 'block':
      return `The original was not delivered. Ask the sender for it in another form, or your administrator (event ${event}).`
    default:
      return action satisfies never
  }
}

function further({ why, all }: NoticeSubject): string[] {
  const others = all.filter((verdict) => verdict !== why && verdict.reason !== why.reason)
  const lines = [...new Set(others.map(tell))]
  if (lines.length === 0) return []
  const listed = lines.slice(0, mostListed).map((line) => `- ${line}`)
  const more =
    lines.length > mostListed ? [`- and ${lines.length - mostListed} more; the log has them all`] : []
  return [['Also found:', ...listed, ...more].join('\n')]
}

function tell({ reason, on }: Verdict): string {
  const name = on.kind === 'part' ? on.part.names[0] : undefined
  return name === undefined ? oneLine(reason) : `${oneLine(name, longestName)}: ${oneLine(reason)}`
}

const signatureWords = {
  dkim: 'DKIM',
  smime: 'S/MIME',
  pgp: 'PGP',
} as const satisfies Record<Signature, string>

function signatures({ decision }: NoticeContext): string[] {
  if (decision.broken.length === 0) return []
  const names = decision.broken.map((signature) => signatureWords[signature]).join(' and ')
  return [
    `The message carries a ${names} signature, which was made before this change: mail programs will call it broken.`,
  ]
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
