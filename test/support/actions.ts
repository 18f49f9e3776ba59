/** Proxy actions that tests share. */

/**
 * The standard one, but what clients read differently passes, and what is too large to be scanned: for
 * tests of the way that octets take, with messages that no mail program writes.
 */
export const TRANSPORT = {
  ...{ name: 'Transport', basedOn: 'POP3-Client.Standard', ambiguous: 'allow' },
  antivirus: { tooLarge: 'allow' },
} as const
