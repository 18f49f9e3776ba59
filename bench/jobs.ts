/**
 * What the bench's processes say to each other over Node's IPC channel: the jobs the load generator
 * is given and what it answers, and what the test upstream tells about itself.
 */

/** One prebuilt mail: the wire form is dot-stuffed and ends with the line that holds the lone dot. */
export interface MailFacts {
  /** Message number for RETR. */
  readonly number: number
  /** Octets of the mail as it is stored. */
  readonly octets: number
  /** Octets after the status line on the wire, the terminator counted. */
  readonly wireOctets: number
  /** SHA-256 of those wire octets, lower-case hex. */
  readonly sha256: string
}

/** Which port to load and how its certificate is verified. */
export interface Target {
  readonly port: number
  /** PEM file the proxy's chain must lead to. */
  readonly trusted: string
  readonly serverName: string
}

/** Whole sessions: connect, TLS, greeting, USER, PASS, `retrievals` times RETR, QUIT. */
export interface SessionsJob {
  readonly kind: 'sessions'
  readonly target: Target
  readonly sessions: number
  readonly concurrency: number
  readonly retrievals: number
  readonly mail: MailFacts
  /** No new session starts after so many milliseconds. */
  readonly budget: number
}

/** Sessions that log in and then stay: silent, or stalled in a RETR whose reply is not read. */
export interface HoldJob {
  readonly kind: 'hold'
  readonly target: Target
  readonly sessions: number
  readonly concurrency: number
  /** The mail to stall in; absent: the sessions stay idle after PASS. */
  readonly stallIn?: MailFacts
}

/** Ends every session that a `hold` left open. */
export interface ReleaseJob {
  readonly kind: 'release'
}

export type Job = SessionsJob | HoldJob | ReleaseJob

export interface JobResult {
  readonly completed: number
  /** Milliseconds from connect to the reply to QUIT (or to PASS for `hold`), one for each session. */
  readonly latencies: readonly number[]
  /** Milliseconds of the whole job. */
  readonly elapsed: number
  /** CPU of the load generator itself, milliseconds. */
  readonly clientCpu: number
  /** Such as `TLSv1.3 TLS_AES_256_GCM_SHA384`, of the last session. */
  readonly tls: string
  /** What went wrong, at most the first ten. */
  readonly errors: readonly string[]
  readonly failed: number
}

/** What the upstream says once it listens. */
export interface UpstreamReady {
  readonly tlsPort: number
  readonly plainPort: number
  readonly mails: { readonly small: MailFacts; readonly large: MailFacts; readonly huge: MailFacts }
}

/** What the upstream has seen since it was last asked. */
export interface UpstreamCounts {
  readonly tls: number
  readonly resumed: number
  readonly plain: number
  /** CPU of the upstream itself, milliseconds. */
  readonly cpu: number
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** Narrows an IPC message to a job; the channel only ever carries ours. */
export const isJob = (message: unknown): message is Job =>
  isRecord(message) && (message.kind === 'sessions' || message.kind === 'hold' || message.kind === 'release')

export const isJobResult = (message: unknown): message is JobResult =>
  isRecord(message) && typeof message.completed === 'number'

export const isUpstreamReady = (message: unknown): message is UpstreamReady =>
  isRecord(message) && typeof message.tlsPort === 'number'

export const isUpstreamCounts = (message: unknown): message is UpstreamCounts =>
  isRecord(message) && typeof message.resumed === 'number'
