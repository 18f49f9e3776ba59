/**
 * Every file name that some client gives to a part. Nothing is cleaned away: NUL, separators and
 * direction marks are for policy to judge.
 */
import { unfold } from './fields.ts'
import { readable } from './octets.ts'
import type { Parameter } from './parameters.ts'
import { decodePercent, decodeWords } from './words.ts'

export interface Names {
  /** Most likely first, none twice. */
  readonly all: readonly string[]
  /** The extensions that the likely ones end in, where they differ. */
  readonly collision: string | undefined
}

/**
 * @param sources parameters that clients take a name from, most likely first
 * @param location the value of Content-Location (RFC 2557), whose last segment some clients take
 */
export function collectNames(sources: readonly Parameter[], location: string | undefined): Names {
  const likely = new Set<string>()
  const others = new Set<string>()
  for (const { values } of sources) {
    for (const value of values) {
      const decoded = decodeWords(value)
      likely.add(decoded)
      others.add(value)
      others.add(undoPercent(decoded))
    }
  }
  const segment = location === undefined ? '' : lastSegment(location)
  const all = new Set([...likely, ...others, segment, undoPercent(segment)])
  all.delete('')
  const extensions = new Set([...likely].map(extension).filter((each) => each !== ''))
  return { all: [...all], collision: extensions.size > 1 ? [...extensions].join(' ') : undefined }
}

/** Some clients undo `%XX` in plain names too. */
function undoPercent(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => readable(decodePercent(run)))
}

function extension(name: string): string {
  return /\.([^.\s/\\]{1,20})[\s.]*$/.exec(name)?.[1]?.toLowerCase() ?? ''
}

function lastSegment(location: string): string {
  const path = unfold(location)
    .trim()
    .replace(/[?#].*$/, '')
  const segment = path.slice(path.lastIndexOf('/') + 1)
  return segment.includes('.') ? decodeWords(readable(segment)) : ''
}
