/** Cuts zstd into its frames (RFC 8878 §3.1): a file may have any number of them, one behind the other. */

const magic = 0xfd2fb528
/** Frames that hold no content: the lowest of sixteen numbers (RFC 8878 §3.1.2). */
const skippable = 0x184d2a50

/** The frames with content. `undefined`: one is cut short, or what follows it is none. */
export function zstdFrames(bytes: Buffer): Buffer[] | undefined {
  const frames: Buffer[] = []
  let at = 0
  while (at < bytes.length) {
    if (at + 8 > bytes.length) return undefined
    const number = bytes.readUInt32LE(at)
    const isSkippable = (number & 0xfffffff0) >>> 0 === skippable
    const end = isSkippable ? at + 8 + bytes.readUInt32LE(at + 4) : number === magic ? frameEnd(bytes, at) : 0
    if (end <= at || end > bytes.length) return undefined
    if (!isSkippable) frames.push(bytes.subarray(at, end))
    at = end
  }
  return frames
}

/** Where a frame ends; 0 when it does not. */
function frameEnd(bytes: Buffer, start: number): number {
  const descriptor = bytes[start + 4] ?? 0
  const single = (descriptor & 0x20) !== 0
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
  const size = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  let at = start + 5 + (single ? 0 : 1) + dictionary + size
  for (;;) {
    if (at + 3 > bytes.length) return 0
    const block = bytes.readUIntLE(at, 3)
    // A block of type 1 is one octet, repeated (RFC 8878 §3.1.1.2.2).
    at += 3 + (((block >> 1) & 3) === 1 ? 1 : block >> 3)
    if ((block & 1) === 1) return at + ((descriptor & 4) === 0 ? 0 : 4)
  }
}
