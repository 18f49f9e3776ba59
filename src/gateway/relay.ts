/**
 * Sends a judged message: status line, content with canonical line ends and stuffed dots, final dot.
 * At the pace of the client; what waits is one piece of the message.
 */
import { WireWriter } from '../bytes/index.ts'
import type { Leg } from './leg.ts'

export interface RelayJob {
  /** Sent first; absent when it has gone already. */
  readonly status: Uint8Array | undefined
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
  /** TOP: so many lines of the body and no more. */
  readonly lines: number | undefined
}

export interface RelayResult {
  readonly octets: number
  readonly lineEndsRepaired: number
}

/** Resolves when all was written, or the leg is over. Rejects when the content cannot be read. */
export async function relay(leg: Leg, job: RelayJob): Promise<RelayResult> {
  const writer = new WireWriter(job.lines)
  const send = (piece: Uint8Array) => leg.write(piece)
  if (Symbol.iterator in job.content) {
    const { content } = job
    leg.together(() => {
      if (job.status !== undefined) send(job.status)
      for (const piece of content) writer.push(piece, send)
      writer.end(send)
    })
  } else {
    if (job.status !== undefined) send(job.status)
    for await (const piece of job.content) {
      writer.push(piece, send)
      // The piece's memory is used again for the next one.
      await leg.flushed()
      if (leg.isOver || writer.isDone) break
    }
    writer.end(send)
  }
  await leg.drained()
  return { octets: writer.octets, lineEndsRepaired: writer.repaired }
}
