/**
 * Everything by which a peer breaks the protocol so that its session must end, each with a code that
 * stays the same, whose fault it is, and what is said about it in the log and to the client.
 */

export const faults = {
  'client.endless-line': { blame: 'client', says: 'the client sent a line without an end' },
  'client.nul': { blame: 'client', says: 'the client sent a NUL in a command' },
  'client.bare-cr': { blame: 'client', says: 'the client sent a bare CR in a command' },
  'client.foreign-protocol': { blame: 'client', says: 'the client speaks another protocol, not POP3' },
  'client.too-many-bad-commands': { blame: 'client', says: 'the client sent too many bad commands' },
  'client.plaintext-after-stls': {
    blame: 'client',
    says: 'the client sent something in clear behind its STLS',
  },
  'server.long-line': { blame: 'server', says: 'the mail server sent a line that is too long' },
  'server.nul': { blame: 'server', says: 'the mail server sent a NUL in a reply' },
  'server.bare-cr': { blame: 'server', says: 'the mail server sent a bare CR in a reply' },
  'server.no-reply-line': {
    blame: 'server',
    says: 'the mail server sent a line that is no POP3 reply',
  },
  'server.unexpected-reply': {
    blame: 'server',
    says: 'the mail server sent something that nobody had asked for',
  },
  'server.too-many-lines': { blame: 'server', says: 'the mail server sent a list that is too long' },
  'server.plaintext-after-stls': {
    blame: 'server',
    says: 'the mail server sent something in clear behind its answer to STLS',
  },
} as const satisfies Readonly<Record<string, { blame: 'client' | 'server'; says: string }>>

export type Fault = keyof typeof faults
