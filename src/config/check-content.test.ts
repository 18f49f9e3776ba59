import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatProblem } from './problems.ts'
import { readConfiguration } from './read.ts'

const head = `version: 1
policies: [ { name: a, upstream: mail.example.net, action: A } ]
`
/** Line 5 is the first of the settings. */
function said(settings: string, rest = ''): readonly string[] {
  const text = `${head}proxyActions:\n  - name: A\n${settings.replaceAll(/^/gm, '    ')}\n${rest}`
  const reading = readConfiguration(text, 'f')
  return (reading.ok ? reading.warnings : reading.problems).map(formatProblem)
}

const inRules = (rule: string) => `fileNames: { rules: [ ${rule} ] }`
const at = (column: number, path: string) => `f:5:${column} proxyActions[0].${path}: `

const cases: readonly [what: string, settings: string, message: string][] = [
  [
    'nothing wrong',
    inRules('{ match: "*.exe", action: strip, alarm: true, log: true, name: x, enabled: false }'),
    '',
  ],
  [
    'every way to match',
    inRules('{ exact: a, action: tag }, { regex: b, action: drop }, { trait: [script], action: lock }'),
    '',
  ],
  [
    'two ways to match',
    inRules('{ match: a, regex: b, action: lock }'),
    `${at(27, 'fileNames.rules[0]')}the rule has match and regex: give exactly one of match, exact, regex, trait`,
  ],
  [
    'no way to match',
    inRules('{ action: lock }'),
    `${at(27, 'fileNames.rules[0]')}the rule matches nothing: give one of match, exact, regex, trait`,
  ],
  [
    'a header rule without a way to match its value',
    'headers: { rules: [ { match: X, value: {}, action: strip } ] }',
    `${at(44, 'headers.rules[0].value')}the value matches nothing: give one of match, exact, regex`,
  ],
  [
    'a broken regular expression, in the words of re2js',
    inRules('{ regex: "a(b", action: lock }'),
    `${at(36, 'fileNames.rules[0].regex')}"a(b" is not a regular expression: error parsing regexp: missing closing ): \`a(b\``,
  ],
  [
    'what RE2 does not know',
    inRules('{ regex: "(?=a)", action: lock }'),
    `${at(36, 'fileNames.rules[0].regex')}"(?=a)" is not a regular expression: error parsing regexp: invalid or unsupported Perl syntax: \`(?=\``,
  ],
  [
    'an empty regular expression',
    inRules('{ regex: "", action: lock }'),
    `${at(36, 'fileNames.rules[0].regex')}the regular expression is empty: it would match everything`,
  ],
  [
    'an unknown trait',
    inRules('{ trait: exectable, action: lock }'),
    `${at(36, 'fileNames.rules[0].trait')}no trait is called "exectable", did you mean "executable"?`,
  ],
  [
    'an unknown action',
    inRules('{ match: a, action: stripp }'),
    `${at(47, 'fileNames.rules[0].action')}"stripp" is not one of allow, scan, tag, lock, strip, replace, quarantine, drop or block, did you mean "strip"?`,
  ],
  [
    'an action that no header can have',
    'headers: { rules: [ { match: X, action: scan } ] }',
    `${at(45, 'headers.rules[0].action')}"scan" is not one of allow, tag, strip, replace, quarantine, drop or block`,
  ],
  [
    'a rule never reached',
    inRules('{ match: "*", action: tag }, { match: "*.exe", action: lock }'),
    `${at(56, 'fileNames.rules[1]')}warning: this rule is never reached: rules[0] before it matches the same`,
  ],
  [
    'the same rule twice, case aside',
    inRules('{ match: "*.exe", action: tag }, { match: "*.EXE", action: lock }'),
    `${at(60, 'fileNames.rules[1]')}warning: this rule is never reached: rules[0] before it matches the same`,
  ],
  [
    'a rule that is off hides none',
    inRules('{ match: "*", action: tag, enabled: false }, { match: a, action: lock }'),
    '',
  ],
  [
    'a header rule with a value hides none without',
    'headers: { rules: [ { match: "*", value: { match: a }, action: tag }, { match: X, action: strip } ] }',
    '',
  ],
  [
    'no content type',
    'contentTypes: { rules: [ { match: pdf, action: lock } ] }',
    `${at(39, 'contentTypes.rules[0].match')}"pdf" can match no content type; expected type/subtype such as application/pdf, image/* or unknown`,
  ],
  ['content types', 'contentTypes: { rules: [ { match: [unknown, "", "*/x"], action: lock } ] }', ''],
  [
    'scanning without scanners',
    'antivirus: { enabled: true }',
    `${at(27, 'antivirus.enabled')}is true, but there is no scanner besides the embedded one: set scanners.clamav, or write "enabled: auto"`,
  ],
  [
    'a word for a switch',
    'antivirus: { enabled: "on" }',
    `${at(27, 'antivirus.enabled')}"on" is not one of auto, true or false, did you mean true?`,
  ],
  [
    'settings of antivirus that is off',
    'antivirus: { enabled: false, infected: lock }',
    `${at(34, 'antivirus.infected')}warning: has no effect: antivirus is off (enabled: false)`,
  ],
  [
    'scanError beside failOpen',
    'antivirus: { failOpen: true, scanError: lock }',
    `${at(34, 'antivirus.scanError')}warning: has no effect: failOpen is true`,
  ],
  [
    'refuse where it cannot be',
    'antivirus: { infected: refuse }',
    `${at(28, 'antivirus.infected')}"refuse" is not one of allow, tag, lock, strip, replace, quarantine, drop or block`,
  ],
  [
    'a scan limit of nothing',
    'antivirus: { scanLimit: 0 }',
    `${at(29, 'antivirus.scanLimit')}is 0: nothing would be scanned; for that write "enabled: false"`,
  ],
  [
    'scan while antivirus is off',
    'antivirus: { enabled: false }\nfileNames: { noMatch: { action: scan } }',
    'f:6:37 proxyActions[0].fileNames.noMatch.action: is "scan", but antivirus is off: write "allow", or switch antivirus on',
  ],
  [
    'a scan rule while antivirus is off',
    'antivirus: { enabled: false }\nfileNames: { rules: [ { match: a, action: scan } ] }',
    'f:6:47 proxyActions[0].fileNames.rules[0].action: the rule "a" says "scan", but antivirus is off: write "allow", or switch antivirus on',
  ],
  [
    'an unknown variable',
    'denyMessage: |\n  Hello\n  %(resaon)%',
    `${at(18, 'denyMessage')}there is no variable %(resaon)% (line 2 of the text), did you mean "reason"?`,
  ],
  [
    'a variable far from all',
    'denyMessage: "%(spam score)%"',
    `${at(18, 'denyMessage')}there is no variable %(spam score)% (line 1 of the text); there are reason, type, filename, virus, action, recovery, rule, from, subject, date, eventid`,
  ],
  ['an empty tag', 'subjectTag: ""', `${at(17, 'subjectTag')}the tag is empty`],
  [
    'a tag of two lines',
    'subjectTag: "a\\r\\nBcc: x"',
    `${at(17, 'subjectTag')}the tag holds a control character: it is one line`,
  ],
]
for (const [what, settings, message] of cases)
  test(what, () => {
    assert.deepEqual(said(settings), message === '' ? [] : [message])
  })

test('scan that is inherited while antivirus is switched off', () => {
  const two = 'fileNames: { noMatch: { action: scan } }'
  const rest = '  - { name: B, basedOn: A, antivirus: { enabled: false } }\n'
  const problem = said(two, rest).find((line) => line.includes('antivirus')) ?? ''
  assert.match(
    problem,
    /^f:6:\d+ proxyActions\[1\]\.antivirus\.enabled: is false, but noMatch of fileNames, which is inherited, says "scan"/,
  )
})

test('scanners that nobody asks', () => {
  const rest = 'scanners: { clamav: { address: "tcp://127.0.0.1:3310" } }'
  assert.deepEqual(said('antivirus: { enabled: false }', rest), [
    'f:6:1 scanners: warning: has no effect: antivirus is off in the proxy action of every policy',
  ])
  assert.deepEqual(said('antivirus: { enabled: true }', rest), [])
})

for (const address of [
  'unix:/run/clamd',
  'tcp://127.0.0.1:3310',
  'tcp://[::1]:3310',
  'tcp://clamd.example:1',
])
  test(`clamd may listen on ${address}`, () => {
    assert.deepEqual(
      said('{}', `scanners: { clamav: { address: "${address}" } }`).filter((line) =>
        line.includes('scanners'),
      ),
      [],
    )
  })
for (const address of [
  '/run/clamd',
  'unix:clamd',
  'tcp://127.0.0.1',
  'tcp://h:0',
  'tcp://h:65536',
  'http://h:1',
  'tcp://[1]:1',
])
  test(`clamd cannot listen on ${address}`, () => {
    const [problem = ''] = said('kind: client', `scanners: { clamav: { address: "${address}" } }`)
    assert.match(problem, /scanners\.clamav\.address: .*expected unix:\/run\/clamav\/clamd\.ctl or tcp:/)
  })
