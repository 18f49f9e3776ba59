/**
 * What the schema cannot say: whether names lead somewhere, whether settings go together, and which
 * ones would have no effect. Works on settings whose every value is sound by itself.
 */
import { checkContent } from './check-content.ts'
import { checkPolicies } from './check-policies.ts'
import { doubles, orKnown, type Resolved, resolveActions, resolveProfiles } from './inherit.ts'
import { predefinedActions, predefinedProfiles, type WholeAction } from './predefined.ts'
import { error, type Path, type Remark, warning } from './problems.ts'
import { defaults, type Settings } from './schema.ts'

/** Everything wrong with the settings as a whole; in no special order. */
export function check(settings: Settings): Remark[] {
  const actions = resolveActions(settings)
  const profiles = resolveProfiles(settings)
  return [
    ...actions.remarks,
    ...profiles.remarks,
    ...doubles('policies', settings.policies),
    ...checkPolicies(settings, actions),
    ...checkActions(settings, actions, profiles.names),
    ...checkContent(settings, actions),
    ...checkProfiles(settings, profiles, actions),
    ...checkCertificates(settings, actions),
    ...checkLimits(settings),
  ]
}

function checkActions(
  settings: Settings,
  actions: Resolved<WholeAction>,
  profileNames: readonly string[],
): Remark[] {
  const used = new Set([
    ...settings.policies.map(({ action }) => action ?? defaults.action),
    ...actions.bases,
  ])
  return (settings.proxyActions ?? []).flatMap((action, index) => {
    const path: Path = ['proxyActions', index]
    const remarks = unreachableRules(action.tls?.rules ?? [], [...path, 'tls', 'rules'])
    const profile = action.tls?.profile
    if (profile !== undefined && !profileNames.includes(profile))
      remarks.push(
        error(
          [...path, 'tls', 'profile'],
          `no TLS profile is called ${JSON.stringify(profile)}${orKnown(profile, profileNames)}`,
        ),
      )
    if (!used.has(action.name) && !predefinedActions.has(action.name))
      remarks.push(
        warning([...path, 'name'], `no policy uses the proxy action ${JSON.stringify(action.name)}`),
      )
    return remarks
  })
}

function unreachableRules(rules: readonly { readonly match: string }[], path: Path): Remark[] {
  return rules.flatMap(({ match }, index) => {
    const earlier = rules.findIndex(
      (rule) => /^\*+$/.test(rule.match) || rule.match.toLowerCase() === match.toLowerCase(),
    )
    if (earlier === index || earlier < 0) return []
    return [
      warning(
        [...path, index],
        `this rule is never reached: rules[${earlier}] before it matches the same names`,
      ),
    ]
  })
}

function checkProfiles(
  settings: Settings,
  profiles: ReturnType<typeof resolveProfiles>,
  actions: Resolved<WholeAction>,
): Remark[] {
  const used = new Set([...[...actions.whole.values()].map(({ tls }) => tls.profile), ...profiles.bases])
  return (settings.tlsProfiles ?? []).flatMap((profile, index) => {
    if (predefinedProfiles.has(profile.name)) return []
    const path: Path = ['tlsProfiles', index]
    const remarks: Remark[] = []
    const whole = profiles.whole.get(profile.name)
    // Versions compare as text: all are "1." and one digit.
    if (whole !== undefined && whole.minimumVersion > whole.maximumVersion)
      remarks.push(
        error(
          [...path, profile.minimumVersion === undefined ? 'maximumVersion' : 'minimumVersion'],
          `minimumVersion "${whole.minimumVersion}" is above maximumVersion "${whole.maximumVersion}": no TLS version is left`,
        ),
      )
    if (whole?.pfsCiphers === 'none' && whole.minimumVersion === '1.3')
      remarks.push(
        error(
          [...path, profile.pfsCiphers === undefined ? 'minimumVersion' : 'pfsCiphers'],
          'pfsCiphers "none" rules out TLS 1.3, which minimumVersion asks for: no TLS version is left',
        ),
      )
    for (const setting of ['minimumVersion', 'maximumVersion'] as const) {
      const version = profile[setting]
      if (version === '1.0' || version === '1.1')
        remarks.push(
          warning([...path, setting], `TLS ${version} is broken and must not be used any more (RFC 8996)`),
        )
    }
    if (!used.has(profile.name))
      remarks.push(
        warning([...path, 'name'], `no proxy action uses the TLS profile ${JSON.stringify(profile.name)}`),
      )
    return remarks
  })
}

function checkCertificates(settings: Settings, actions: Resolved<WholeAction>): Remark[] {
  const kinds = settings.policies.map((policy) => actions.whole.get(policy.action ?? defaults.action)?.kind)
  return (
    (
      [
        ['proxyAuthority', 'client'],
        ['proxyServer', 'server'],
      ] as const
    )
      .filter(([setting]) => settings.certificates?.[setting] !== undefined)
      // A proxy action that could not be resolved may be of any kind.
      .filter(([, kind]) => !kinds.some((each) => each === undefined || each === kind))
      .map(([setting, kind]) =>
        warning(
          ['certificates', setting],
          `has no effect: no policy has a proxy action of kind "${kind}"`,
          'key',
        ),
      )
  )
}

function checkLimits(settings: Settings): Remark[] {
  const limits = { ...defaults.limits, ...settings.limits }
  if (
    settings.limits?.connectionsPerSource === undefined ||
    limits.connectionsPerSource <= limits.connections
  )
    return []
  return [
    warning(
      ['limits', 'connectionsPerSource'],
      `has no effect: it is above the ${limits.connections} connections allowed in all`,
    ),
  ]
}
