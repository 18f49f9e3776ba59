/** The numbers that bound one clamd, each with its reason. */

export interface Bounds {
  /** Largest content that is sent, in octets; anything larger is `too-large`. */
  readonly scanLimit: number
  /** Connections at one time. */
  readonly connections: number
  /** Scans that may wait for a connection. */
  readonly waiting: number
  /** Milliseconds a scan may wait for a connection. */
  readonly queueTimeout: number
  /** Milliseconds until clamd has accepted a connection, or answered a PING. */
  readonly connectTimeout: number
  /** Milliseconds from the connection to the answer. */
  readonly scanTimeout: number
}

export const defaultBounds: Bounds = {
  /** clamd's StreamMaxLength is 100 MiB, but it calls what is over its MaxFileSize (100 MiB) or MaxScanSize clean. */
  scanLimit: 25 * 1024 * 1024,
  /** clamd's MaxThreads is 10; two stay free for other programs. */
  connections: 8,
  /** clamd's own MaxQueue. */
  waiting: 100,
  /** Half of the minute that most mail clients wait for an answer. */
  queueTimeout: 30_000,
  /** On the same machine this takes a millisecond, in the same network a hundred at most. */
  connectTimeout: 5_000,
  /** clamd's MaxScanTime is 120 s: no answer can come later than that. */
  scanTimeout: 125_000,
}

/**
 * Octets held back before a connection is taken, and before `write` says to wait. Most mails are
 * smaller, so that a slow server's mail does not keep a thread of clamd waiting.
 */
export const heldBack = 64 * 1024
