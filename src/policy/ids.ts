/**
 * Where parts lie, by their ids: `2.1` lies in the attached message `2`, `2/3` is a member of the archive
 * `2`, `2+1` was found inside the text of `2`. `2~1` is another reading of `2` and lies beside it.
 */

/** The id of what a part lies in; empty when it lies in nothing but the message. */
export function idAround(id: string): string {
  return id.slice(0, Math.max(id.lastIndexOf('.'), id.lastIndexOf('/'), id.lastIndexOf('+'), 0))
}

/** A part's own id, and behind it those of all it lies in, from the inside out. */
export function aroundAndItself(id: string): readonly string[] {
  const ids = [id]
  for (let around = idAround(id); around !== ''; around = idAround(around)) ids.push(around)
  return ids
}
