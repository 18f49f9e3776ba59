/**
 * Antivirus: what the scanners said, and what they did not say. Every scanner must have answered for
 * every part: by itself, or by a deep answer for something around it. No answer, a broken one and one
 * of an unknown kind are a scan error. Only `clean` is clean.
 */
import type { Action } from './actions.ts'
import type { Tracer } from './ask.ts'
import { idAround } from './ids.ts'
import { needsPassword } from './traits.ts'
import type { ContentRules, MessageFacts, PartFacts, ScanAnswer, ScanFact, Trait, Verdict } from './types.ts'

type Antivirus = ContentRules['antivirus']

/** A verdict about what is not clean; an error tells who is out of order. */
export interface ScanVerdict extends Verdict {
  readonly setting: 'infected' | 'scanError' | 'tooLarge' | 'encrypted'
}

/** @param traitsOf all traits of a part */
export function judgeScans(
  facts: MessageFacts,
  { antivirus }: ContentRules,
  traitsOf: (part: PartFacts) => ReadonlySet<Trait>,
  trace: Tracer,
): ScanVerdict[] {
  // Nothing of the body leaves with the headers alone.
  if (facts.scope === 'headers' || antivirus.scanners.length === 0) return []
  traceAnswers(facts, trace)
  const court = new Court(facts, antivirus, traitsOf)
  return [
    ...facts.scans.flatMap((fact) => court.ofMessage(fact)),
    ...facts.parts.flatMap((part) => court.ofPart(part)),
    ...(facts.parts.length === 0 ? court.ofNoParts() : []),
  ]
}

type Finding = { readonly setting: ScanVerdict['setting']; readonly reason: string; readonly virus?: string }

class Court {
  readonly #facts: MessageFacts
  readonly #antivirus: Antivirus
  readonly #byId: ReadonlyMap<string, PartFacts>
  readonly #traitsOf: (part: PartFacts) => ReadonlySet<Trait>

  constructor(facts: MessageFacts, antivirus: Antivirus, traitsOf: (part: PartFacts) => ReadonlySet<Trait>) {
    this.#facts = facts
    this.#antivirus = antivirus
    this.#traitsOf = traitsOf
    this.#byId = new Map(facts.parts.map((part) => [part.id, part]))
  }

  /**
   * What is wrong with the message as a whole. A virus or a password that the same scanner found in a
   * part is that part's matter; so is it when the message as a whole could not be scanned.
   */
  ofMessage({ scanner, result }: ScanFact): ScanVerdict[] {
    const finding = read(scanner, result)
    if (finding === undefined) return []
    const parts = this.#facts.parts
    const blamed = parts.some(
      (part) =>
        answers(part, scanner).some((fact) => fact.result.kind === result.kind) ||
        (result.kind === 'encrypted' && this.#isEncrypted(part)),
    )
    const everyPartAnswered = parts.length > 0 && parts.every((part) => answers(part, scanner).length > 0)
    const elsewhere =
      finding.setting === 'infected' || finding.setting === 'encrypted' ? blamed : everyPartAnswered
    return elsewhere ? [] : [this.#verdict({ kind: 'message' }, scanner, finding)]
  }

  ofPart(part: PartFacts): ScanVerdict[] {
    const on = { kind: 'part', part } as const
    const verdicts: ScanVerdict[] = []
    const { scanLimit, scanners } = this.#antivirus
    const tooLarge = this.#isTooLarge(part)
    if (tooLarge) {
      const reason = `it has ${part.size} octets, and what has more than ${scanLimit} is not scanned`
      verdicts.push(this.#verdict(on, undefined, { setting: 'tooLarge', reason }))
    }
    const encrypted = this.#isEncrypted(part)
    if (encrypted) verdicts.push(this.#verdict(on, undefined, { setting: 'encrypted', reason: noPassword }))
    for (const { scanner, result } of part.scans) {
      const finding = read(scanner, result)
      if (finding !== undefined && !(tooLarge && finding.setting !== 'infected'))
        verdicts.push(this.#verdict(on, scanner, finding))
    }
    // A member that could not be taken out of its archive has no content to be scanned.
    const absent = part.kind === 'member' && (encrypted || this.#traitsOf(part).has('unreadable'))
    if (tooLarge || absent) return verdicts
    for (const scanner of scanners) {
      const missing = answers(part, scanner).length > 0 ? undefined : this.#around(part, scanner)
      if (missing !== undefined) verdicts.push(this.#verdict(on, scanner, missing))
    }
    return verdicts
  }

  /** A message in which no part was found must be clean as a whole. */
  ofNoParts(): ScanVerdict[] {
    return this.#antivirus.scanners
      .filter((scanner) => !this.#facts.scans.some((fact) => fact.scanner === scanner))
      .map((scanner) => this.#verdict({ kind: 'message' }, scanner, silent(scanner)))
  }

  /** For a part without an answer of its own: what is wrong with the answer that should hold for it. */
  #around(part: PartFacts, scanner: string): Finding | undefined {
    for (let id = idAround(part.id); id !== ''; id = idAround(id)) {
      const around = this.#byId.get(id)
      if (around === undefined) continue
      // Whatever is wrong there was said there, and is about all that lies in it.
      if (this.#isTooLarge(around) || answers(around, scanner).some(({ deep }) => deep)) return undefined
    }
    const whole = answers(this.#facts, scanner)
    const faults = whole.map(({ result }) => read(scanner, result))
    const usable = whole.some(({ deep }, index) => deep && faults[index] === undefined)
    const fault = faults.find((each) => each !== undefined)
    if (usable && fault === undefined) return undefined
    return fault === undefined || fault.setting === 'infected' ? silent(scanner) : fault
  }

  #isTooLarge(part: PartFacts): boolean {
    return !(part.size <= this.#antivirus.scanLimit)
  }

  #isEncrypted(part: PartFacts): boolean {
    return needsPassword(part, this.#traitsOf(part))
  }

  #verdict(on: Verdict['on'], scanner: string | undefined, finding: Finding): ScanVerdict {
    const { setting, reason, virus } = finding
    const { failOpen } = this.#antivirus
    const action: Action = setting === 'scanError' && failOpen ? 'allow' : this.#antivirus[setting]
    return {
      setting,
      ruleset: 'antivirus',
      rule: setting === 'scanError' && failOpen ? 'antivirus.failOpen' : `antivirus.${setting}`,
      action,
      on,
      reason,
      evidence: virus ?? reason,
      virus,
      scanner,
      alarm: false,
      log: true,
    }
  }
}

const noPassword = 'it cannot be opened without a password, so that it cannot be scanned'

/** What an answer says that is not `clean`. Whatever is not known counts as an error. */
function read(scanner: string, result: ScanAnswer): Finding | undefined {
  switch (result.kind) {
    case 'clean':
      return undefined
    case 'infected':
      return {
        setting: 'infected',
        reason: `${scanner} found the virus ${result.virus}`,
        virus: result.virus,
      }
    case 'encrypted':
      return { setting: 'encrypted', reason: noPassword }
    case 'too-large':
      return {
        setting: 'tooLarge',
        reason: `it is too large for ${scanner}${result.limit === undefined ? '' : `, which takes ${result.limit} octets`}`,
      }
    case 'error':
      return { setting: 'scanError', reason: `${scanner} could not scan it: ${result.reason}` }
    default:
      result satisfies never
      return { setting: 'scanError', reason: `${scanner} gave an answer that is not known` }
  }
}

function silent(scanner: string): Finding {
  return { setting: 'scanError', reason: `${scanner} gave no answer for it` }
}

function answers({ scans }: { readonly scans: readonly ScanFact[] }, scanner: string): readonly ScanFact[] {
  return scans.filter((fact) => fact.scanner === scanner)
}

function traceAnswers(facts: MessageFacts, trace: Tracer): void {
  if (trace === undefined) return
  for (const { id, scans } of [{ id: 'message', scans: facts.scans }, ...facts.parts])
    for (const { scanner, result } of scans) {
      const finding = read(scanner, result)
      trace({
        ruleset: 'antivirus',
        rule: scanner,
        subject: id,
        value: finding?.reason ?? 'clean',
        matched: finding !== undefined,
        action: undefined,
      })
    }
}
