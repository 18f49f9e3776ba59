/** Content settings to the rules that policy judges by: patterns become predicates, texts are read. */
import { wildcard } from '../bytes/index.ts'
import {
  type ContentRules,
  type HeaderFact,
  type NameSubject,
  type Trait,
  type TypeSubject,
  traits as traitWords,
} from '../policy/index.ts'
import { parseDenyMessage, parseRegex, parseTag, parseTrait } from './content-values.ts'
import { toList } from './plan.ts'
import type { WholeContent } from './predefined-content.ts'
import type { HeaderRuleSettings, PartRuleSettings } from './schema-content.ts'
import { parseSize, validated } from './values.ts'

/** @param scanners names of all scanners that there are */
export function compileContent(content: WholeContent, scanners: readonly string[]): ContentRules {
  const { headers, contentTypes, fileNames, antivirus } = content
  return {
    headers: { rules: headers.rules.filter(isEnabled).map(headerRule), noMatch: headers.noMatch },
    contentTypes: {
      autoDetect: contentTypes.autoDetect,
      rules: contentTypes.rules.filter(isEnabled).map(typeRule),
      noMatch: contentTypes.noMatch,
    },
    fileNames: { rules: fileNames.rules.filter(isEnabled).map(nameRule), noMatch: fileNames.noMatch },
    antivirus: {
      scanners: antivirus.enabled === false ? [] : scanners,
      infected: antivirus.infected,
      scanError: antivirus.scanError,
      tooLarge: antivirus.tooLarge,
      encrypted: antivirus.encrypted,
      failOpen: antivirus.failOpen,
      scanLimit: validated(parseSize(antivirus.scanLimit)),
    },
    ambiguous: content.ambiguous,
    limitExceeded: content.limitExceeded,
    unscannable: content.unscannable,
    unreadable: content.unreadable,
    partial: content.partial,
    subjectTag: validated(parseTag(content.subjectTag)),
    denyMessage: validated(parseDenyMessage(content.denyMessage)),
  }
}

/** What the log calls a rule without a name: what it matches, the first of it. */
export function ruleName(rule: HeaderRuleSettings | PartRuleSettings): string {
  const trait = 'trait' in rule ? rule.trait : undefined
  const given = rule.name ?? rule.match ?? rule.exact ?? rule.regex ?? trait ?? ''
  return toList(given)[0] ?? ''
}

function isEnabled({ enabled }: { readonly enabled?: boolean }): boolean {
  return enabled ?? true
}

function headerRule(rule: HeaderRuleSettings): ContentRules['headers']['rules'][number] {
  const name = textMatcher(rule)
  const value = rule.value === undefined ? () => true : textMatcher(rule.value)
  return {
    ...flags(rule),
    says: undefined,
    action: rule.action,
    matches: (header: HeaderFact) => name(header.name) && value(header.value),
  }
}

function typeRule(rule: PartRuleSettings): ContentRules['contentTypes']['rules'][number] {
  const text = rule.trait === undefined ? textMatcher(rule) : undefined
  const trait = traitMatcher(rule)
  return {
    ...partRule(rule),
    matches: ({ types, traits }: TypeSubject) => (text === undefined ? trait(traits) : types.some(text)),
  }
}

function nameRule(rule: PartRuleSettings): ContentRules['fileNames']['rules'][number] {
  const text = rule.trait === undefined ? textMatcher(rule) : undefined
  const trait = traitMatcher(rule)
  return {
    ...partRule(rule),
    matches: ({ name, traits }: NameSubject) => (text === undefined ? trait(traits) : text(name)),
  }
}

function partRule(rule: PartRuleSettings) {
  const wanted = readTraits(rule)
  const says = wanted.length === 0 ? undefined : wanted.map((each) => traitWords[each]).join(', or ')
  return { ...flags(rule), says, action: rule.action }
}

function flags(rule: HeaderRuleSettings | PartRuleSettings) {
  return { name: ruleName(rule), alarm: rule.alarm ?? false, log: rule.log ?? false }
}

function traitMatcher(rule: PartRuleSettings): (traits: ReadonlySet<Trait>) => boolean {
  const wanted = readTraits(rule)
  return (traits) => wanted.some((each) => traits.has(each))
}

function readTraits({ trait = [] }: PartRuleSettings): readonly Trait[] {
  return toList(trait).map((text) => validated(parseTrait(text)))
}

interface TextPattern {
  readonly match?: string | readonly string[]
  readonly exact?: string | readonly string[]
  readonly regex?: string
}

/** Case never matters: not to a stranger who chooses the name of a file either. */
function textMatcher({ match, exact, regex }: TextPattern): (text: string) => boolean {
  if (match !== undefined) {
    const patterns = toList(match).map(wildcard)
    return (text) => patterns.some((fits) => fits(text))
  }
  if (exact !== undefined) {
    const texts = new Set(toList(exact).map((text) => text.toLowerCase()))
    return (text) => texts.has(text.toLowerCase())
  }
  if (regex === undefined) throw new TypeError('configuration was not validated: a rule matches nothing')
  const expression = validated(parseRegex(regex))
  return (text) => expression.matcher(text).find()
}
