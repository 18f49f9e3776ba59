/**
 * Where parts lie, by their ids: `2.1` lies in the attached message `2`, `2/3` is a member of the archive
 * `2`, `2+1` was found inside the text of `2`. `2~1` is another reading of `2` and lies beside it.
 */

/** Whether one part lies in the other, however deep. */
export function liesIn(id: string, around: string): boolean {
  return id.length > around.length && id.startsWith(around) && './+'.includes(id.charAt(around.length))
}

/** The id of what a part lies in; empty when it lies in nothing but the message. */
export function idAround(id: string): string {
  return id.slice(0, Math.max(id.lastIndexOf('.'), id.lastIndexOf('/'), id.lastIndexOf('+'), 0))
}
