export { catalogue, type EventCode, type EventRecord, type SessionRecord } from './catalogue.ts'
