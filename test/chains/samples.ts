/** Sample certificate facts for tests: a sound leaf, which a test changes where it wants. */
import type { ChainEntry } from '../../src/tls/index.ts'

/** A leaf for mail.example.net, valid in 2026, from "CN=Inter"; other facts as given. */
export function entry(change: Partial<ChainEntry> = {}): ChainEntry {
  return {
    subject: 'CN=mail.example.net',
    issuer: 'CN=Inter',
    fingerprint: '00',
    keyId: 'leaf',
    notBefore: Date.UTC(2026, 0, 1),
    notAfter: Date.UTC(2027, 0, 1),
    dnsNames: ['mail.example.net'],
    ipAddresses: [],
    otherNames: [],
    key: { type: 'ec', bits: 256, curve: 'prime256v1' },
    signatureHash: 'sha256',
    version: 3,
    basicConstraints: undefined,
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
    nameConstraints: undefined,
    unknownCritical: [],
    selfIssued: false,
    flaws: [],
    ...change,
  }
}

/** A sound intermediate, "CN=Inter" from "CN=Root". */
export function intermediate(change: Partial<ChainEntry> = {}): ChainEntry {
  const authority = {
    basicConstraints: { ca: true },
    keyUsage: ['keyCertSign', 'cRLSign'],
    extendedKeyUsage: undefined,
    dnsNames: [],
  }
  return entry({ subject: 'CN=Inter', issuer: 'CN=Root', keyId: 'inter', ...authority, ...change })
}

/** A sound root, "CN=Root". */
export function root(change: Partial<ChainEntry> = {}): ChainEntry {
  const own = { subject: 'CN=Root', issuer: 'CN=Root', keyId: 'root', selfIssued: true }
  return intermediate({ ...own, ...change })
}
