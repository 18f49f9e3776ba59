/** The antivirus scanner ClamAV, through its daemon clamd. */
import type { Scanner, ScannerHealth, ScanResult } from '../../ports.ts'
import { readAddress } from './address.ts'
import { fault } from './answer.ts'
import { askVersion } from './ask.ts'
import { Breaker } from './breaker.ts'
import { Gate } from './gate.ts'
import { type Bounds, defaultBounds } from './options.ts'
import { InstreamScan, type Lesson, type Surroundings } from './scan.ts'

export interface ClamavOptions {
  /** `unix:/path` or `tcp://host:port`. */
  readonly address: string
  /** What differs from the defaults of options.ts. */
  readonly bounds?: Partial<Bounds>
  /** Milliseconds that only go forward. Default: those of this process. */
  readonly monotonic?: () => number
}

export interface ClamavScanner extends Scanner {
  /** Asks clamd for PONG and version now. Never rejects. */
  check(): Promise<ScannerHealth>
}

/** How often clamd is asked whether it is there: a dashboard is then half a minute late at most. */
const checkEvery = 30_000

/**
 * Makes the scanner; nothing is connected yet, so that a clamd that is down is no reason not to start.
 * Its health is asked at once and then every 30 s. Throws `TypeError` when the address is none.
 */
export function openClamav({
  address: text,
  bounds: given = {},
  monotonic = () => performance.now(),
}: ClamavOptions): ClamavScanner {
  const address = readAddress(text)
  const bounds = { ...defaultBounds, ...given }
  const breaker = new Breaker()
  const running = new Set<InstreamScan>()
  let health: ScannerHealth = { state: 'unknown' }
  let closed = false

  const admit = (): ScanResult | undefined => {
    const wait = breaker.ask(monotonic())
    if (wait === undefined) return undefined
    return fault(
      `clamd failed several times in a row (last: ${health.lastError}); it is tried again in ${Math.ceil(wait / 1000)} s`,
    )
  }
  const learn = (lesson: Lesson, result: ScanResult): void => {
    switch (lesson) {
      case 'worked':
        breaker.succeeded()
        health = { ...health, state: 'up' }
        return
      case 'failed':
        breaker.failed(monotonic())
        health = { ...health, state: 'down', ...(result.kind === 'error' && { lastError: result.reason }) }
        return
      case 'unsettled':
        breaker.unsettled(monotonic())
        return
      default:
        lesson satisfies never
    }
  }
  const check = async (): Promise<ScannerHealth> => {
    try {
      const version = await askVersion(address, bounds.connectTimeout)
      // One that answers PING but fails at scanning is not up.
      health = { ...health, version, state: breaker.open ? 'down' : 'up' }
    } catch (error) {
      health = { ...health, state: 'down', lastError: error instanceof Error ? error.message : String(error) }
    }
    return health
  }
  const around: Surroundings = {
    ...{ address, bounds, admit, learn },
    gate: new Gate(bounds.connections, bounds.waiting),
    over: (scan) => running.delete(scan),
  }
  void check()
  const timer = setInterval(() => void check(), checkEvery)
  timer.unref()

  return {
    name: 'clamav',
    check,
    health: () => health,
    start: ({ size }) => {
      const scan = new InstreamScan(around, size)
      if (closed) scan.abandon()
      else running.add(scan)
      return scan
    },
    close: () => {
      closed = true
      clearInterval(timer)
      for (const scan of running) scan.abandon()
    },
  }
}
