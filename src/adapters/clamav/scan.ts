/**
 * One content on its way through clamd by zINSTREAM: chunks with their length before them, an empty one
 * at the end, one answer. It settles once, whatever happens first: answer, fault, limit, deadline.
 */
import { connect, type Socket } from 'node:net'
import type { Scan, ScanResult } from '../../ports.ts'
import type { ClamdAddress } from './address.ts'
import { fault, longestAnswer, resultOf } from './answer.ts'
import type { Gate, Ticket } from './gate.ts'
import { type Bounds, heldBack } from './options.ts'

/** What the end of a scan tells of the scanner: `unsettled` is nothing. */
export type Lesson = 'worked' | 'failed' | 'unsettled'

export interface Surroundings {
  readonly address: ClamdAddress
  readonly bounds: Bounds
  readonly gate: Gate
  /** Before a place is asked for; a result: the scanner is not to be used now. */
  readonly admit: () => ScanResult | undefined
  /** Called once for each scan that was admitted. */
  readonly learn: (lesson: Lesson, result: ScanResult) => void
  /** Called once for each scan, when it is over. */
  readonly over: (scan: InstreamScan) => void
}

type State =
  | { readonly kind: 'holding' }
  | { readonly kind: 'queueing'; readonly ticket: Ticket }
  | { readonly kind: 'connecting'; readonly ticket: Ticket; readonly socket: Socket }
  | { readonly kind: 'sending'; readonly ticket: Ticket; readonly socket: Socket }
  | { readonly kind: 'settled'; readonly result: ScanResult }

const command = Buffer.from('zINSTREAM\0')
const endOfStream = Buffer.alloc(4)

export class InstreamScan implements Scan {
  readonly #around: Surroundings
  readonly #settled = Promise.withResolvers<ScanResult>()
  #state: State = { kind: 'holding' }
  #held: Buffer[] = []
  #heldOctets = 0
  #octets = 0
  #finished = false
  #answer = ''
  #timer: NodeJS.Timeout | undefined
  #wakeUps: (() => void)[] = []

  /** @param size octets, when known: what is too large is not sent at all */
  constructor(around: Surroundings, size: number | undefined) {
    this.#around = around
    if (size !== undefined) this.#checkSize(size)
  }

  write(chunk: Uint8Array): boolean {
    // An empty chunk would end the stream.
    if (this.#state.kind === 'settled' || chunk.length === 0) return this.#mayWrite()
    this.#octets += chunk.length
    if (this.#checkSize(this.#octets)) return true
    const framed = Buffer.allocUnsafe(4 + chunk.length)
    framed.writeUInt32BE(chunk.length)
    framed.set(chunk, 4)
    if (this.#state.kind === 'sending') this.#state.socket.write(framed)
    else {
      this.#held.push(framed)
      this.#heldOctets += framed.length
      if (this.#state.kind === 'holding' && this.#heldOctets >= heldBack) this.#askForPlace()
    }
    return this.#mayWrite()
  }

  drained(): Promise<void> {
    if (this.#mayWrite()) return Promise.resolve()
    return new Promise((resolve) => this.#wakeUps.push(resolve))
  }

  finish(): Promise<ScanResult> {
    if (!this.#finished) {
      this.#finished = true
      if (this.#state.kind === 'holding') this.#askForPlace()
      else if (this.#state.kind === 'sending') this.#state.socket.write(endOfStream)
    }
    return this.#settled.promise
  }

  abandon(): void {
    this.#settle(fault('the scan was abandoned'), 'unsettled')
  }

  #mayWrite(): boolean {
    const state = this.#state
    switch (state.kind) {
      case 'holding':
      case 'settled':
        return true
      case 'queueing':
      case 'connecting':
        return this.#heldOctets < heldBack
      case 'sending':
        return !state.socket.writableNeedDrain
      default:
        return state satisfies never
    }
  }

  #checkSize(octets: number): boolean {
    const { scanLimit } = this.#around.bounds
    if (octets <= scanLimit) return false
    this.#settle({ kind: 'too-large', limit: scanLimit }, 'unsettled')
    return true
  }

  #askForPlace(): void {
    const { admit, gate, bounds } = this.#around
    const ticket = gate.ask(() => this.#connect())
    if (ticket === undefined) {
      this.#settle(busy(bounds), 'unsettled')
      return
    }
    const refusal = admit()
    if (refusal !== undefined) {
      ticket.leave()
      this.#settle(refusal, 'unsettled')
      return
    }
    this.#state = { kind: 'queueing', ticket }
    const { queueTimeout } = bounds
    this.#setTimer(queueTimeout, () =>
      this.#settle(
        fault(`clamd is busy: no connection was free within ${seconds(queueTimeout)}`),
        'unsettled',
      ),
    )
  }

  #connect(): void {
    if (this.#state.kind !== 'queueing') return
    const { ticket } = this.#state
    const { address, bounds } = this.#around
    const socket = connect({ ...address, noDelay: true })
    this.#state = { kind: 'connecting', ticket, socket }
    this.#failAfter(bounds.connectTimeout, 'clamd did not accept a connection')
    socket.on('connect', () => this.#send(ticket, socket))
    socket.on('data', (bytes: Buffer) => this.#take(bytes))
    socket.on('drain', () => this.#wake())
    socket.on('error', (error) => this.#settle(fault(`clamd: ${error.message}`), 'failed'))
    socket.on('close', () =>
      this.#settle(fault('clamd closed the connection without a whole answer'), 'failed'),
    )
  }

  #send(ticket: Ticket, socket: Socket): void {
    if (this.#state.kind !== 'connecting') return
    this.#state = { kind: 'sending', ticket, socket }
    const { scanTimeout } = this.#around.bounds
    this.#setTimer(scanTimeout, () => {
      // Without anything of ours to deal with it is not the scanner that was slow.
      const owes = this.#finished || socket.writableLength > 0
      const reason = owes ? 'clamd did not answer' : 'the content did not arrive'
      this.#settle(fault(`${reason} within ${seconds(scanTimeout)}`), owes ? 'failed' : 'unsettled')
    })
    socket.cork()
    socket.write(command)
    for (const framed of this.#held) socket.write(framed)
    this.#held = []
    this.#heldOctets = 0
    if (this.#finished) socket.write(endOfStream)
    socket.uncork()
    if (this.#mayWrite()) this.#wake()
  }

  #take(bytes: Buffer): void {
    this.#answer += bytes.toString('latin1')
    const end = this.#answer.indexOf('\0')
    if (end < 0) {
      if (this.#answer.length > longestAnswer)
        this.#settle(fault(`clamd answered more than ${longestAnswer} octets`), 'failed')
      return
    }
    const result = this.#judge(this.#answer.slice(0, end), this.#answer.length - end - 1)
    this.#settle(result, lessonOf(result, this.#answer))
  }

  #judge(answer: string, trailing: number): ScanResult {
    if (trailing > 0) return fault('clamd answered more than one answer')
    const result = resultOf(answer)
    return result.kind === 'clean' && !this.#finished
      ? fault('clamd answered before it had everything')
      : result
  }

  #settle(result: ScanResult, lesson: Lesson): void {
    const state = this.#state
    if (state.kind === 'settled') return
    this.#state = { kind: 'settled', result }
    clearTimeout(this.#timer)
    if ('socket' in state) state.socket.destroy()
    if ('ticket' in state) state.ticket.leave()
    // A scan still holding its bytes back was never admitted, so there is nothing to learn.
    if (state.kind !== 'holding') this.#around.learn(lesson, result)
    this.#held = []
    this.#around.over(this)
    this.#wake()
    this.#settled.resolve(result)
  }

  #wake(): void {
    const wakeUps = this.#wakeUps
    this.#wakeUps = []
    for (const wakeUp of wakeUps) wakeUp()
  }

  #failAfter(milliseconds: number, what: string): void {
    this.#setTimer(milliseconds, () =>
      this.#settle(fault(`${what} within ${seconds(milliseconds)}`), 'failed'),
    )
  }

  #setTimer(milliseconds: number, expire: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(expire, milliseconds)
  }
}

const busy = ({ connections, waiting }: Bounds): ScanResult =>
  fault(`clamd is busy: ${connections} scans run and ${waiting} wait`)

/** An answer with ERROR comes from a clamd that works, about this content or its machine. */
function lessonOf(result: ScanResult, answer: string): Lesson {
  if (result.kind !== 'error') return 'worked'
  return answer.endsWith(' ERROR\0') ? 'unsettled' : 'failed'
}

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`
