/** Facts and rules of messages for tests of policy: a clean message, and rules that let it pass. */
import type {
  Action,
  ContentRules,
  HeaderFact,
  MessageFacts,
  PartFacts,
  Rule,
  ScanFact,
} from '../../src/policy/index.ts'

export const clean: ScanFact = { scanner: 'clamav', result: { kind: 'clean' }, deep: true }

export function header(name: string, value: string, raw = ` ${value}`): HeaderFact {
  return { name, value, raw }
}

export function part(given: Partial<PartFacts> = {}): PartFacts {
  const id = given.id ?? '1'
  return {
    id,
    top: id.split(/[/+]/, 1)[0] ?? id,
    kind: id.includes('/') ? 'member' : 'leaf',
    container: id.includes('/') ? 'archive.zip' : undefined,
    containers: id.split('/').length - 1,
    declaredType: 'text/plain',
    sniffedType: 'text/plain',
    traits: [],
    names: [],
    size: 100,
    sha256: 'aa',
    scans: [clean],
    ...given,
  }
}

export function message(given: Partial<MessageFacts> = {}): MessageFacts {
  return {
    scope: 'message',
    size: 1000,
    sha256: 'bb',
    headers: [
      header('From', 'Ann <ann@example.net>'),
      header('To', 'bob@example.org'),
      header('Subject', 'Hello'),
      header('Date', 'Tue, 24 Nov 2026 10:00:00 +0000'),
      header('Message-ID', '<1@example.net>'),
    ],
    from: 'Ann <ann@example.net>',
    subject: 'Hello',
    date: 'Tue, 24 Nov 2026 10:00:00 +0000',
    parts: [part()],
    ambiguities: [],
    limits: [],
    signatures: [],
    scans: [],
    ...given,
  }
}

export function rule<S, A extends Action>(
  action: A,
  matches: (subject: S) => boolean,
  given: Partial<Rule<S, A>> = {},
): Rule<S, A> {
  return { name: `${action} it`, matches, says: undefined, action, alarm: false, log: false, ...given }
}

const pass = { rules: [], noMatch: { action: 'allow', log: false } } as const

export function rules(
  given: Partial<Omit<ContentRules, 'antivirus'>> & { antivirus?: Partial<ContentRules['antivirus']> } = {},
): ContentRules {
  const { antivirus, ...others } = given
  return {
    headers: pass,
    contentTypes: { ...pass, autoDetect: true },
    fileNames: pass,
    antivirus: {
      scanners: ['clamav'],
      infected: 'strip',
      scanError: 'refuse',
      tooLarge: 'lock',
      encrypted: 'lock',
      failOpen: false,
      scanLimit: 1_000_000,
      ...antivirus,
    },
    ambiguous: 'lock',
    limitExceeded: 'lock',
    unscannable: 'allow',
    unreadable: 'lock',
    partial: 'lock',
    subjectTag: '[odd]',
    denyMessage: [{ variable: 'filename' }, ' was ', { variable: 'action' }, ': ', { variable: 'reason' }],
    ...others,
  }
}
