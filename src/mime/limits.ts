/** The bounds of the reader. Past one, the Reading says so and the message is never clean. */

export interface Limits {
  /** Containers inside containers. Dovecot reads 100; real mail stays below 15. */
  readonly depth: number
  /** Parts of the most common reading. Dovecot reads 10,000; the largest digests have some hundreds. */
  readonly parts: number
  /** Octets of one header. Real ones stay below 64 KiB; some servers refuse more than 256 KiB. */
  readonly headerOctets: number
  /** Fields of one header. Long relay chains and mailing lists reach some hundreds. */
  readonly headerFields: number
  /** Octets of all headers together: they stay in memory until the Decision. */
  readonly headerTotal: number
  /** Parameters of one field. Real fields have below 20; long RFC 2231 names some dozens. */
  readonly parameters: number
  /** Octets of a boundary. RFC 2046 §5.1.1 allows 70; some generators write above 100. */
  readonly boundaryLength: number
  /** Octets behind a boundary until the line ends. RFC 5322 §2.1.1 allows lines of 998. */
  readonly delimiterPadding: number
  /** Lines that begin like a boundary line. Honest mail has one for each part, and some rulers in its text. */
  readonly delimiterLines: number
  /** Readings followed at the same time. Honest mail has one, and two for some lines. */
  readonly readings: number
  /** Further parts and further readings begun in one message; more is an attack on the reader. */
  readonly alternatives: number
  /** Steps spent on further readings, so that many of them on many lines stay linear. */
  readonly alternativeSteps: number
  /** Embedded parts of one message. */
  readonly embedded: number
  /** Headers looked at in plain text, most of which announce nothing. */
  readonly embeddedHeaders: number
}

export const defaultLimits: Limits = {
  depth: 100,
  parts: 10_000,
  headerOctets: 1 << 20,
  headerFields: 10_000,
  headerTotal: 8 << 20,
  parameters: 1_000,
  boundaryLength: 256,
  delimiterPadding: 1_000,
  delimiterLines: 250_000,
  readings: 32,
  alternatives: 1_000,
  alternativeSteps: 1_000_000,
  embedded: 1_000,
  embeddedHeaders: 10_000,
}
