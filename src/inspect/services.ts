/** What an examination needs from outside, and how far it may go. */
import type { ArchiveReader, Clock, Locker, Scanner, Sniffer, SpoolFactory } from '../ports.ts'

export interface InspectServices {
  readonly spools: SpoolFactory
  readonly sniffer: Sniffer
  readonly archives: ArchiveReader
  readonly locker: Locker
  readonly clock: Clock
}

/** Who scans what. */
export interface Scanners {
  /** Get the decoded content of each part and archive member; they open nothing themselves. */
  readonly ofParts: readonly Scanner[]
  /** Get the message while it arrives, and open what is in it; parts only to find the culprit. */
  readonly ofMessages: readonly Scanner[]
}

export const inspectLimits = {
  /** Archives and messages inside one another; honest mail has three at most. */
  containers: 8,
  /** Parts and members that are looked at in one message; the MIME reader has its own bound of 10,000. */
  parts: 20_000,
  /** Octets that come out of all archives of one message together. Ten times the largest mail that servers take. */
  expanded: 256 * 1024 * 1024,
  /** Octets of one content that is held whole, as an archive has to be. */
  whole: 32 * 1024 * 1024,
  /** Octets that are read again, for each octet of the message: other readings, attached messages. */
  rereading: 8,
  /** The same for small messages, in octets. */
  rereadingFloor: 4 * 1024 * 1024,
  /** Milliseconds for what follows the last octet of a message. Clients wait for a minute or more. */
  time: 60_000,
} as const

/** Octets at the beginning of a content that tell its type: disk images say theirs behind 32 KiB. */
export const sampleStart = 66 * 1024
/** Octets at its end: some images and archives say theirs there. */
export const sampleEnd = 64 * 1024
/** Room behind it: what comes from the network has at most 16 KiB at a time. */
export const sampleRoom = 32 * 1024
/** Octets that are looked at first. */
export const headLength = 4096
