/** Open containers, as a chain from the innermost to the message itself. A frame never changes; what is closed is another frame. */
import type { Draft } from './parts.ts'

export interface Frame {
  /** Unlike that of any other frame. */
  readonly key: number
  readonly kind: 'message' | 'multipart'
  /** The container around this one; `undefined` for the message itself. */
  readonly parent: Frame | undefined
  readonly depth: number
  /** Of a multipart. */
  readonly boundary: string
  /** The closing boundary line was there. */
  readonly closed: boolean
  readonly isDigest: boolean
  /** The container's part; `undefined` for the message itself. */
  readonly draft: Draft | undefined
  /** What the ids of its parts begin with. */
  readonly prefix: string
  /** For each boundary here and around, the innermost frame that has it. */
  readonly nearest: ReadonlyMap<string, Frame>
  /** The next frame outwards with the same boundary. */
  readonly outerSame: Frame | undefined
  /** Parts of the common reading so far. */
  readonly count: { children: number }
  /** Other state of the same container, once it was asked for. */
  twin: Frame | undefined
}

export class Frames {
  #next = 0

  /** The message itself. */
  root(): Frame {
    return this.#make({
      ...{ kind: 'message', parent: undefined, depth: 0, boundary: '', closed: false, isDigest: false },
      ...{ draft: undefined, prefix: '', count: { children: 0 } },
    })
  }

  message(parent: Frame, draft: Draft): Frame {
    return this.#make({
      ...{ kind: 'message', parent, depth: parent.depth + 1, boundary: '', closed: false, isDigest: false },
      ...{ draft, prefix: `${draft.id}.`, count: { children: 0 } },
    })
  }

  multipart(parent: Frame, draft: Draft, boundary: string): Frame {
    const isDigest = draft.declaredType === 'multipart/digest'
    // RFC 9051 §6.4.5: the parts of a message's multipart carry the number of the message alone.
    const prefix = draft.id.endsWith('TEXT') ? parent.prefix : `${draft.id}.`
    return this.#make({
      ...{ kind: 'multipart', parent, depth: parent.depth + 1, boundary, closed: false, isDigest },
      ...{ draft, prefix, count: { children: 0 } },
    })
  }

  /** The same container, closed or open again. */
  withClosed(frame: Frame, closed: boolean): Frame {
    if (frame.closed === closed) return frame
    frame.twin ??= this.#make({ ...frame, closed })
    frame.twin.twin = frame
    return frame.twin
  }

  /** The message itself, from anywhere inside. */
  outermost(frame: Frame): Frame {
    let outer = frame
    while (outer.parent !== undefined) outer = outer.parent
    return outer
  }

  #make(frame: Omit<Frame, 'key' | 'nearest' | 'outerSame' | 'twin'>): Frame {
    const around = frame.parent?.nearest
    const nearest = new Map(around)
    const made: Frame = {
      ...frame,
      ...{ key: this.#next, nearest, outerSame: around?.get(frame.boundary), twin: undefined },
    }
    this.#next += 1
    if (frame.kind === 'multipart') nearest.set(frame.boundary, made)
    return made
  }
}

/** Multiparts from `inner` outwards, up to and without `outer`, that are not closed. */
export function unclosedWithin(inner: Frame, outer: Frame): Frame[] {
  const found: Frame[] = []
  for (let frame: Frame | undefined = inner; frame !== undefined && frame !== outer; frame = frame.parent)
    if (frame.kind === 'multipart' && !frame.closed) found.push(frame)
  return found
}
