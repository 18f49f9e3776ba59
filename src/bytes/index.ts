export { wildcard } from './wildcard.ts'
