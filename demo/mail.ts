/**
 * The sample mailbox: a dozen mails, each of them one thing that a gateway meets. They are built in
 * code, byte for byte the same at every run.
 */
import type { DemoMail } from './maildrop.ts'
import { attachment, extendedParameter, message, multipart, part, text } from './mime.ts'
import { eicarZip, emptyProgram, noise } from './payloads.ts'

/** The mails in the order of their numbers: `demoMailbox()[0]` is message 1. About 5 MB in all. */
export function demoMailbox(): readonly DemoMail[] {
  return SAMPLES.map(({ name, description, build }, index) => ({
    uidl: `demo-${String(index + 1).padStart(2, '0')}-${name}`,
    name,
    description,
    bytes: build(),
  }))
}

interface Sample {
  /** Lower case with hyphens: it is a part of the unique-id. */
  readonly name: string
  readonly description: string
  readonly build: () => Buffer
}

const SAMPLES: readonly Sample[] = [
  { name: 'plain', description: 'A clean note in plain text.', build: plain },
  { name: 'newsletter', description: 'A clean newsletter: plain text and HTML.', build: newsletter },
  { name: 'eicar-zip', description: 'The EICAR test virus in a ZIP attachment.', build: infected },
  { name: 'disguised-exe', description: 'A Windows program that says it is invoice.pdf.', build: disguised },
  {
    name: 'forged',
    description: 'A forged bank: display name, reply address and signature do not fit.',
    build: forged,
  },
  { name: 'five-megabytes', description: 'A clean attachment that makes 5 MB.', build: big },
  {
    name: 'international',
    description: 'Headers in three charsets, a file name in two scripts.',
    build: international,
  },
  {
    name: 'dots',
    description: 'Lines that begin with dots, a lone dot, a line of 5,000 characters.',
    build: dots,
  },
  { name: 'forwarded', description: 'A forwarded mail, with its attachment inside.', build: forwarded },
  { name: 'eight-bit', description: 'A body in raw UTF-8.', build: eightBit },
  { name: 'empty', description: 'Headers and nothing else.', build: empty },
  {
    name: 'double-extension',
    description: 'photo.jpg.js, and a program whose name reads backwards.',
    build: doubleExtension,
  },
]

/** The fields every mail begins with. `day` is the day of November 2026, which began on a Sunday. */
function envelope(id: string, day: number, from: string, subject: string): string[] {
  const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][(day - 1) % 7]
  return [
    `Date: ${weekday}, ${String(day).padStart(2, '0')} Nov 2026 09:30:00 +0000`,
    `From: ${from}`,
    'To: Demo User <demo@demo.example>',
    `Subject: ${subject}`,
    `Message-ID: <${id}.2026@demo.example>`,
    'MIME-Version: 1.0',
  ]
}

const PLAIN_TEXT = ['Content-Type: text/plain; charset=us-ascii', 'Content-Transfer-Encoding: 7bit']
const mixed = (boundary: string) => `Content-Type: multipart/mixed; boundary="${boundary}"`
const note = (...lines: readonly string[]) => part(PLAIN_TEXT, text(...lines))

function plain(): Buffer {
  return message(
    [...envelope('plain', 2, 'Ada Clark <ada@demo.example>', 'Lunch on Thursday'), ...PLAIN_TEXT],
    text('Hello,', '', 'the table is booked for half past twelve.', '', 'Ada'),
  )
}

function newsletter(): Buffer {
  const boundary = 'news-0001'
  const html = [
    '<!DOCTYPE html>',
    '<html><head><title>Garden news</title></head><body>',
    '<h1>Garden news</h1>',
    '<p>The first frost is close. <a href="https://garden.example/frost">What to cover</a>.</p>',
    '</body></html>',
  ]
  return message(
    [
      ...envelope('newsletter', 3, '"Garden News" <news@garden.example>', 'The first frost is close'),
      'List-Unsubscribe: <https://garden.example/unsubscribe>',
      `Content-Type: multipart/alternative; boundary="${boundary}"`,
    ],
    multipart(boundary, [
      note('The first frost is close.', 'What to cover: https://garden.example/frost'),
      part(
        ['Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable'],
        text(...html.map((line) => line.replaceAll('=', '=3D'))),
      ),
    ]),
  )
}

function infected(): Buffer {
  const boundary = 'photos-0001'
  return message(
    [...envelope('eicar', 4, 'Sam <sam@friends.example>', 'Photos of the trip'), mixed(boundary)],
    multipart(boundary, [
      note('Here they are.'),
      attachment('application/zip; name="photos.zip"', 'filename="photos.zip"', eicarZip()),
    ]),
  )
}

function disguised(): Buffer {
  const boundary = 'invoice-0001'
  return message(
    [
      ...envelope('invoice', 5, 'Billing <billing@supplier.example>', 'Invoice 4711 is overdue'),
      mixed(boundary),
    ],
    multipart(boundary, [
      note('Please pay within three days, see the attached invoice.'),
      attachment('application/pdf; name="invoice.pdf"', 'filename="invoice.pdf"', emptyProgram()),
    ]),
  )
}

/** The name that people see is the bank's; the address, the way back and the signature are not. */
function forged(): Buffer {
  const signature = noise(128).toString('base64')
  return message(
    [
      'Return-Path: <bounce-7781@bulk.example>',
      'Received: from mail.bulk.example (mail.bulk.example [192.0.2.77]) by mx.demo.example; Fri, 06 Nov 2026 09:30:02 +0000',
      'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=bank.example; s=mail;',
      ' h=from:to:subject:date; bh=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=;',
      ` b=${signature.slice(0, 70)}`,
      `  ${signature.slice(70, 140)}`,
      `  ${signature.slice(140)}`,
      ...envelope(
        'account',
        6,
        '"Your Bank <security@bank.example>" <offers@bulk.example>',
        'Your account is locked',
      ),
      'Reply-To: <unlock@bank-example.test>',
      'Content-Type: text/html; charset=us-ascii',
      'Content-Transfer-Encoding: 7bit',
    ],
    text(
      '<p>Dear customer, your account is locked.',
      '<a href="http://192.0.2.77/login">https://bank.example/login</a></p>',
    ),
  )
}

function big(): Buffer {
  const boundary = 'backup-0001'
  return message(
    [...envelope('backup', 7, 'Backup <backup@demo.example>', 'The nightly backup'), mixed(boundary)],
    multipart(boundary, [
      note('The backup of last night.'),
      attachment('application/octet-stream; name="backup.bin"', 'filename="backup.bin"', noise(3_700 * 1024)),
    ]),
  )
}

function international(): Buffer {
  const boundary = 'letters-0001'
  return message(
    [
      ...envelope(
        'international',
        8,
        '=?UTF-8?B?0JDQvdC90LAg0JrQsNGA0LXQvdC40L3QsA==?= <anna@demo.example>',
        '=?ISO-8859-1?Q?Caf=E9_na=EFf?= =?KOI8-R?B?8NLJ18XU?=\r\n =?ISO-2022-JP?B?GyRCRnxLXDhsGyhC?=',
      ),
      mixed(boundary),
    ],
    multipart(boundary, [
      note('The letters are attached.'),
      attachment(
        'text/plain; charset=utf-8',
        extendedParameter('filename', 'Письмо из Москвы и 東京の手紙.txt'),
        Buffer.from('Привет, 東京!\r\n'),
      ),
    ]),
  )
}

function dots(): Buffer {
  return message(
    [...envelope('dots', 9, 'Dot <dot@demo.example>', 'Dots'), ...PLAIN_TEXT],
    text(
      '.',
      '..',
      '...three dots, and the next line is a lone one:',
      '.',
      '.hidden',
      'x'.repeat(5_000),
      '',
      '.',
    ),
  )
}

function forwarded(): Buffer {
  const outer = 'forward-0001'
  const inner = 'report-0001'
  const original = message(
    [...envelope('report', 9, 'Rita <rita@partner.example>', 'Figures of the quarter'), mixed(inner)],
    multipart(inner, [
      note('The figures.'),
      attachment(
        'text/csv; name="figures.csv"',
        'filename="figures.csv"',
        Buffer.from('month,sum\r\n10,42\r\n'),
      ),
    ]),
  )
  return message(
    [...envelope('forward', 10, 'Ada Clark <ada@demo.example>', 'Fwd: Figures of the quarter'), mixed(outer)],
    multipart(outer, [
      note('For your information.'),
      part(['Content-Type: message/rfc822', 'Content-Disposition: inline'], original.toString()),
    ]),
  )
}

function eightBit(): Buffer {
  return message(
    [
      ...envelope('eight-bit', 11, 'Jule <jule@demo.example>', 'Eight bits'),
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
    ],
    text('Grüße aus Köln – voilà, 日本語 и русский.', 'The line above has octets over 127.'),
  )
}

function empty(): Buffer {
  return message(
    [...envelope('empty', 12, 'Nobody <nobody@demo.example>', 'Nothing inside'), ...PLAIN_TEXT],
    '',
  )
}

/** U+202E turns the writing direction round: the second name reads "invoice_exe.pdf". */
function doubleExtension(): Buffer {
  const boundary = 'tricks-0001'
  const script = Buffer.from("WScript.Echo('This does nothing.')\r\n")
  return message(
    [...envelope('tricks', 13, 'Sam <sam@friends.example>', 'You have to see this'), mixed(boundary)],
    multipart(boundary, [
      note('Look at these.'),
      attachment('image/jpeg; name="photo.jpg.js"', 'filename="photo.jpg.js"', script),
      attachment(
        'application/octet-stream',
        extendedParameter('filename', 'invoice_\u202Efdp.exe'),
        emptyProgram(),
      ),
    ]),
  )
}
