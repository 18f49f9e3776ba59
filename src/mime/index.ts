/**
 * The way into the MIME reader. In use:
 *
 *   const reader = createReader({ out: (event) => … })    events: begin, body, end
 *   reader.push(chunk) …; const reading = reader.finish()
 *   createDecoder(part.encoding, natives)                  for the body octets of a part
 *   findInText(octets)                                      when holdsText(part): blocks in decoded text
 *   createReader again, with part.inner in front            when a part has `inner`: the decoded content holds parts
 *   readInside(message)                                     all of this at once, for a message in memory
 *   applyEdits(edits)                                      for the octets of the message on their way out
 */
export { createDecoder } from './decode.ts'
export { applyEdits, type Editor, type EditsFault, type EditsResult } from './edits.ts'
export { isIdentity } from './encodings.ts'
export { decodeAll, type Extract, findInText, holdsText, type Inside, readInside } from './inside.ts'
export { defaultLimits, type Limits } from './limits.ts'
export { createReader, type ReaderOptions } from './reader.ts'
export { addField, type Content, changeField, holdsBoundary, removeField, replacePart } from './replace.ts'
export { encodeBase64, rewriteMessage, type SafePart } from './rewrite.ts'
export type {
  Ambiguity,
  AmbiguityReason,
  Decoded,
  Decoder,
  Edit,
  Encoding,
  Field,
  LimitExceeded,
  LimitName,
  Mark,
  MarkKind,
  Natives,
  Part,
  PartHead,
  PartKind,
  Reader,
  ReaderEvent,
  Reading,
} from './types.ts'
export { decodeText } from './words.ts'
