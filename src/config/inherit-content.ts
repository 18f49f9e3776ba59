/** Lays the content settings of a proxy action over those it builds on: value by value, rule lists as a whole. */
import type { WholeContent } from './predefined-content.ts'
import type { ContentSettings } from './schema-content.ts'

export function mergeContent(base: WholeContent, item: ContentSettings): WholeContent {
  return {
    headers: mergeRuleset(base.headers, item.headers),
    contentTypes: mergeRuleset(base.contentTypes, item.contentTypes),
    fileNames: mergeRuleset(base.fileNames, item.fileNames),
    antivirus: { ...base.antivirus, ...item.antivirus },
    ambiguous: item.ambiguous ?? base.ambiguous,
    limitExceeded: item.limitExceeded ?? base.limitExceeded,
    unscannable: item.unscannable ?? base.unscannable,
    unreadable: item.unreadable ?? base.unreadable,
    partial: item.partial ?? base.partial,
    subjectTag: item.subjectTag ?? base.subjectTag,
    denyMessage: item.denyMessage ?? base.denyMessage,
  }
}

function mergeRuleset<Whole extends { readonly noMatch: object }>(
  base: Whole,
  item: Partial<Omit<Whole, 'noMatch'>> & { readonly noMatch?: Partial<Whole['noMatch']> } = {},
): Whole {
  return { ...base, ...item, noMatch: { ...base.noMatch, ...item.noMatch } }
}
