/**
 * The Decision about a message: every ruleset and setting is asked, and the most severe of all that
 * they say is done. Fail-safe lives here and in the judges: what is missing, unknown or broken in the
 * facts never counts as clean.
 */
import { letsPass, mostSevere } from './actions.ts'
import { liesIn } from './ids.ts'
import { judgeAmbiguities, judgeLimits, judgeTraits } from './judge-faults.ts'
import { judgeHeaders, judgeNames, judgeType } from './judge-rules.ts'
import { judgeScans, type ScanVerdict } from './judge-scans.ts'
import { refusalText } from './refusal.ts'
import { traitsOf } from './traits.ts'
import type {
  Ambiguity,
  Asked,
  ContentRules,
  Decision,
  MessageFacts,
  PartDecision,
  PartFacts,
  Signature,
  Trait,
  Unscanned,
  Verdict,
} from './types.ts'

export interface DecideOptions {
  /** Whether `Decision.trace` is wanted; it is long. */
  readonly trace: boolean
}

/** What is done with a message. Total for facts that are what their types say. */
export function decide(
  facts: MessageFacts,
  rules: ContentRules,
  options: DecideOptions = { trace: false },
): Decision {
  const asked: Asked[] = []
  const trace = options.trace ? (one: Asked) => void asked.push(one) : undefined
  const byPart = new Map<PartFacts, ReadonlySet<Trait>>(facts.parts.map((part) => [part, traitsOf(part)]))
  const traits = (part: PartFacts) => byPart.get(part) ?? traitsOf(part)

  const parts = facts.scope === 'headers' ? [] : facts.parts
  const ruled = parts.flatMap((part) => [
    judgeType(part, traits(part), rules, trace),
    ...judgeNames(part, traits(part), rules, trace),
  ])
  const scans = judgeScans(facts, rules, traits, trace)
  const ambiguous = judgeAmbiguities(facts, rules, trace)
  const all: readonly Verdict[] = [
    ...judgeHeaders(facts, rules, trace),
    ...ruled,
    ...scans,
    ...strictScans(ruled, scans, rules),
    ...judgeLimits(facts, rules, trace),
    ...ambiguous.verdicts,
    ...parts.flatMap((part) => judgeTraits(part, traits(part), rules, trace)),
  ]
  return conclude(facts, rules, all, ambiguous.repairs, scans, asked)
}

/**
 * `scan`: allowed if every scanner says clean. Where antivirus itself would let the part pass with
 * another answer, or nobody was asked, it is locked.
 */
function strictScans(
  ruled: readonly Verdict[],
  scans: readonly ScanVerdict[],
  { antivirus }: ContentRules,
): Verdict[] {
  return ruled.flatMap((rule) => {
    const { on, action } = rule
    if (action !== 'scan' || on.kind !== 'part') return []
    const unclean = scans.find((scan) => scan.on.kind === 'message' || concerns(scan, on.part))
    if (unclean !== undefined && letsPass(unclean.action))
      return [{ ...rule, action: 'lock', reason: unclean.reason } satisfies Verdict]
    if (antivirus.scanners.length > 0) return []
    return [{ ...rule, action: 'lock', reason: 'it must be scanned, and no scanner is switched on' }]
  })
}

/** Whether a verdict is about this part, what it lies in, or what lies in it. */
function concerns({ on }: Verdict, { id }: PartFacts): boolean {
  return on.kind === 'part' && (on.part.id === id || liesIn(id, on.part.id) || liesIn(on.part.id, id))
}

function conclude(
  facts: MessageFacts,
  rules: ContentRules,
  all: readonly Verdict[],
  repairs: readonly Ambiguity[],
  scans: readonly ScanVerdict[],
  trace: readonly Asked[],
): Decision {
  const why = mostSevere(all.filter(({ action }) => action !== 'allow'))
  const action = why?.action ?? 'allow'
  const outcome = outcomeOf(all, action)
  const delivered = outcome === 'deliver'
  const changes = {
    parts: delivered ? partDecisions(all) : [],
    headers: delivered ? strippedHeaders(all) : [],
    repairs: delivered ? repairs : [],
    tags: delivered && all.some((verdict) => verdict.action === 'tag') ? [rules.subjectTag] : [],
  }
  return {
    action,
    outcome,
    ...changes,
    // Of headers alone there is nothing to keep: the message itself is judged when it is fetched.
    quarantine: facts.scope === 'message' && all.some((verdict) => verdict.action === 'quarantine'),
    why,
    verdicts: all.filter(({ action, alarm, log }) => action !== 'allow' || alarm || log),
    alarms: all.filter(({ alarm }) => alarm),
    unscanned: delivered ? unscanned(scans, rules) : [],
    broken: brokenBy(changes, facts),
    refusal: outcome === 'refuse' && why !== undefined ? refusalText(why) : undefined,
    trace,
  }
}

function outcomeOf(all: readonly Verdict[], action: Decision['action']): Decision['outcome'] {
  switch (action) {
    case 'block':
    case 'drop':
    case 'refuse':
      return action
    case 'quarantine':
    case 'replace':
      return 'notice'
    default: {
      const whole = mostSevere(all.filter(({ on }) => on.kind === 'message'))
      if (whole === undefined || letsPass(whole.action)) return 'deliver'
      return whole.action === 'lock' ? 'lock' : 'notice'
    }
  }
}

/** Each leaf once. What lies in a leaf that is changed itself needs no change of its own. */
function partDecisions(all: readonly Verdict[]): PartDecision[] {
  const byTop = new Map<string, Verdict[]>()
  for (const verdict of all) {
    const top = topOf(verdict)
    if (top === undefined || letsPass(verdict.action)) continue
    const list = byTop.get(top)
    if (list === undefined) byTop.set(top, [verdict])
    else list.push(verdict)
  }
  return [...byTop].flatMap(([top, verdicts]) => {
    const why = mostSevere(verdicts)
    if (why === undefined || [...byTop.keys()].some((other) => liesIn(top, other))) return []
    const inside = [...byTop].filter(([other]) => liesIn(other, top)).flatMap(([, more]) => more)
    const worst = mostSevere([...verdicts, ...inside]) ?? why
    const action = worst.action === 'lock' ? 'lock' : 'strip'
    return [{ top, action, why: worst, all: [...verdicts, ...inside] }]
  })
}

function topOf({ on }: Verdict): string | undefined {
  switch (on.kind) {
    case 'part':
      return on.part.top
    case 'top':
      return on.top
    case 'header':
    case 'message':
      return undefined
    default:
      return on satisfies never
  }
}

function strippedHeaders(all: readonly Verdict[]): number[] {
  return all.flatMap(({ on, action }) => (on.kind === 'header' && action === 'strip' ? [on.index] : []))
}

/** Once for each scanner, with what it said first. */
function unscanned(scans: readonly ScanVerdict[], rules: ContentRules): Unscanned[] {
  if (!rules.antivirus.failOpen) return []
  const reasons = new Map<string, string>()
  for (const { setting, scanner, reason } of scans)
    if (setting === 'scanError' && scanner !== undefined && !reasons.has(scanner))
      reasons.set(scanner, reason)
  return [...reasons].map(([scanner, reason]) => ({ scanner, reason }))
}

/** DKIM covers headers and body (RFC 6376 §3.7), S/MIME and PGP the body alone. */
function brokenBy(
  { parts, headers, repairs, tags }: Pick<Decision, 'parts' | 'headers' | 'repairs' | 'tags'>,
  { signatures }: MessageFacts,
): readonly Signature[] {
  if (parts.length + repairs.length > 0) return signatures
  return headers.length + tags.length > 0 ? signatures.filter((signature) => signature === 'dkim') : []
}
