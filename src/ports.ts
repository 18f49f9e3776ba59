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

/** What a scanner is told of what it is about to get. */
export interface ScanContext {
  /** The whole message as it came, or the decoded content of one part or archive member. */
  readonly subject: 'message' | 'part'
  /** Octets, when they are known beforehand: what is too large is then refused before it is sent. */
  readonly size?: number
}

/** What a scanner says. Only `clean` is clean: no other answer may ever be taken for it. */
export type ScanResult =
  | { readonly kind: 'clean' }
  | { readonly kind: 'infected'; readonly virus: string }
  /** Has content that the scanner could not open for want of a password. */
  | { readonly kind: 'encrypted' }
  /** Not scanned to the end. `limit`: octets; `undefined` when the scanner did not say which limit of its own it met. */
  | { readonly kind: 'too-large'; readonly limit: number | undefined }
  | {
      readonly kind: 'error'
      readonly blame: 'scanner'
      /** For the log: one line that says what went wrong and, where it helps, what to do. */
      readonly reason: string
      /** `true`: may well succeed later; `false`: needs a person. */
      readonly temporary: boolean
    }

/** One content on its way through a scanner. Nothing here rejects or throws: every fault is a `ScanResult`. */
export interface Scan {
  /** Takes a copy of the bytes. `false`: wait for `drained` before writing more. After a fault bytes are ignored. */
  write(chunk: Uint8Array): boolean
  /** Resolves when more may be written, at once when more already may. */
  drained(): Promise<void>
  /** No more writes. May be called once. */
  finish(): Promise<ScanResult>
  /** The answer is not wanted any more; may be called at any time, more than once. */
  abandon(): void
}

/** What is known of a scanner, for people. */
export interface ScannerHealth {
  readonly state: 'up' | 'down' | 'unknown'
  /** As the scanner tells it. */
  readonly version?: string
  /** What the last fault was; kept when the scanner is up again. */
  readonly lastError?: string
}

export interface Scanner {
  /** As configured, such as `clamav`. */
  readonly name: string
  start(context: ScanContext): Scan
  health(): ScannerHealth
  /** Ends connections and threads; scans under way end with an error. May be called more than once. */
  close(): void
}

/** Bounds on looking into one archive. Each has a default with its reason beside the reader. */
export interface ArchiveLimits {
  /** Members of the archive. */
  readonly members: number
  /** Octets of all members together, unpacked. */
  readonly expandedBytes: number
  /** Unpacked octets for each packed one, over the whole archive. */
  readonly ratio: number
  /** Time for listing and for all reading together. */
  readonly milliseconds: number
}

/** Something about an archive that keeps it from being called looked into. */
export type ArchiveFault =
  /** Even the names are encrypted. Encrypted members alone are marked each for itself. */
  | { readonly kind: 'encrypted'; readonly evidence: string }
  /** Cut short or broken; what could be listed is. */
  | { readonly kind: 'damaged'; readonly evidence: string }
  /** Two members share octets, as only bombs do. */
  | { readonly kind: 'overlapping'; readonly evidence: string }
  /** Programs would differ about what is in it. */
  | { readonly kind: 'ambiguous'; readonly evidence: string }
  | { readonly kind: 'limit-exceeded'; readonly limit: keyof ArchiveLimits; readonly evidence: string }
  /** No reader for it here, or the reader failed. */
  | { readonly kind: 'unreadable'; readonly evidence: string }

export type MemberContent =
  | { readonly kind: 'content'; readonly bytes: Uint8Array }
  /** More than the caller's bound (`bound`) or than a limit of the archive. */
  | { readonly kind: 'limit-exceeded'; readonly limit: 'bound' | keyof ArchiveLimits }
  | { readonly kind: 'encrypted' }
  | { readonly kind: 'damaged'; readonly evidence: string }
  /** Packed in a way that no reader here knows. */
  | { readonly kind: 'unreadable'; readonly evidence: string }

export interface ArchiveMember {
  /** As stored, decoded, folders and all; may be absolute, hold `..` or be empty. */
  readonly name: string
  /** Octets as the archive says, which may be a lie; `undefined` when it does not say. */
  readonly size: number | undefined
  readonly packedSize: number | undefined
  readonly encrypted: boolean
  readonly directory: boolean
  /** Such as `deflate`, as the format or its reader calls it. */
  readonly method: string
  /** The content, at most `bound` octets of it. Never rejects. */
  read(bound: number): Promise<MemberContent>
}

export interface ArchiveListing {
  readonly members: readonly ArchiveMember[]
  /** Empty: every member is listed and may be read. */
  readonly faults: readonly ArchiveFault[]
  /** Frees what reading needs; may be called more than once. Reading afterwards is `unreadable`. */
  close(): void
}

export interface ArchiveReader {
  /** Whether a media type, as the Sniffer says it, is that of an archive that can be opened. */
  reads(type: string): boolean
  /**
   * Lists an archive. Archives in it are the caller's to open. Never rejects: whatever is wrong is a fault.
   *
   * @param bytes the whole of it; must not change until `close`
   * @param type as the Sniffer says it
   * @param limits what differs from the reader's own, as for an archive inside another
   */
  open(bytes: Uint8Array, type: string, limits?: Partial<ArchiveLimits>): Promise<ArchiveListing>
}

/** What content is, beside its type. */
export type SniffFlag =
  /** Runs by itself when opened: program, installer, class file. */
  | 'executable'
  /** Text that an interpreter of a common system runs. */
  | 'script'
  /** Opens or runs something else: .lnk, .url, .desktop and their like. */
  | 'shortcut'
  /** A file system that clients mount on a double click. */
  | 'disk-image'
  /** A document with macros. */
  | 'macros'
  /** A document that loads its template from elsewhere. */
  | 'template-remote'
  /** A document with embedded objects or files. */
  | 'embedded'
  /** A document that runs or starts something when opened: PDF JavaScript, Launch. */
  | 'active'
  /** Cannot be read without a password. */
  | 'encrypted'
  /** HTML that runs or redirects: script, event handlers, meta refresh, frames. */
  | 'html-active'
  /** HTML or SVG that makes a file out of its own text. */
  | 'html-smuggling'
  /** Begins as one type and is, for some program, another. */
  | 'polyglot'

export interface Sniffed {
  /** Media type, lower case; `undefined`: unknown. */
  readonly type: string | undefined
  readonly flags: readonly SniffFlag[]
  /** More can be told from the whole content than from its head. */
  readonly needsWhole: boolean
}

export interface Sniffer {
  /**
   * Says what content is from the content alone. Never rejects: whatever the bytes are, there is an answer.
   *
   * @param head its first octets, 4096 where there are as many
   * @param whole all of it, where `needsWhole` asked for it
   */
  sniff(head: Uint8Array, whole?: Uint8Array): Promise<Sniffed>
}

/** Locks content away so that only the holder of the key opens it. */
export interface Locker {
  /** Whom it is locked for: an age recipient, `age1...`. */
  readonly recipient: string
  /** The age file of `plain`. */
  lock(plain: Uint8Array): Promise<Uint8Array>
  /** The same for content of any size: holds some 100 KiB of it at a time. */
  lockStream(plain: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncIterable<Uint8Array>
}

export interface Unlocker {
  /** The content of an age file. Rejects with a sentence that says whether file or key is at fault. */
  unlock(locked: Uint8Array): Promise<Uint8Array>
}

/** What is known of a message that goes into quarantine. */
export interface QuarantineNote {
  /** The event that notices and the log name. */
  readonly event: string
  readonly from: string
  readonly subject: string
  readonly sha256: string
  readonly reason: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Keeps copies of messages for people to look at. */
export interface Quarantine {
  /** Resolves when the copy is safe on disk, whole; rejects when it is not, and then no note about it is left. */
  keep(content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, note: QuarantineNote): Promise<void>
}

/** One part of a message in an Explanation: a container, a leaf, or what lies in one. */
export interface ExplainedPart {
  readonly id: string
  /** 0 for the body of the message itself. */
  readonly depth: number
  readonly kind: 'multipart' | 'leaf' | 'message' | 'embedded' | 'member'
  /** Lower case, without parameters; empty when none is declared. */
  readonly declaredType: string
  /** From the content alone; `undefined`: unknown. Containers have none, nor size and hash. */
  readonly sniffedType: string | undefined
  readonly names: readonly string[]
  /** Octets, decoded. */
  readonly size: number | undefined
  /** Of the decoded content, lower-case hex; `undefined` where there is no content. */
  readonly sha256: string | undefined
  readonly traits: readonly string[]
}

/** One thing that the examination saw. */
export interface ExplainedFinding {
  /** Id of the part, or `message`. */
  readonly subject: string
  readonly kind: 'trait' | 'ambiguous' | 'limit-exceeded' | 'scan' | 'signature'
  /** A word that rules and logs know, such as `boundary-twice`. */
  readonly what: string
  /** Not made safe for printing. */
  readonly evidence: string
}

/** One rule or setting that was asked. */
export interface ExplainedRule {
  readonly ruleset: string
  readonly rule: string
  readonly subject: string
  readonly value: string
  readonly matched: boolean
  /** What follows from the match. */
  readonly action: string | undefined
}

/** What was said about a message, and about what of it. */
export interface ExplainedVerdict {
  readonly ruleset: string
  readonly rule: string
  readonly action: string
  /** Id of the part, name of the header, or `message`. */
  readonly subject: string
  readonly reason: string
  readonly evidence: string
}

/** What happens to one message under one Proxy Action, and why. */
export interface Explanation {
  /** Name of the Proxy Action. */
  readonly action: string
  /** Of the message as it came. */
  readonly size: number
  readonly sha256: string
  readonly from: string
  readonly subject: string
  readonly parts: readonly ExplainedPart[]
  readonly findings: readonly ExplainedFinding[]
  /** In the order in which they were asked. */
  readonly rules: readonly ExplainedRule[]
  /** `undefined`: nothing but `allow` was said. */
  readonly decidedBy: ExplainedVerdict | undefined
  readonly outcome: 'deliver' | 'lock' | 'notice' | 'refuse' | 'drop' | 'block'
  /** What is done with parts, when the outcome is `deliver`. */
  readonly changes: readonly ExplainedVerdict[]
  /** Whether a copy is kept. */
  readonly quarantine: boolean
  /** What the client is told, when the outcome is `refuse`. */
  readonly refusal: string | undefined
  /** The message as it came, line ends as POP3 has them. */
  readonly original: Uint8Array
  /** What the client gets; at its next session where this one is ended. `undefined`: nothing. */
  readonly delivered: Uint8Array | undefined
}
