import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { header, message, part, rule, rules } from '../../test/support/facts.ts'
import type { PartAction } from './actions.ts'
import { decide } from './decide.ts'
import { lockedName, lockedPart, type NoticeOptions, strippedPart } from './notice.ts'
import { lockedMessage, noticeMessage, taggedSubject, unscannedHeaders } from './notice-message.ts'
import { readTemplate } from './template.ts'
import type { ContentRules, MessageFacts, PartFacts } from './types.ts'

const everything = readTemplate(
  '%(reason)%|%(type)%|%(filename)%|%(virus)%|%(action)%|%(recovery)%|%(rule)%|%(from)%|%(subject)%|%(date)%|%(eventid)%',
)
assert.ok(everything.ok)
const template = everything.template

function optionsFor(
  action: PartAction,
  given: Partial<MessageFacts> = {},
  denyMessage: ContentRules['denyMessage'] = template,
): NoticeOptions & { now: string } {
  const facts = message(given)
  const fileNames = { rules: [rule(action, () => true)], noMatch: { action: 'allow', log: false } } as const
  const with_ = rules({ fileNames, denyMessage, antivirus: { scanners: [] } })
  return {
    facts,
    rules: with_,
    decision: decide(facts, with_),
    eventId: 'E1',
    utf8: false,
    seed: 'k3j9',
    now: 'Wed, 25 Nov 2026 09:00:00 +0000',
  }
}

const latin1 = (octets: Uint8Array) => Buffer.from(octets).toString('latin1')

/** The part's notice as a mail program reads it. */
function readPart(given: Partial<PartFacts>, more: Partial<MessageFacts> = {}) {
  const options = optionsFor('strip', { parts: [part(given)], ...more })
  const [first] = options.decision.parts
  assert.ok(first)
  const { headers, body } = strippedPart(options, first)
  assertAscii(headers, body)
  return PostalMime.parse(`${latin1(headers)}\r\n${latin1(body)}`)
}

function assertAscii(...pieces: readonly Uint8Array[]): void {
  for (const piece of pieces) {
    const text = latin1(piece)
    assert.match(text, /^[\x09\x20-\x7e\r\n]*$/)
    assert.doesNotMatch(text, /\r(?!\n)|(?<!\r)\n/, 'CRLF only')
    for (const line of text.split('\r\n')) assert.ok(line.length <= 998)
  }
}

test('a stripped part becomes text and HTML with every variable filled in', async () => {
  const { text, html } = await readPart({ names: ['a.exe'], sniffedType: 'application/x-dosexec' })
  assert.equal(
    text?.trim(),
    'The file name a.exe is matched by the rule "strip it"|application/x-dosexec|a.exe|none found|removed|' +
      'The original was not delivered. Ask the sender for it in another form, or your administrator (event E1).' +
      '|strip it|Ann <ann@example.net>|Hello|Tue, 24 Nov 2026 10:00:00 +0000|E1',
  )
  assert.match(html ?? '', /Ann &lt;ann@example\.net&gt;/)
})

test('a name cannot become HTML, another line, or turn what is read', async () => {
  const evil = '<img src=x onerror=alert(1)>\r\nBcc: x\u202e&"\u200b.exe'
  const { text = '', html = '' } = await readPart({ names: [evil] })
  assert.doesNotMatch(html, /<img/)
  assert.match(html, /&lt;img src=x onerror=alert\(1\)&gt;/)
  assert.doesNotMatch(text, /^Bcc:/m)
  for (const shown of [text, html]) assert.doesNotMatch(shown, /[\u202e\u200b]/)
})

test('a subject of 100,000 characters is cut', async () => {
  const subject = '😀'.repeat(50_000)
  const { text = '' } = await readPart({}, { subject })
  assert.ok(text.length < 2000)
  assert.match(text, /😀…\|/u)
})

test('no mail can break a notice', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      '\r\nBcc: a',
      '%(reason)%',
      '--=_k3j9.alternative--',
      '\ud800',
      '</p><script>',
      '=?x?=',
      '\0',
    ),
  )
  fc.assert(
    fc.property(nasty, nasty, nasty, nasty, (name, subject, from, raw) => {
      const headers = ['From', 'To', 'Cc', 'Date', 'Message-ID'].map((field) => header(field, from, raw))
      const given = {
        parts: [part({ names: [name], declaredType: from })],
        headers,
        subject,
        from,
        date: raw,
      }
      const strip = optionsFor('strip', given)
      const [first] = strip.decision.parts
      assert.ok(first)
      const { headers: fields, body } = strippedPart(strip, first)
      const locked = lockedPart(strip, first, lockedName(name, '1'))
      const whole = noticeMessage(optionsFor('replace', given))
      assertAscii(fields, body, locked.headers, locked.before, locked.after, whole)
      const names = [
        ...(latin1(whole)
          .split('\r\n\r\n', 1)[0]
          ?.matchAll(/^([^\s:]+):/gm) ?? []),
      ].map(([, n]) => n)
      assert.equal(new Set(names).size, names.length, 'each header once')
      for (const field of names)
        assert.match(
          field ?? '',
          /^(From|To|Cc|Subject|Date|Message-ID|MIME-Version|X-Postern-Action|Content-Type)$/,
        )
    }),
    { numRuns: 1000 },
  )
})

test('a locked part is a notice beside the age file', async () => {
  const options = optionsFor('lock', { parts: [part({ names: ['Bericht ä.pdf'] })] })
  const [first] = options.decision.parts
  assert.ok(first)
  const name = lockedName(first.why.on.kind === 'part' ? first.why.on.part.names[0] : undefined, first.top)
  const { headers, before, after } = lockedPart(options, first, name)
  const mail = await PostalMime.parse(`${latin1(headers)}\r\n${latin1(before)}YWdl\r\n${latin1(after)}`)
  assert.match(mail.text ?? '', /locked in Bericht ä\.pdf\.age\. .*postern unlock FILE/)
  const [attachment] = mail.attachments
  assert.equal(attachment?.filename, 'Bericht ä.pdf.age')
  assert.equal(Buffer.from(attachment?.content as ArrayBuffer).toString(), 'age')
})

const lockedNames: readonly [name: string | undefined, id: string, locked: string][] = [
  ['report.pdf', '1', 'report.pdf.age'],
  ['..\\..\\etc/x.exe', '1', 'x.exe.age'],
  ['a"b;c.doc', '1', 'a_b_c.doc.age'],
  ['.hidden', '1', 'hidden.age'],
  [undefined, '2.1/3', 'part-2.1-3.age'],
  ['\u202e', '2', 'part-2.age'],
  [undefined, '', 'message.eml.age'],
]
for (const [name, id, locked] of lockedNames)
  test(`${JSON.stringify(name)} is locked as ${locked}`, () => {
    assert.equal(lockedName(name, id), locked)
  })

test('a long name is cut, so that its line is not too long', () => {
  assert.ok(lockedName('é'.repeat(1000), '1').length <= 64)
})

test('a whole notice keeps who, to whom, about what and when', async () => {
  const bytes = noticeMessage(optionsFor('replace'))
  const mail = await PostalMime.parse(bytes)
  assert.deepEqual(mail.from, { address: 'ann@example.net', name: 'Ann' })
  assert.equal(mail.to?.[0]?.address, 'bob@example.org')
  assert.equal(mail.subject, '[odd] Hello')
  assert.equal(mail.messageId, '<1@example.net>')
  assert.equal(mail.date, '2026-11-24T10:00:00.000Z')
  assert.match(latin1(bytes), /^X-Postern-Action: replace; event=E1; rule=replace it\r$/m)
  assert.match(mail.text ?? '', /\|replaced\|/)
})

const kept: readonly [what: string, headers: MessageFacts['headers'], line: RegExp][] = [
  ['no From', [], /^From: Postern <postern@postern\.invalid>\r$/m],
  ['two From', [header('From', 'a@b'), header('From', 'c@d')], /^From: Postern </m],
  ['8-bit From', [header('From', '', ' "J\xc3\xa4n" <jan@example.net>')], /^From: jan@example\.net\r$/m],
  ['a folded To', [header('To', '', ' a@b.example,\r\n c@d.example')], /^To: a@b\.example, c@d\.example\r$/m],
  ['a To with a bare LF', [header('To', '', ' a\nBcc: x <c@d.example>')], /^To: c@d\.example\r$/m],
  ['no Date', [], /^Date: Wed, 25 Nov 2026 09:00:00 \+0000\r$/m],
  ['an odd Date', [header('Date', '', ' <script>')], /^Date: Wed, 25 Nov 2026/m],
]
for (const [what, headers, line] of kept)
  test(`a whole notice of a message with ${what}`, () => {
    assert.match(latin1(noticeMessage(optionsFor('replace', { headers }))), line)
  })

test('a locked message is a notice with the whole message beside it', async () => {
  const options = optionsFor('allow', {
    ambiguities: [{ reason: 'two boundaries', evidence: '', top: undefined, repair: undefined }],
  })
  assert.equal(options.decision.outcome, 'lock')
  const { before, after } = lockedMessage(options)
  assertAscii(before, after)
  const mail = await PostalMime.parse(`${latin1(before)}YWdl\r\n${latin1(after)}`)
  assert.equal(mail.subject, '[odd] Hello')
  assert.equal(mail.attachments[0]?.filename, 'message.eml.age')
  assert.match(mail.text ?? '', /message\.eml\.age/)
})

test('broken signatures and further findings are told', async () => {
  const { text = '' } = await readPart(
    { traits: ['partial'], names: ['a.exe'] },
    { signatures: ['dkim', 'smime'] },
  )
  assert.match(text, /carries a DKIM and S\/MIME signature/)
  assert.match(text, /Also found:\n- a\.exe: this file is only a piece/)
})

test('a tag stands before the subject, once more when a stranger wrote it', () => {
  assert.equal(
    latin1(taggedSubject(['[odd]'], '[odd] Hi\r\nBcc: x', false)),
    'Subject: [odd] [odd] Hi Bcc: x\r\n',
  )
})

test('an unscanned message says so in one header line for each scanner', () => {
  const lines = unscannedHeaders([{ scanner: 'clamav', reason: 'down\r\nBcc: x' }])
  assert.equal(latin1(lines), 'X-Postern-Unscanned: clamav; down Bcc: x\r\n')
  assert.equal(unscannedHeaders([]).length, 0)
})

test('UTF8 mode: text leaves as it is', () => {
  const options = { ...optionsFor('replace', { subject: 'Grüße' }), utf8: true }
  assert.match(Buffer.from(noticeMessage(options)).toString('utf8'), /^Subject: \[odd\] Grüße\r$/m)
})
