/** What the recognisers of this folder look at and answer. */
import type { SniffFlag } from '../../ports.ts'

export interface Content {
  /** The first octets. */
  readonly head: Buffer
  /** All of it, when it was given. */
  readonly whole: Buffer | undefined
}

export interface Found {
  /** `undefined`: unknown. */
  readonly type: string | undefined
  readonly flags: readonly SniffFlag[]
  /** The whole, once given, tells more. */
  readonly needsWhole: boolean
}

/** Found for good: nothing further on changes it. */
export const found = (type: string, ...flags: readonly SniffFlag[]): Found => ({
  ...{ type, flags, needsWhole: false },
})

/** Of this type, with more to be told from the whole, unless this was it. */
export const foundSoFar = (content: Content, type: string, ...flags: readonly SniffFlag[]): Found => ({
  ...{ type, flags, needsWhole: content.whole === undefined },
})

/** All that there is to look at. */
export const all = ({ head, whole }: Content): Buffer => whole ?? head

/** Bytes as a Buffer over the same memory. */
export const view = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
