/** The way into the small tools for bytes and text. */
export { BodyReader } from './body-reader.ts'
export { BodyWriter } from './body-writer.ts'
export { type Line, LineReader, taint } from './lines.ts'
export { join, latin1, octets } from './text.ts'
export { wildcard } from './wildcard.ts'
