/** The way into examining messages. */
export { Examination } from './examination.ts'
export type { Findings } from './findings.ts'
export type { InspectServices, Scanners } from './services.ts'
