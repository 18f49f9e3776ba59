/** The settings of a proxy action that judge what is in the mail. */
import { type Static, Type } from 'typebox'
import { errorActions, faultActions, headerActions, partActions, traits, variables } from '../policy/index.ts'
import { closed, name, oneOrMore, size } from './schema-words.ts'

const matchWords =
  '`*` is any run of characters, `?` is one; case does not matter. A list matches when one of it does.'

const ruleName = (example: string) =>
  name('What the log, alarms and deny messages call the rule. Default: what it matches.', example)

const ruleFlags = {
  enabled: Type.Optional(
    Type.Boolean({
      default: true,
      description: '`false` takes the rule out without deleting it: it is checked, and never asked.',
    }),
  ),
  alarm: Type.Optional(
    Type.Boolean({ default: false, description: 'Whether a match raises an alarm: the event `rule.alarm`.' }),
  ),
  log: Type.Optional(
    Type.Boolean({ default: false, description: 'Whether a match is logged: the event `rule.matched`.' }),
  ),
}

const regex = (what: string) =>
  Type.String({
    kind: 'regex',
    examples: ['^invoice.*\\.exe$'],
    description: `A regular expression (RE2 syntax, no look-around and no back-references) that is looked for anywhere in ${what}; case does not matter. Use \`^\` and \`$\` for the whole.`,
  })

const exact = (what: string, kind: string, example: string) =>
  oneOrMore(kind, {
    description: `${what} as it is, \`*\` and \`?\` too; case does not matter. A list matches when one of it does.`,
    examples: [example],
    expects: 'text, or a list of texts',
  })

const trait = oneOrMore('trait', {
  description: `What the content or the name of the part shows: ${Object.entries(traits)
    .map(([word, says]) => `\`${word}\` (${says})`)
    .join(', ')}. A list matches when one of it does.`,
  examples: ['executable', ['script', 'shortcut']],
  expects: `a trait or a list of traits: ${Object.keys(traits).join(', ')}`,
})

const partAction = Type.Enum([...partActions], {
  examples: ['lock'],
  description:
    'What is done with the part: `allow` lets it through, `scan` does so only if every scanner calls it clean and locks it otherwise, `tag` marks the Subject, `lock` puts it into an age file that the administrator can open, `strip` takes it out. For the whole message: `replace` by a notice, `quarantine` (the same, with a copy kept), `drop` the session, `block` the client as well. Of all that is said about a message the most severe is done.',
})

const headerAction = Type.Enum([...headerActions], {
  examples: ['strip'],
  description:
    'What is done: `allow` keeps the header, `tag` marks the Subject, `strip` leaves the header out. For the whole message: `replace` by a notice, `quarantine` (the same, with a copy kept), `drop` the session, `block` the client as well.',
})

const noMatch = <T extends typeof partAction | typeof headerAction>(action: T) =>
  Type.Object(
    {
      action: Type.Optional(action),
      log: Type.Optional(
        Type.Boolean({
          examples: [false],
          description: 'Whether what no rule matched is logged: the event `rule.matched`. Inherited.',
        }),
      ),
    },
    { ...closed, description: 'What is done where no rule matches. Inherited.' },
  )

const rulesWords =
  'The rules, in order; the first that matches decides, else `noMatch` does. Each has exactly one of'

const HeaderRuleSchema = Type.Object(
  {
    name: Type.Optional(ruleName('forged results')),
    ...ruleFlags,
    match: Type.Optional(
      oneOrMore('wildcard', {
        description: `Names of headers: ${matchWords}`,
        examples: ['X-Spam-*'],
        expects: 'the name of a header, or a list of names',
      }),
    ),
    exact: Type.Optional(exact('The name of a header', 'wildcard', 'Reply-To')),
    regex: Type.Optional(regex('the name of the header')),
    value: Type.Optional(
      Type.Object(
        {
          match: Type.Optional(
            oneOrMore('wildcard', {
              description: `Values of the header, decoded: ${matchWords}`,
              examples: ['*lottery*'],
              expects: 'text, or a list of texts',
            }),
          ),
          exact: Type.Optional(exact('The value of the header, decoded,', 'wildcard', 'You have won')),
          regex: Type.Optional(regex('the value of the header, decoded')),
        },
        {
          ...closed,
          description:
            'What the value must be besides; exactly one of `match`, `exact`, `regex`. Left out: any value.',
        },
      ),
    ),
    action: headerAction,
  },
  {
    ...closed,
    description: `${rulesWords} \`match\`, \`exact\`, \`regex\`. A list given here replaces the inherited one.`,
  },
)

const partRule = (kind: string, what: string, whats: string, example: string) =>
  Type.Object(
    {
      name: Type.Optional(ruleName('programs')),
      ...ruleFlags,
      match: Type.Optional(
        oneOrMore(kind, {
          description: `${whats}: ${matchWords}`,
          examples: [example],
          expects: `${what}, or a list of them`,
        }),
      ),
      exact: Type.Optional(exact(whats, kind, example)),
      regex: Type.Optional(regex(what)),
      trait: Type.Optional(trait),
      action: partAction,
    },
    {
      ...closed,
      description: `${rulesWords} \`match\`, \`exact\`, \`regex\`, \`trait\`. A list given here replaces the inherited one.`,
    },
  )

const faultAction = (description: string, example: string) =>
  Type.Enum([...faultActions], { examples: [example], description: `${description} Inherited.` })

const AntivirusSchema = Type.Object(
  {
    enabled: Type.Optional(
      Type.Union([Type.Boolean(), Type.String({ kind: 'auto' })], {
        examples: ['auto'],
        expects: 'auto, true or false',
        description:
          'Who scans: `auto` every scanner of `scanners` and the embedded one; `true` the same, and there must be one besides the embedded; `false` nobody. Inherited.',
      }),
    ),
    infected: Type.Optional(
      faultAction(
        'What is done with what a scanner calls infected. When no part can be blamed, the message is.',
        'strip',
      ),
    ),
    scanError: Type.Optional(
      Type.Enum([...errorActions], {
        examples: ['refuse'],
        description:
          'What is done when a scanner gave no sound answer: it is down, hangs, or answers what is not known. `refuse` tells the client to come again (`-ERR [SYS/TEMP]`); the message stays on its server. Inherited.',
      }),
    ),
    tooLarge: Type.Optional(
      faultAction(
        'What is done with what is too large to be scanned: `scanLimit`, or a limit of the scanner.',
        'lock',
      ),
    ),
    encrypted: Type.Optional(
      faultAction(
        'What is done with archives and Office documents that need a password, and with whatever a scanner calls encrypted. PDF, S/MIME, PGP and age: see `unscannable`.',
        'lock',
      ),
    ),
    failOpen: Type.Optional(
      Type.Boolean({
        examples: [false],
        description:
          'Deliver in place of `scanError`: while a scanner is out of order, mail goes out unscanned, with a header `X-Postern-Unscanned` and an event. Inherited.',
      }),
    ),
    scanLimit: Type.Optional(
      size('Parts of up to this size, decoded, are scanned; larger ones are `tooLarge`. Inherited.', '25MiB'),
    ),
  },
  { ...closed, description: 'Antivirus.' },
)

/** Members of a proxy action. */
export const contentProperties = {
  headers: Type.Optional(
    Type.Object(
      { rules: Type.Optional(Type.Array(HeaderRuleSchema)), noMatch: Type.Optional(noMatch(headerAction)) },
      { ...closed, description: 'Rules about the headers of messages.' },
    ),
  ),
  contentTypes: Type.Optional(
    Type.Object(
      {
        autoDetect: Type.Optional(
          Type.Boolean({
            examples: [true],
            description:
              'Whether the type found in the content decides. Where none is found, rules are asked about `unknown` and about the declared type. `false`: the declared type alone. Inherited.',
          }),
        ),
        rules: Type.Optional(
          Type.Array(partRule('mediaType', 'a content type', 'Content types', 'application/x-*')),
        ),
        noMatch: Type.Optional(noMatch(partAction)),
      },
      {
        ...closed,
        description:
          'Rules about the content types of parts, of members of archives and of attached messages.',
      },
    ),
  ),
  fileNames: Type.Optional(
    Type.Object(
      {
        rules: Type.Optional(Type.Array(partRule('wildcard', 'a file name', 'File names', '*.exe'))),
        noMatch: Type.Optional(noMatch(partAction)),
      },
      {
        ...closed,
        description:
          'Rules about the file names of parts, of members of archives and of attached messages. Every name that some mail program would use is asked about, and the most severe answer counts.',
      },
    ),
  ),
  antivirus: Type.Optional(AntivirusSchema),
  ambiguous: Type.Optional(
    faultAction(
      'What is done with a place that mail programs read differently: `lock` makes it safe, by writing it anew where that is enough.',
      'lock',
    ),
  ),
  limitExceeded: Type.Optional(
    faultAction(
      'What is done with a message, or an archive in it, that is past a limit of examination.',
      'lock',
    ),
  ),
  unscannable: Type.Optional(
    faultAction(
      'What is done with parts encrypted for a person: S/MIME, PGP, age, PDF with a password.',
      'allow',
    ),
  ),
  unreadable: Type.Optional(
    faultAction('What is done with archives that cannot be opened: damaged, or of an unknown kind.', 'lock'),
  ),
  partial: Type.Optional(
    faultAction(
      'What is done with pieces of messages (message/partial) and pointers to content elsewhere.',
      'lock',
    ),
  ),
  subjectTag: Type.Optional(
    Type.String({
      kind: 'tag',
      examples: ['[suspicious]'],
      description:
        'What stands before the Subject of messages that a rule or setting tags, and of notices in their place. Inherited.',
    }),
  ),
  denyMessage: Type.Optional(
    Type.String({
      kind: 'denyMessage',
      examples: ['%(filename)% was %(action)%: %(reason)%'],
      description: `The text that stands in the place of what is taken away. Variables: ${Object.entries(
        variables,
      )
        .map(([word, says]) => `\`%(${word})%\` (${says})`)
        .join(', ')}. Inherited.`,
    }),
  ),
}

const ContentSchema = Type.Object(contentProperties)

export type ContentSettings = Static<typeof ContentSchema>
export type HeaderRuleSettings = Static<typeof HeaderRuleSchema>
export type PartRuleSettings = Static<ReturnType<typeof partRule>>
export type AntivirusSettings = Static<typeof AntivirusSchema>
