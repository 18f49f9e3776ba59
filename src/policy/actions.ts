/**
 * What can be done with a message, its parts and its headers, and which of two actions is the more
 * severe. This table is the one place that says so.
 */

/**
 * From the mildest to the most severe. Of all that the rules and settings say about one message the
 * most severe action is taken.
 *
 * | action       | header               | part                                | message |
 * |--------------|----------------------|-------------------------------------|---------|
 * | `allow`      | stays                | stays                               | as it came |
 * | `scan`       | -                    | stays when every scanner calls it clean, else it is locked at least | - |
 * | `tag`        | stays, Subject tagged | stays, Subject tagged              | Subject tagged |
 * | `lock`       | -                    | becomes a notice and `NAME.age`     | becomes a notice and `message.eml.age` |
 * | `strip`      | is left out          | becomes a notice                    | becomes a notice |
 * | `refuse`     | -                    | as for the message                  | `-ERR [SYS/TEMP]`, stays on its server, tried again |
 * | `replace`    | as for the message   | as for the message                  | becomes a notice |
 * | `quarantine` | as for the message   | as for the message                  | becomes a notice once a copy is safe |
 * | `drop`       | as for the message   | as for the message                  | the session is cut |
 * | `block`      | as for the message   | as for the message                  | the session is cut, the client's address is blocked |
 *
 * `refuse` stands above what leaves a part of the message in place, because that part was not scanned;
 * and below what leaves none of it, because a notice needs no scanner, and asking again changes nothing.
 */
export const severity = {
  allow: 0,
  scan: 1,
  tag: 2,
  lock: 3,
  strip: 4,
  refuse: 5,
  replace: 6,
  quarantine: 7,
  drop: 8,
  block: 9,
} as const

export type Action = keyof typeof severity

/** What a rule may say of a header. */
export const headerActions = ['allow', 'tag', 'strip', 'replace', 'quarantine', 'drop', 'block'] as const
/** What a rule may say of a part. */
export const partActions = [
  'allow',
  'scan',
  'tag',
  'lock',
  'strip',
  'replace',
  'quarantine',
  'drop',
  'block',
] as const
/** What a setting may say of content that is infected, ambiguous, too large and so on. */
export const faultActions = [
  'allow',
  'tag',
  'lock',
  'strip',
  'replace',
  'quarantine',
  'drop',
  'block',
] as const
/** What a setting may say of content for which a scanner gave no sound answer. */
export const errorActions = [...faultActions, 'refuse'] as const

export type HeaderAction = (typeof headerActions)[number]
export type PartAction = (typeof partActions)[number]
export type FaultAction = (typeof faultActions)[number]
export type ErrorAction = (typeof errorActions)[number]

/** The first of the most severe. */
export function mostSevere<T extends { readonly action: Action }>(items: readonly T[]): T | undefined {
  let worst: T | undefined
  for (const item of items)
    if (worst === undefined || severity[item.action] > severity[worst.action]) worst = item
  return worst
}

/** Whether content that gets this action reaches the client as it came. */
export function letsPass(action: Action): boolean {
  return severity[action] < severity.lock
}
