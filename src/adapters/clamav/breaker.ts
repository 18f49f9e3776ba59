/**
 * Spares a scanner that does not work: after some failures in a row it is left alone for a while, then
 * one scan tries it, and only when that one is answered do the others follow. Time is an argument.
 */

/** This many in a row are no accident; each one has cost a client a `-ERR [SYS/TEMP]`. */
export const failuresToOpen = 5
/** Long enough to spare it, short enough that a restarted clamd (about 20 s with full signatures) is found soon. */
export const retryAfter = 10_000

type State =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly until: number }
  /** One scan is out to see. */
  | { readonly kind: 'trying' }

export class Breaker {
  #state: State = { kind: 'closed', failures: 0 }

  get open(): boolean {
    return this.#state.kind !== 'closed'
  }

  /**
   * Asks for leave to use the scanner at a time (milliseconds, monotonic). `undefined`: go, and say
   * `succeeded`, `failed` or `unsettled` afterwards; a number: milliseconds to wait before asking again.
   */
  ask(now: number): number | undefined {
    const state = this.#state
    switch (state.kind) {
      case 'closed':
        return undefined
      case 'trying':
        return retryAfter
      case 'open':
        if (now < state.until) return state.until - now
        this.#state = { kind: 'trying' }
        return undefined
      default:
        return state satisfies never
    }
  }

  succeeded(): void {
    this.#state = { kind: 'closed', failures: 0 }
  }

  failed(now: number): void {
    const failures = this.#state.kind === 'closed' ? this.#state.failures + 1 : failuresToOpen
    this.#state =
      failures < failuresToOpen ? { kind: 'closed', failures } : { kind: 'open', until: now + retryAfter }
  }

  /** The scan ended without saying anything about the scanner: whoever comes next may try. */
  unsettled(now: number): void {
    if (this.#state.kind === 'trying') this.#state = { kind: 'open', until: now }
  }
}
