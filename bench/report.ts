/** Turns the findings into figures, bars and the table that is printed. */
import { BARS, type Bar } from './bars.ts'
import { median } from './measure.ts'
import type { Peer, PeerName } from './peers/peer.ts'
import type { Row, RowName } from './rows/row.ts'
import type { Findings } from './run.ts'

export type Verdict = 'ok' | 'missed' | 'not measured'

export interface BarResult extends Bar {
  /** `undefined` when one of the two figures is missing. */
  readonly reached: number | undefined
  readonly issueVerdict: Verdict | undefined
  readonly designVerdict: Verdict | undefined
}

/** Median of the repetitions; `undefined` when there is none. */
export function figure(
  findings: Findings,
  row: RowName,
  peer: PeerName,
  detail?: string,
): number | undefined {
  const values = (findings.samples.get(row)?.get(peer) ?? []).map((sample) =>
    detail === undefined ? sample.value : Number(sample.detail[detail]),
  )
  return values.length === 0 ? undefined : median(values)
}

/**
 * How many times the figure of `against` the peer needs: the median of the ratios within each
 * repetition, because what disturbs the machine then disturbs both.
 */
export function ratio(
  findings: Findings,
  row: RowName,
  peer: PeerName,
  against: PeerName,
): number | undefined {
  const base = findings.samples.get(row)?.get(against) ?? []
  const pairs = (findings.samples.get(row)?.get(peer) ?? []).flatMap((sample, index) => {
    const other = base[index]
    return other === undefined ? [] : [sample.value / other.value]
  })
  return pairs.length === 0 ? undefined : median(pairs)
}

const verdict = (reached: number | undefined, bar: number | undefined): Verdict | undefined => {
  if (bar === undefined) return undefined
  if (reached === undefined) return 'not measured'
  return reached <= bar ? 'ok' : 'missed'
}

/** The bars of the measured rows. */
export function judge(findings: Findings, rows: readonly Row[]): BarResult[] {
  return BARS.filter((bar) => rows.some((row) => row.name === bar.row)).map((bar) => {
    const reached =
      bar.against === undefined
        ? figure(findings, bar.row, 'postern', bar.detail)
        : ratio(findings, bar.row, 'postern', bar.against)
    return {
      ...bar,
      ...{ reached, issueVerdict: verdict(reached, bar.issue), designVerdict: verdict(reached, bar.design) },
    }
  })
}

/** Columns padded to their widest cell; the first to the left, the others to the right. */
function align(lines: readonly (readonly string[])[]): string {
  const widths = lines.reduce<number[]>(
    (seen, line) => line.map((cell, index) => Math.max(cell.length, seen[index] ?? 0)),
    [],
  )
  const pad = (cell: string, index: number): string =>
    index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n')
}

const cell = (value: number | undefined, digits: number): string =>
  value === undefined ? '-' : value.toFixed(digits)

function workTable(findings: Findings, rows: readonly Row[], peers: readonly Peer[]): string {
  const lines: string[][] = [['', ...peers.map((peer) => peer.title)]]
  for (const row of rows) {
    const own = peers.map((peer) => figure(findings, row.name, peer.name))
    lines.push([`${row.title}, ${row.unit}`, ...own.map((value) => cell(value, row.digits))])
    if (row.name === 'stalled') continue
    const ratios = peers.map((peer) => ratio(findings, row.name, peer.name, 'haproxy'))
    lines.push(['  ratio to HAProxy', ...ratios.map((value) => cell(value, 2))])
  }
  return align(lines)
}

const barCell = (bar: number | undefined, result: Verdict | undefined): string =>
  bar === undefined ? '' : `<= ${bar} ${result}`

function barTable(results: readonly BarResult[]): string {
  const lines = [['Postern against', 'reached', 'issue 2', 'DESIGN.md 9']]
  for (const result of results)
    lines.push([
      result.title,
      cell(result.reached, 2),
      barCell(result.issue, result.issueVerdict),
      barCell(result.design, result.designVerdict),
    ])
  return align(lines)
}

/** The whole text for people: figures, bars, notes, and what could not be measured. */
export function render(
  findings: Findings,
  rows: readonly Row[],
  peers: readonly Peer[],
  bars: readonly BarResult[],
): string {
  const missing = peers.flatMap((peer) =>
    (findings.failures.get(peer.name) ?? []).map((reason) => `${peer.title}, ${reason}`),
  )
  return [
    workTable(findings, rows, peers),
    barTable(bars),
    `Medians of the repetitions; ratios are medians of the ratios within each. Notes:\n${peers.map((peer) => `  ${peer.title}: ${peer.note}`).join('\n')}`,
    ...(missing.length === 0 ? [] : [`Not measured:\n${missing.map((line) => `  ${line}`).join('\n')}`]),
  ].join('\n\n')
}
