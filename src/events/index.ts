/** The way into the catalogue of events. */
export { catalogue, type EventCode, type EventRecord, type SessionRecord } from './catalogue.ts'
