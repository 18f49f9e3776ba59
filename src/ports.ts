/**
 * What the rim must provide, as the core's side of the rim sees it. Adapters implement these,
 * main.ts hands them over; nothing here does anything.
 */
import type { EventRecord } from './events/index.ts'
import type { ChainEntry, LeafRequest } from './tls/index.ts'

/** A certificate chain (PEM, leaf first) with the leaf's private key (PEM). */
export interface Credentials {
  readonly chain: string
  readonly key: string
  /** Milliseconds since the epoch after which the leaf must not be shown any more. */
  readonly notAfter: number
}

export type { LeafRequest } from './tls/index.ts'

/** The Proxy Authority's hand. It never throws into a caller: a fault is a rejected promise. */
export interface CertIssuer {
  /** PEM of the Proxy Authority certificate, for people to trust. */
  readonly authority: string
  /** SHA-256 of the Proxy Authority's public key (SubjectPublicKeyInfo DER), lower-case hex: a chain with this key is never trusted upstream. */
  readonly authorityKeyId: string
  /** End of the authority's validity, milliseconds since the epoch: no leaf outlives it. */
  readonly notAfter: number
  issue(leaf: LeafRequest): Promise<Credentials>
}

/** Reads a certificate's DER. Throws `TypeError` when it is no certificate. */
export type CertificateReader = (der: Uint8Array) => ChainEntry

/** What is trusted upstream. `Certificate` is whatever the TLS stack gives for a peer's certificate. */
export interface TrustStore<Certificate> {
  /** PEM, one certificate each, for the TLS stack. */
  readonly certificates: readonly string[]
  /** The path of a peer's leaf, leaf first, ending in the trusted certificate that signed it, when one did. */
  pathOf(leaf: Certificate | undefined): readonly ChainEntry[]
}

/** Where events go. Synchronous and total: a full disk is the sink's trouble, not the session's. */
export interface EventSink {
  record(event: EventRecord): void
}

/** A message being held: written while it arrives, read back once it is decided. */
export interface Spool {
  /** Takes a copy of the bytes. `false`: wait for `drained` before writing more. */
  write(chunk: Uint8Array): boolean
  /** Resolves when more may be written; rejects when the disk refuses. */
  drained(): Promise<void>
  /** No more writes. Resolves with the size in octets. */
  finish(): Promise<number>
  /** The octets from `start` up to `end`, in pieces that stay valid until the next one is asked for. After `finish` only. */
  read(start?: number, end?: number): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
  /** Frees memory and file; may be called at any time, more than once. */
  discard(): void
}

export interface SpoolFactory {
  open(): Spool
}

/** Wall clock for dates, monotonic for durations; both in milliseconds. */
export interface Clock {
  now(): number
  monotonic(): number
}
