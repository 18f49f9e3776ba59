/**
 * The demo upstream: a small POP3 server that keeps to the standards, its certificates and a dozen
 * sample mails. `npm start` puts Postern in front of it; tests and measurements use it as a server.
 */
import type { DemoCredentials } from './features.ts'

export { type DemoCertificates, demoCertificates } from './certificates.ts'
export type { DemoCredentials, DemoFeatures } from './features.ts'
export { demoMailbox } from './mail.ts'
export type { DemoMail } from './maildrop.ts'
export type { SaslMechanism } from './sasl.ts'
export { type DemoServer, type DemoServerOptions, startDemoServer } from './server.ts'

/** The one account of the demo. It opens sample mail and nothing else, so it is no secret. */
export const DEMO_CREDENTIALS: DemoCredentials = { user: 'demo', password: 'demo' }
