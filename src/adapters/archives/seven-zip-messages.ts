/** What the thread of 7-Zip is told, and what it answers, once. */
import type { ListedMember } from './seven-zip-listing.ts'

export interface SevenZipTask {
  readonly bytes: Uint8Array
  /** As 7-Zip calls it. */
  readonly format: string
  /** A format that holds one content without a name. */
  readonly single: boolean
  readonly members: number
  /** Octets that may be unpacked. */
  readonly room: number
}

export interface UnpackedMember extends ListedMember {
  /** `undefined`: nothing came of it. */
  readonly content: Uint8Array<ArrayBuffer> | undefined
  /** What 7-Zip complained of. */
  readonly complaint: string | undefined
}

export type SevenZipAnswer =
  /** The package is not installed. */
  | { readonly kind: 'missing' }
  /** Not even the names can be read. */
  | { readonly kind: 'encrypted' }
  | {
      readonly kind: 'unpacked'
      readonly members: readonly UnpackedMember[]
      readonly over: 'members' | 'room' | undefined
      /** What 7-Zip complained of, about the whole. */
      readonly complaint: string | undefined
    }
