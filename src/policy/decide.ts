/**
 * The Decision about a message: every ruleset and setting is asked, and the most severe of all that
 * they say is done. Fail-safe lives here and in the judges: what is missing, unknown or broken in the
 * facts never counts as clean.
 */
import { letsPass, mostSevere } from './actions.ts'
import { aroundAndItself } from './ids.ts'
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
  // Of equally severe ones the first is told: people want to hear of the virus, not of the name it came under.
  const infected = scans.filter(({ setting }) => setting === 'infected')
  const all: readonly Verdict[] = [
    ...infected,
    ...judgeHeaders(facts, rules, trace),
    ...ruled,
    ...scans.filter(({ setting }) => setting !== 'infected'),
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
  // Only those that let pass: what does not is locked at least already.
  const lenient = scans.filter((scan) => letsPass(scan.action))
  const whole = lenient.find(({ on }) => on.kind === 'message')
  const byId = index(lenient)
  return ruled.flatMap((rule) => {
    const { on, action } = rule
    if (action !== 'scan' || on.kind !== 'part') return []
    const around = aroundAndItself(on.part.id).map((id) => byId.about.get(id))
    const unclean = whole ?? around.find((scan) => scan !== undefined) ?? byId.inside.get(on.part.id)
    if (unclean !== undefined) return [{ ...rule, action: 'lock', reason: unclean.reason } satisfies Verdict]
    if (antivirus.scanners.length > 0) return []
    return [{ ...rule, action: 'lock', reason: 'it must be scanned, and no scanner is switched on' }]
  })
}

/** For each id the first verdict about that part, and the first about a part that lies in it. */
function index(scans: readonly ScanVerdict[]) {
  const about = new Map<string, ScanVerdict>()
  const inside = new Map<string, ScanVerdict>()
  for (const scan of scans) {
    if (scan.on.kind !== 'part') continue
    const [id = '', ...around] = aroundAndItself(scan.on.part.id)
    if (!about.has(id)) about.set(id, scan)
    for (const each of around) if (!inside.has(each)) inside.set(each, scan)
  }
  return { about, inside }
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

/** Each leaf once. What lies in a leaf that is changed needs no change of its own; what was said of it counts there. */
function partDecisions(all: readonly Verdict[]): PartDecision[] {
  const changed = all.filter((verdict) => !letsPass(verdict.action))
  const tops = new Set(changed.map(topOf))
  const byTop = new Map<string, Verdict[]>()
  for (const verdict of changed) {
    const top = topOf(verdict)
    if (top === undefined) continue
    const outermost = outermostOf(top, tops)
    const list = byTop.get(outermost)
    if (list === undefined) byTop.set(outermost, [verdict])
    else list.push(verdict)
  }
  return [...byTop].flatMap(([top, verdicts]) => {
    const why = mostSevere(verdicts)
    return why === undefined
      ? []
      : [{ top, action: why.action === 'lock' ? 'lock' : 'strip', why, all: verdicts }]
  })
}

/** The last of those that a part lies in, itself among them. */
function outermostOf(id: string, among: ReadonlySet<string | undefined>): string {
  return aroundAndItself(id).findLast((each) => among.has(each)) ?? id
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
