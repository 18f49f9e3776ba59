/** Looks up host names and remembers the answer for a moment, so that a busy gateway asks once and not for each session. */
import { type LookupAddress, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { BoundedMap } from './bounded-map.ts'

/** Milliseconds; short enough that nobody waits long for a change, whatever its time to live. */
const remembered = 5000
/** Names are those of configurations; the bound only keeps a mistake from growing. */
const mostNames = 1000

interface Answer {
  readonly until: number
  readonly addresses: readonly LookupAddress[]
}

/** A lookup for `connect`. @param monotonic milliseconds */
export function rememberingLookup(monotonic: () => number): LookupFunction {
  const answers = new BoundedMap<string, Answer>(mostNames)
  return (name, options, callback) => {
    const key = `${options.family ?? 0} ${name}`
    const known = answers.get(key)
    const give = (addresses: readonly LookupAddress[]) => {
      const [first] = addresses
      if (options.all === true) callback(null, [...addresses])
      else callback(null, first?.address ?? '', first?.family)
    }
    if (known !== undefined && known.until > monotonic()) {
      give(known.addresses)
      return
    }
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, [])
        return
      }
      answers.set(key, { addresses, until: monotonic() + remembered })
      give(addresses)
    })
  }
}
