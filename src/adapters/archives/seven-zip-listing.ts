/** Reads what `7zz l -slt` prints: a block of `Key = value` lines for each member, blank lines between. */

export interface ListedMember {
  readonly name: string
  readonly size: number | undefined
  readonly packedSize: number | undefined
  readonly encrypted: boolean
  readonly directory: boolean
  readonly method: string
}

/**
 * The members, of which those of formats without names have none. 7-Zip prints no line ends of names.
 * At most `most + 1` of them, so that one too many shows.
 */
export function readListing(lines: readonly string[], most: number): ListedMember[] {
  const members: ListedMember[] = []
  const start = lines.indexOf('----------')
  if (start < 0) return members
  let block = new Map<string, string>()
  const end = () => {
    if (block.size > 0) members.push(memberOf(block))
    block = new Map()
  }
  for (const line of lines.slice(start + 1)) {
    if (members.length > most) return members
    if (line === '') end()
    const at = line.indexOf(' = ')
    const key = at < 0 ? line.replace(/ =$/, '') : line.slice(0, at)
    if (line !== '' && !block.has(key)) block.set(key, at < 0 ? '' : line.slice(at + 3))
  }
  end()
  return members
}

function memberOf(block: ReadonlyMap<string, string>): ListedMember {
  return {
    name: block.get('Path') ?? '',
    size: octets(block.get('Size')),
    packedSize: octets(block.get('Packed Size')),
    encrypted: block.get('Encrypted') === '+',
    directory: block.get('Folder') === '+' || block.get('Attributes')?.startsWith('D') === true,
    method: block.get('Method') ?? '',
  }
}

const octets = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
