/** What the thread that holds the authority's key and the rest of Postern say to each other. */
import type { Credentials, LeafRequest } from '../../ports.ts'

/** Where the authority is: made on first start in a directory, or given as two files. */
export type AuthorityOptions =
  | { readonly directory: string }
  | { readonly certificate: string; readonly key: string }

/** What is known of an opened authority outside its thread. Never its key. */
export interface AuthorityFacts {
  /** PEM of the authority's certificate. */
  readonly authority: string
  /** SHA-256 of its SubjectPublicKeyInfo, lower-case hex. */
  readonly authorityKeyId: string
  readonly certificateFile: string
  /** Milliseconds since the epoch. */
  readonly notAfter: number
  /** Made just now. */
  readonly created: boolean
}

export interface ToWorker {
  readonly id: number
  readonly leaf: LeafRequest
}

export type FromWorker =
  | { readonly kind: 'opened'; readonly facts: AuthorityFacts }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'issued'; readonly id: number; readonly credentials: Credentials }
  | { readonly kind: 'refused'; readonly id: number; readonly reason: string }
