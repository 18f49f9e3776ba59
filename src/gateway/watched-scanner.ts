/** Tells the log when a scanner stops giving sound answers, and when it gives them again. */
import type { EventSink, Scanner, ScanResult } from '../ports.ts'

export function watchedScanner(scanner: Scanner, events: EventSink): Scanner {
  let sound = true
  const learn = (result: ScanResult): ScanResult => {
    const { name } = scanner
    if (result.kind === 'error' && sound)
      events.record({ code: 'scanner.failed', scanner: name, reason: result.reason })
    if (result.kind !== 'error' && !sound)
      events.record({ code: 'scanner.recovered', scanner: name, version: scanner.health().version })
    sound = result.kind !== 'error'
    return result
  }
  return {
    name: scanner.name,
    start: (context) => {
      const scan = scanner.start(context)
      return {
        write: (chunk) => scan.write(chunk),
        drained: () => scan.drained(),
        finish: async () => learn(await scan.finish()),
        abandon: () => scan.abandon(),
      }
    },
    health: () => scanner.health(),
    close: () => scanner.close(),
  }
}
