/** Checks of content settings: rules that say too little or too much, and settings without effect. */
import { ruleName } from './compile-content.ts'
import type { Resolved } from './inherit.ts'
import { toList } from './plan.ts'
import type { WholeAction } from './predefined.ts'
import { error, type Path, type Remark, warning } from './problems.ts'
import { defaults, type ProxyActionSettings, type Settings } from './schema.ts'
import type { HeaderRuleSettings, PartRuleSettings } from './schema-content.ts'
import { parseSize, validated } from './values.ts'

type RuleSettings = HeaderRuleSettings | PartRuleSettings

export function checkContent(settings: Settings, actions: Resolved<WholeAction>): Remark[] {
  const remarks = (settings.proxyActions ?? []).flatMap((action, index) => {
    const path: Path = ['proxyActions', index]
    const whole = actions.whole.get(action.name)
    return [
      ...(['headers', 'contentTypes', 'fileNames'] as const).flatMap((ruleset) =>
        checkRules(action[ruleset]?.rules ?? [], [...path, ruleset, 'rules']),
      ),
      ...checkAntivirus(settings, action, whole, path),
    ]
  })
  return [...remarks, ...checkScanners(settings, actions)]
}

function checkRules(rules: readonly RuleSettings[], path: Path): Remark[] {
  return rules.flatMap((rule, index) => [
    ...checkPatterns(rule, [...path, index]),
    ...('value' in rule && rule.value !== undefined
      ? checkPatterns(rule.value, [...path, index, 'value'])
      : []),
    ...checkOrder(rules, rule, index, [...path, index]),
  ])
}

/** Exactly one of the ways to match. */
function checkPatterns(rule: object, path: Path): Remark[] {
  const isValue = path.at(-1) === 'value'
  const isPart = path.includes('contentTypes') || path.includes('fileNames')
  const ways = isPart
    ? (['match', 'exact', 'regex', 'trait'] as const)
    : (['match', 'exact', 'regex'] as const)
  const given = ways.filter((way) => Object.hasOwn(rule, way))
  if (given.length === 1) return []
  const what = isValue ? 'the value' : 'the rule'
  return given.length === 0
    ? [error(path, `${what} matches nothing: give one of ${ways.join(', ')}`)]
    : [error(path, `${what} has ${given.join(' and ')}: give exactly one of ${ways.join(', ')}`)]
}

/** A rule behind one that takes everything, or the very same. */
function checkOrder(rules: readonly RuleSettings[], rule: RuleSettings, index: number, path: Path): Remark[] {
  if (rule.enabled === false) return []
  const earlier = rules.findIndex(
    (other, at) => at < index && other.enabled !== false && (takesAll(other) || isSame(other, rule)),
  )
  if (earlier < 0) return []
  return [warning(path, `this rule is never reached: rules[${earlier}] before it matches the same`)]
}

function takesAll(rule: RuleSettings): boolean {
  const hasValue = 'value' in rule && rule.value !== undefined
  return !hasValue && toList(rule.match ?? []).some((pattern) => /^\*+$/.test(pattern))
}

function isSame(a: RuleSettings, b: RuleSettings): boolean {
  const pattern = (rule: RuleSettings) =>
    JSON.stringify([
      rule.match,
      rule.exact,
      rule.regex,
      'trait' in rule ? rule.trait : undefined,
      'value' in rule ? rule.value : undefined,
    ]).toLowerCase()
  return pattern(a) === pattern(b)
}

function checkAntivirus(
  settings: Settings,
  action: ProxyActionSettings,
  whole: WholeAction | undefined,
  path: Path,
): Remark[] {
  if (whole === undefined) return []
  const { enabled, failOpen } = whole.content.antivirus
  const written = action.antivirus ?? {}
  const at = (setting: string): Path => [...path, 'antivirus', setting]
  if (enabled === false)
    return [
      ...Object.keys(written)
        .filter((setting) => setting !== 'enabled')
        .map((setting) => warning(at(setting), 'has no effect: antivirus is off (enabled: false)', 'key')),
      ...checkScanRules(action, whole, path),
    ]
  const remarks: Remark[] = []
  if (enabled === true && settings.scanners?.clamav === undefined)
    remarks.push({
      ...error(
        at('enabled'),
        'is true, but there is no scanner besides the embedded one: set scanners.clamav, or write "enabled: auto"',
      ),
      restsOn: ['scanners'],
    })
  if (failOpen && written.scanError !== undefined)
    remarks.push(warning(at('scanError'), 'has no effect: failOpen is true', 'key'))
  if (written.scanLimit !== undefined && validated(parseSize(written.scanLimit)) === 0)
    remarks.push(error(at('scanLimit'), 'is 0: nothing would be scanned; for that write "enabled: false"'))
  return remarks
}

/** `scan` locks what no scanner calls clean: without scanners that is everything. */
function checkScanRules(action: ProxyActionSettings, whole: WholeAction, path: Path): Remark[] {
  const remedy = 'write "allow", or switch antivirus on'
  const inherited = (what: string): Remark =>
    error(
      [...path, 'antivirus', 'enabled'],
      `is false, but ${what}, which is inherited, says "scan": switch antivirus on, or replace it`,
    )
  return (['contentTypes', 'fileNames'] as const).flatMap((ruleset) => {
    const written = action[ruleset]
    const { rules, noMatch } = whole.content[ruleset]
    const remarks = [...rules.entries()]
      .filter(([, rule]) => rule.action === 'scan' && rule.enabled !== false)
      .map(([index, rule]) => {
        const shown = `the rule ${JSON.stringify(ruleName(rule))}`
        if (written?.rules === undefined) return inherited(`${shown} of ${ruleset}`)
        const at: Path = [...path, ruleset, 'rules', index, 'action']
        return error(at, `${shown} says "scan", but antivirus is off: ${remedy}`)
      })
    if (noMatch.action !== 'scan') return remarks
    const at: Path = [...path, ruleset, 'noMatch', 'action']
    return written?.noMatch?.action === undefined
      ? [...remarks, inherited(`noMatch of ${ruleset}`)]
      : [...remarks, error(at, `is "scan", but antivirus is off: ${remedy}`)]
  })
}

function checkScanners(settings: Settings, actions: Resolved<WholeAction>): Remark[] {
  if (settings.scanners === undefined) return []
  const used = settings.policies.some((policy) => {
    const action = actions.whole.get(policy.action ?? defaults.action)
    return action === undefined || action.content.antivirus.enabled !== false
  })
  if (used) return []
  return [warning(['scanners'], 'has no effect: antivirus is off in the proxy action of every policy', 'key')]
}
