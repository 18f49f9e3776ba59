/**
 * The words of the MIME reader. Offsets count octets of the message as it came; a range runs from
 * `start` up to, not including, `end`.
 */

/** How a body's octets are to be turned into content. `unknown`: named, but nobody knows it; taken as it is. */
export type Encoding =
  | '7bit'
  | '8bit'
  | 'binary'
  | 'quoted-printable'
  | 'base64'
  | 'uuencode'
  | 'yenc'
  | 'binhex'
  | 'unknown'

/** One header field. */
export interface Field {
  /** As written, without blanks around it. */
  readonly name: string
  /** After the colon, folding and all, one character for each octet. `decodeText` makes it readable. */
  readonly value: string
  /** From the first octet of the name to behind the last line end of the field. */
  readonly start: number
  readonly end: number
}

/**
 * - `leaf`: has content.
 * - `multipart`, `message`: hold other parts.
 * - `embedded`: found inside the text of another part: uuencode, yEnc, BinHex, or MIME parts in places
 *   where the structure says plain text.
 */
export type PartKind = 'leaf' | 'multipart' | 'message' | 'embedded'

/** A part when it begins: all but its end. */
export interface PartHead {
  /**
   * As the section numbers of IMAP (RFC 9051 §6.4.5): `1`, `2.1`. A multipart that is the body of a message
   * is `TEXT` or `2.TEXT`. Further readings of a place carry `~1`, `~2` …, what is found inside text `+1`, `+2` ….
   * Unique within one Reading.
   */
  readonly id: string
  /** The part that holds this one; `undefined` for the body of the message itself. */
  readonly parent: string | undefined
  /** 0 for the body of the message itself. */
  readonly depth: number
  readonly kind: PartKind
  /** First octet of its header fields, or of its body when it has none. */
  readonly start: number
  readonly bodyStart: number
  /** `type/subtype` in lower case; `''` when none is declared that can be read. */
  readonly declaredType: string
  /** Parameters of the content type: names in lower case, values decoded. */
  readonly parameters: ReadonlyMap<string, string>
  readonly encoding: Encoding
  /** Every name that some client may give to it, decoded, most likely first, none twice. Nothing is cleaned away. */
  readonly fileNames: readonly string[]
  /** `attachment`, `inline`, … in lower case; `''` when there is none. */
  readonly disposition: string
  /** Without the angle brackets. */
  readonly contentId: string | undefined
  readonly headers: readonly Field[]
  /** Why this part exists beside the most common reading; `undefined` for parts of that reading. */
  readonly alternative: AmbiguityReason | undefined
  /**
   * `true`: its body comes as `body` events while the message arrives. `false`: read the octets from
   * `bodyStart` to `end` once the Reading is there (further readings, embedded parts). Containers have no body.
   */
  readonly streamed: boolean
  /**
   * What its decoded content holds, where it holds parts of its own: give it to another reader, with
   * `entity` of this text in front (`''` for a message). `undefined`: content like any other.
   */
  readonly inner: string | undefined
}

export interface Part extends PartHead {
  /** End of the body, without the line end that belongs to the boundary line behind it. */
  readonly end: number
}

/** Where clients disagree. The codes are stable: rules and logs name them. */
export type AmbiguityReason =
  /** Two or more Content-Type fields that say different things. */
  | 'content-type-twice'
  /** A Content-Type that cannot be read as RFC 2045 §5.1 wants it. */
  | 'content-type-odd'
  | 'encoding-twice'
  /** Comments, blanks, case or other characters around a known encoding. */
  | 'encoding-odd'
  | 'encoding-unknown'
  /** base64 or quoted-printable for a multipart, or for a message that is also one as it stands. */
  | 'encoding-on-container'
  | 'boundary-twice'
  /** Quotes, comments, blanks or encoded words that clients take differently. */
  | 'boundary-odd'
  /** A multipart without boundary, or with an empty one. */
  | 'boundary-missing'
  /** A boundary on something that is no multipart, and its lines are there. */
  | 'boundary-on-leaf'
  /** A line that some clients take for a boundary line: other case, something behind it, blanks before it. */
  | 'boundary-look-alike'
  /** The same boundary in two multiparts, one inside the other. */
  | 'boundary-reused'
  /** A multipart that is not closed before its parent goes on, or at the end of the message. */
  | 'multipart-unterminated'
  /** Boundary lines behind the closing one. */
  | 'part-after-close'
  | 'parts-in-preamble'
  | 'parts-in-epilogue'
  /** A boundary line before the blank line that should end the header. */
  | 'header-unterminated'
  /** A line in a header that is no field and no continuation. */
  | 'header-odd-line'
  /** A field name with blanks or control characters at its end, or that begins with a blank. */
  | 'header-odd-name'
  | 'header-nul'
  /** A CR without LF where it could end a line. */
  | 'bare-cr'
  /** File names of one part whose extensions differ. */
  | 'name-collision'
  | 'base64-junk'
  | 'base64-padding'
  | 'base64-length'
  | 'quoted-printable-escape'
  | 'uuencode-damaged'
  | 'yenc-damaged'
  | 'binhex-damaged'

export interface Ambiguity {
  readonly reason: AmbiguityReason
  readonly part: string | undefined
  /** Short, printable ASCII. */
  readonly detail: string
}

export type LimitName =
  | 'depth'
  | 'parts'
  | 'header-octets'
  | 'header-fields'
  | 'header-total'
  | 'parameters'
  | 'boundary-length'
  | 'delimiter-line'
  | 'delimiter-lines'
  | 'alternatives'
  | 'embedded'

/** A limit was met: the message was not read to the end, or not in every way. It is never clean. */
export interface LimitExceeded {
  readonly limit: LimitName
  readonly part: string | undefined
}

/** What a message or part is, beyond its parts: what cannot be looked into, and what must not be changed lightly. */
export type MarkKind =
  /** RFC 2046 §5.2.2: a fragment; the whole is put together by the client. */
  | 'message-partial'
  /** RFC 2046 §5.2.3: the content is elsewhere. */
  | 'message-external'
  | 'smime-encrypted'
  /** Signed, and the content wrapped inside the signature. */
  | 'smime-wrapped'
  | 'smime-signed'
  | 'pgp-encrypted'
  | 'pgp-signed'
  | 'tnef'
  /** A DKIM-Signature or ARC field on the message. */
  | 'dkim-signed'

export interface Mark {
  readonly kind: MarkKind
  readonly part: string | undefined
}

/** All that was read, when the message is at its end. */
export interface Reading {
  /** In the order in which they begin. */
  readonly parts: readonly Part[]
  /** Header fields of the message itself. */
  readonly headers: readonly Field[]
  /** First octet behind the header of the message and its blank line. */
  readonly bodyStart: number
  /** Octets of the message. */
  readonly size: number
  readonly ambiguities: readonly Ambiguity[]
  readonly limits: readonly LimitExceeded[]
  readonly marks: readonly Mark[]
  /** Every boundary in use: a replacement must not hold a line of any. */
  readonly boundaries: readonly string[]
}

/** What the reader tells while the message arrives. Octets stay as they are; nothing writes over them. */
export type ReaderEvent =
  | { readonly kind: 'begin'; readonly part: PartHead }
  | { readonly kind: 'body'; readonly id: string; readonly octets: Uint8Array }
  | { readonly kind: 'end'; readonly part: Part }

export interface Reader {
  /** The next octets of the message. Nothing of them is kept; octets in events are valid during the call. */
  push(chunk: Uint8Array): void
  /** The message is at its end. Call once. */
  finish(): Reading
}

/** What the rim can do faster than this room; nothing here is needed for a right result. */
export interface Natives {
  /**
   * Decodes base64 made of the alphabet, line ends and blanks, without `=`, a whole number of groups of
   * four, into the memory given, which is large enough. Returns the octets written; what is no base64 is
   * left out and makes them fewer.
   */
  readonly base64?: (run: Uint8Array, into: Uint8Array) => number
}

/** What one decoding found out. */
export interface Decoded {
  /** The last octets. */
  readonly octets: Uint8Array
  /** Places where clients would differ. */
  readonly ambiguities: readonly Ambiguity[]
  /**
   * Further ways in which some client decodes these octets: names for `createDecoder`, each to be run
   * over the same octets. Empty for clean content, and for a decoder that was made by such a name.
   */
  readonly alternatives: readonly string[]
}

export interface Decoder {
  /** Decodes the next octets; what it returns is the caller's. */
  push(octets: Uint8Array): Uint8Array
  finish(): Decoded
}

/** A change to the message as it came. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly replacement: Uint8Array
}
