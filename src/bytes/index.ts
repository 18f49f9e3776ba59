/** The way into the small tools for bytes and text. */
export { wildcard } from './wildcard.ts'
