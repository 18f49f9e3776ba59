/**
 * What would happen to one message under one Proxy Action, without a session: it is examined, judged and
 * rendered as for a client, and everything on the way there is told.
 */
import { BodyReader, BodyWriter } from '../bytes/index.ts'
import type { ProxyAction } from '../config/index.ts'
import { Examination, type Findings, type InspectServices } from '../inspect/index.ts'
import {
  type Decision,
  decide,
  type MessageFacts,
  type PartFacts,
  traitsOf,
  traits as traitWords,
  type Verdict,
} from '../policy/index.ts'
import type {
  ExplainedFinding,
  ExplainedPart,
  ExplainedRule,
  ExplainedVerdict,
  Explanation,
  Scanner,
} from '../ports.ts'
import { dateTime } from './judge.ts'
import { changes, type Rendering, render } from './render.ts'
import { scannersOf } from './scanners.ts'

export interface ExplainOptions {
  readonly action: ProxyAction
  readonly services: InspectServices
  readonly scanners: ReadonlyMap<string, Scanner>
}

/** Rejects when the message could not be held. */
export async function explain(
  message: Uint8Array,
  { action, services, scanners }: ExplainOptions,
): Promise<Explanation> {
  const original = asReceived(message)
  const examination = new Examination(services, scannersOf(action, scanners), 'message')
  try {
    if (!examination.write(original)) await examination.drained()
    const findings = await examination.finish()
    const { facts } = findings
    const rules = action.content
    const decision = decide(facts, rules, { trace: true })
    const rendering: Rendering = {
      ...{ findings, decision },
      options: {
        ...{ facts, rules, decision, eventId: 'explain', utf8: false },
        // The same message is explained in the same way each time.
        seed: findings.sha256.slice(0, 24),
        now: dateTime(services.clock.now()),
      },
    }
    const delivered = await deliver(original, examination, rendering, services)
    return { ...told(findings, decision), action: action.name, original, delivered }
  } finally {
    examination.discard()
  }
}

async function deliver(
  original: Uint8Array,
  examination: Examination,
  rendering: Rendering,
  { locker }: InspectServices,
): Promise<Uint8Array | undefined> {
  if (rendering.decision.outcome === 'refuse') return undefined
  if (!changes(rendering.decision)) return asSent([original])
  const pieces: Uint8Array[] = []
  for await (const piece of render(examination, rendering, locker)) pieces.push(Uint8Array.from(piece))
  return asSent(pieces)
}

/** A POP3 server sends whole lines, and CRLF where a file as Unix keeps mail has LF alone. */
function asReceived(message: Uint8Array): Uint8Array {
  const octets = Buffer.from(message)
  const isUnix = octets.includes(lf) && !octets.includes(crlf)
  const lines = isUnix ? Buffer.from(octets.toString('latin1').replaceAll(lf, crlf), 'latin1') : octets
  const isWhole = lines.length === 0 || lines.subarray(-crlf.length).toString('latin1') === crlf
  return isWhole ? lines : Buffer.concat([lines, Buffer.from(crlf)])
}

/** What a client has once dots and line ends are as POP3 wants them. */
function asSent(pieces: readonly Uint8Array[]): Uint8Array {
  const writer = new BodyWriter()
  const reader = new BodyReader()
  const content: Uint8Array[] = []
  const put = (piece: Uint8Array) => void reader.read(piece, (each) => content.push(each))
  for (const piece of pieces) writer.write(piece, put)
  writer.end(put)
  return Buffer.concat(content)
}

const lf = '\n'
const crlf = '\r\n'

type Told = Omit<Explanation, 'action' | 'original' | 'delivered'>

function told(findings: Findings, decision: Decision): Told {
  const { facts, size, sha256 } = findings
  const { why, outcome, quarantine, refusal, trace } = decision
  const strippedHeaders = decision.headers.flatMap((index) =>
    decision.verdicts.filter(({ on }) => on.kind === 'header' && on.index === index),
  )
  return {
    ...{ size, sha256, from: facts.from, subject: facts.subject, parts: partsOf(findings) },
    findings: findingsOf(facts),
    rules: trace.map((asked): ExplainedRule => ({ ...asked })),
    decidedBy: why === undefined ? undefined : verdict(why, facts),
    ...{ outcome, quarantine, refusal },
    changes: [
      ...decision.parts.map(({ action, top, why: reason }) => ({
        ...verdict(reason, facts),
        ...{ action, subject: top },
      })),
      ...strippedHeaders.map((each) => verdict(each, facts)),
      ...decision.verdicts.filter(({ action }) => action === 'tag').map((each) => verdict(each, facts)),
    ],
  }
}

function verdict({ ruleset, rule, action, on, reason, evidence }: Verdict, facts: MessageFacts) {
  return { ruleset, rule, action, subject: subjectOf(on, facts), reason, evidence } satisfies ExplainedVerdict
}

function subjectOf(on: Verdict['on'], { headers }: MessageFacts): string {
  switch (on.kind) {
    case 'header':
      return headers[on.index]?.name ?? 'message'
    case 'part':
      return on.part.id
    case 'top':
      return on.top
    case 'message':
      return 'message'
    default:
      return on satisfies never
  }
}

/** In the order of their ids, each with its place in the tree. */
function partsOf({ reading, facts }: Findings): ExplainedPart[] {
  const containers = reading.parts
    .filter(({ kind }) => kind === 'multipart')
    .map(({ id, declaredType, fileNames }) => ({
      ...{ id, kind: 'multipart' as const, declaredType, names: fileNames, traits: [] },
      ...{ sniffedType: undefined, size: undefined, sha256: undefined },
    }))
  const contents = facts.parts.map((part) => {
    const { id, kind, declaredType, sniffedType, names, size } = part
    const sha256 = part.sha256 === '' ? undefined : part.sha256
    return { id, kind, declaredType, sniffedType, names, size, sha256, traits: [...traitsOf(part)] }
  })
  const all = [...containers, ...contents].toSorted((a, b) => compare(steps(a.id), steps(b.id)))
  const depths = new Map<string, number>()
  return all.map((part) => {
    const parent = holders(part.id).find((id) => depths.has(id))
    const depth = parent === undefined ? 0 : (depths.get(parent) ?? 0) + 1
    depths.set(part.id, depth)
    return { ...part, depth }
  })
}

/** Ids of what may hold a part, the innermost first: `2.1` lies in `2.TEXT` where there is one, else in `2`. */
function holders(id: string): readonly string[] {
  const found: string[] = []
  for (let at = lastStep(id); at > 0; at = lastStep(id.slice(0, at)))
    found.push(...(id.endsWith('.TEXT') ? [] : [`${id.slice(0, at)}.TEXT`]), id.slice(0, at))
  return id === 'TEXT' ? [] : [...found, 'TEXT']
}

function lastStep(id: string): number {
  return Math.max(...['.', '/', '+', '~'].map((mark) => id.lastIndexOf(mark)))
}

/** `2.TEXT` comes before `2.1`, and `2.10` behind `2.9`. */
function steps(id: string): readonly (string | number)[] {
  return id
    .split(/(?<=[./+~])|(?=[./+~])/)
    .map((step) => (step === 'TEXT' ? 0 : /^\d+$/.test(step) ? Number(step) : step))
}

function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, one] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    if (one === other) continue
    if (typeof one === 'number' && typeof other === 'number') return one - other
    return String(one) < String(other) ? -1 : 1
  }
  return a.length - b.length
}

function findingsOf(facts: MessageFacts): ExplainedFinding[] {
  return [
    ...facts.parts.flatMap(traitFindings),
    ...facts.ambiguities.map(({ reason, evidence, top }) => ({
      ...{ subject: top ?? 'message', kind: 'ambiguous' as const, what: reason, evidence },
    })),
    ...facts.limits.map(({ limit, evidence, top }) => ({
      ...{ subject: top ?? 'message', kind: 'limit-exceeded' as const, what: limit, evidence },
    })),
    ...[{ id: 'message', scans: facts.scans }, ...facts.parts].flatMap(scanFindings),
    ...facts.signatures.map((what) => ({
      ...{ subject: 'message', kind: 'signature' as const, what, evidence: 'signed' },
    })),
  ]
}

function traitFindings(part: PartFacts): ExplainedFinding[] {
  const type = part.sniffedType ?? 'unknown type'
  const evidence = part.names.length === 0 ? type : `${part.names.join(' or ')}, ${type}`
  return [...traitsOf(part)].map((what) => ({
    ...{ subject: part.id, kind: 'trait', what, evidence: `${traitWords[what]}: ${evidence}` },
  }))
}

function scanFindings({ id, scans }: Pick<PartFacts, 'id' | 'scans'>): ExplainedFinding[] {
  return scans.flatMap(({ scanner, result }) => {
    if (result.kind === 'clean') return []
    const more =
      result.kind === 'infected' ? `: ${result.virus}` : result.kind === 'error' ? `: ${result.reason}` : ''
    return [{ subject: id, kind: 'scan', what: result.kind, evidence: `${scanner}${more}` }]
  })
}
