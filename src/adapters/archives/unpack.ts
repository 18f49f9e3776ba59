/** Reads what a stream unpacks, within bounds. */
import type { Readable } from 'node:stream'
import type { MemberContent } from '../../ports.ts'
import type { Budget } from './limits.ts'

/** All of a stream, at most `bound` octets. Never rejects; the stream is ended whatever happens. */
export async function unpack(stream: Readable, bound: number, budget: Budget): Promise<MemberContent> {
  const parts: Buffer[] = []
  let octets = 0
  let since = performance.now()
  try {
    // Buffers, as no stream here has an encoding set.
    for await (const part of stream as AsyncIterable<Buffer>) {
      const now = performance.now()
      const over = budget.take(part.length) ?? budget.spend(now - since)
      since = now
      if (over !== undefined) return { kind: 'limit-exceeded', limit: over }
      octets += part.length
      if (octets > bound) return { kind: 'limit-exceeded', limit: 'bound' }
      parts.push(part)
    }
    return { kind: 'content', bytes: Buffer.concat(parts, octets) }
  } catch (error) {
    return { kind: 'damaged', evidence: error instanceof Error ? error.message : String(error) }
  } finally {
    stream.destroy()
  }
}

/** A content that lies in memory already, under the same bounds. */
export function within(bytes: Uint8Array, bound: number, budget: Budget): MemberContent {
  const over = budget.take(bytes.length)
  if (over !== undefined) return { kind: 'limit-exceeded', limit: over }
  if (bytes.length > bound) return { kind: 'limit-exceeded', limit: 'bound' }
  return { kind: 'content', bytes }
}
