/** The way into examining messages. */
export { Examination, type Findings } from './examination.ts'
