/**
 * What the demo server can be told to offer, and who may log in.
 */
import type { SaslMechanism } from './sasl.ts'

/** What the server offers. Everything is on unless it is switched off. */
export interface DemoFeatures {
  readonly stls: boolean
  readonly user: boolean
  readonly apop: boolean
  readonly sasl: readonly SaslMechanism[]
  readonly top: boolean
  readonly uidl: boolean
  readonly utf8: boolean
  readonly lang: boolean
  /** Whether it is announced; groups of commands are answered in order in any case. */
  readonly pipelining: boolean
  /** Where a password may come without TLS. `loopback`: from this machine only, where nobody can listen. */
  readonly clearTextLogin: 'loopback' | 'always' | 'never'
  /** One session at a time has the maildrop, others get [IN-USE]. */
  readonly exclusive: boolean
}

export const DEFAULT_FEATURES: DemoFeatures = {
  stls: true,
  user: true,
  apop: true,
  sasl: ['PLAIN', 'LOGIN'],
  top: true,
  uidl: true,
  utf8: true,
  lang: true,
  pipelining: true,
  clearTextLogin: 'loopback',
  exclusive: false,
}

export interface DemoCredentials {
  readonly user: string
  readonly password: string
}
