/**
 * The log: one JSON line an event, on a file descriptor. Fields are those of the catalogue, with the
 * time, the severity and the catalogue's sentence. What a field holds is escaped by JSON, so that no
 * stranger's line end or control character reaches a terminal or a log reader.
 */
import { destination, pino } from 'pino'
import type { EventCode } from '../../events/index.ts'
import type { EventSink } from '../../ports.ts'

export interface Log extends EventSink {
  /** Resolves when everything is written, or after a second when the reader takes nothing more. Closes the descriptor, unless it is standard output. */
  end(): Promise<void>
}

/** Lines are gathered up to so many characters, or for so many milliseconds: a write for each would cost more than the line. */
const gather = 8 * 1024
const flushEvery = 100
/** Longest that the end of the process waits for a reader of the log, in milliseconds. */
const patience = 1000

/** What the catalogue says of an event. */
export type Describe = (code: EventCode) => { readonly severity: Severity; readonly sentence: string }
type Severity = 'debug' | 'info' | 'notice' | 'warning' | 'error'

let stampedAt = 0
let stamped = ''
/** A busy gateway records several events in a millisecond. */
function stamp(): string {
  const now = Date.now()
  if (now !== stampedAt) {
    stampedAt = now
    stamped = `,"time":"${new Date(now).toISOString()}"`
  }
  return stamped
}

/** The severities of syslog (RFC 5424 §6.2.1) on the scale that pino sorts by. */
const levels: Readonly<Record<Severity, number>> = { debug: 20, info: 30, notice: 35, warning: 40, error: 50 }

/** @param descriptor where the lines go; 1 is standard output */
export function openLog(describe: Describe, descriptor = 1): Log {
  const target = destination({ fd: descriptor, sync: false, minLength: gather, periodicFlush: flushEvery })
  // A reader that went away must not end the gateway.
  target.on('error', () => {})
  const logger = pino(
    {
      base: null,
      messageKey: 'message',
      timestamp: stamp,
      customLevels: levels,
      useOnlyCustomLevels: true,
      level: 'debug',
      formatters: { level: (label) => ({ severity: label }) },
    },
    target,
  )
  return {
    record: (event) => {
      const { severity, sentence } = describe(event.code)
      logger[severity](event, sentence)
    },
    end: () =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, patience)
        target.once('close', () => {
          clearTimeout(timer)
          resolve()
        })
        target.end()
      }),
  }
}
