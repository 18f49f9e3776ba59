/** How commands end. Scripts and service managers rely on these numbers. */
export const EXIT = {
  ok: 0,
  error: 1,
  usage: 2,
  /** EX_CONFIG of sysexits.h: starting again will not help, so service managers should not. */
  configuration: 78,
} as const
