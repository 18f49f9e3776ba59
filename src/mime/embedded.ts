/** What the finder found, as parts for the book. */
import type { Entity, Interpretation } from './entity.ts'
import type { Found } from './finder.ts'
import type { Region } from './openings.ts'
import type { Book, Draft } from './parts.ts'
import type { AmbiguityReason } from './types.ts'

/** One part for each way in which the find can be read. */
export function embeddedDrafts(found: Found, region: Region, book: Book): Draft[] {
  const holder = region.kind === 'header' ? undefined : region.draft
  const entity = found.entity ?? bare(found)
  return entity.interpretations
    .filter(({ container }) => container === 'leaf')
    .map((interpretation) => {
      const id = book.otherId(holder?.id ?? '1', '+')
      const place = { id, holder, start: found.start, bodyStart: found.bodyStart }
      return { ...book.draft('embedded', entity, interpretation, place, reasonFor(region)), end: found.end }
    })
}

/** Nobody needs parts in the middle of text to be told from text; before and behind parts, somebody may. */
function reasonFor(region: Region): AmbiguityReason | undefined {
  switch (region.kind) {
    case 'preamble':
      return 'parts-in-preamble'
    case 'epilogue':
      return 'parts-in-epilogue'
    case 'leaf':
    case 'header':
      return undefined
  }
}

function bare({ encoding, fileNames }: Found): Entity {
  const interpretation: Interpretation = {
    ...{ container: 'leaf', type: 'application/octet-stream', parameters: new Map(), encoding, boundary: '' },
    ...{ inner: undefined, asContent: undefined, doubts: [], tentative: false },
  }
  return {
    ...{ interpretations: [interpretation], fields: [], fileNames, disposition: '', contentId: undefined },
    ...{ doubts: [], limits: [] },
  }
}
