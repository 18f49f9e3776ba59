/**
 * Sends a judged message: status line, content with canonical line ends and stuffed dots, final dot.
 * At the pace of the client; what waits is one piece of the message.
 */
import { BodyWriter } from '../bytes/index.ts'
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
  const writer = new BodyWriter(job.lines)
  const send = (piece: Uint8Array) => leg.write(piece)
  const { content, status } = job
  let octets = 0
  if (Symbol.iterator in content)
    // All that is in memory leaves together: for most mails that is one TLS record.
    leg.together(() => {
      if (status !== undefined) send(status)
      for (const piece of content) {
        octets += piece.length
        writer.write(piece, send)
        if (writer.full) break
      }
      writer.end(send)
    })
  else {
    if (status !== undefined) send(status)
    for await (const piece of content) {
      octets += piece.length
      let last: Uint8Array | undefined
      writer.write(piece, (next) => {
        if (last !== undefined) send(last)
        last = next
      })
      // The piece's memory is used again for the next one.
      if (last !== undefined) await leg.writeThrough(last)
      if (leg.isOver || writer.full) break
    }
    writer.end(send)
  }
  await leg.drained()
  return { octets, lineEndsRepaired: writer.repaired }
}
