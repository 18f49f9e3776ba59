/** Mail whose parts clients decode or name in different ways, and mail with line ends that are none in POP3. */
import type { AmbiguousForm } from './ambiguous-structure.ts'
import { attached, closed, entity, mail, type Payload } from './builders.ts'

const evil = ({ octets }: Payload): string => attached('evil.exe', octets)
/** One part beside a text, its encoding field and its body. */
const part = (fields: string, body: string): string =>
  mail(
    'Content-Type: multipart/mixed; boundary=b',
    closed(
      'b',
      '\nSee what is attached.',
      entity(`Content-Type: application/octet-stream; name=evil.exe\n${fields}`, body),
    ),
  )
const encoding = (value: string, body: string): string => part(`Content-Transfer-Encoding: ${value}`, body)
const base64 = (value: string) => (p: Payload) => encoding(value, p.base64)
const container = (value: string, body: string): string =>
  mail(`Content-Transfer-Encoding: ${value}\nContent-Type: multipart/mixed; boundary=b`, `${body}\n`)
const named = (type: string, disposition: string) => (p: Payload) =>
  mail(
    'Content-Type: multipart/mixed; boundary=b',
    closed(
      'b',
      '\ntext',
      entity(
        `Content-Type: ${type}\nContent-Disposition: ${disposition}\nContent-Transfer-Encoding: base64`,
        p.base64,
      ),
    ),
  )
const damagedUu = ({ uu }: Payload): string => uu.replace(/\n`\nend$/, '')

export const contentForms: Readonly<Record<string, AmbiguousForm>> = {
  'encodings-two-first': [
    'encoding-twice',
    (p) => part('Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 7bit', p.base64),
  ],
  'encodings-two-last': [
    'encoding-twice',
    (p) => part('Content-Transfer-Encoding: quoted-printable\nContent-Transfer-Encoding: base64', p.base64),
  ],
  'encodings-two-quoted': [
    'encoding-twice',
    (p) => part('Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: quoted-printable', p.quoted),
  ],
  'encoding-comment': ['encoding-odd', base64('(x) base64')],
  'encoding-comment-behind': ['encoding-odd', base64('base64 (x)')],
  'encoding-quotes': ['encoding-odd', base64('"base64"')],
  'encoding-parameter': ['encoding-odd', base64('base64; x=y')],
  'encoding-case': ['encoding-odd', base64('bAsE64')],
  'encoding-blank-inside': ['encoding-odd', base64('base 64')],
  'encoding-quoted': ['encoding-odd', (p) => encoding('x-quoted', p.quoted)],
  'encoding-unknown-base64': ['encoding-unknown', base64('x-secret')],
  'encoding-unknown-quoted': ['encoding-unknown', (p) => encoding('x-secret', p.quoted)],
  'encoding-unknown-uuencode': ['encoding-unknown', (p) => encoding('x-secret', p.uu)],
  'container-in-base64': [
    'encoding-on-container',
    (p) => container('base64', Buffer.from(closed('b', evil(p)).replaceAll('\n', '\r\n')).toString('base64')),
  ],
  'container-base64-as-it-is': ['encoding-on-container', (p) => container('base64', closed('b', evil(p)))],
  'container-in-quoted-printable': [
    'encoding-on-container',
    (p) => container('quoted-printable', closed('b', evil(p)).replaceAll('=', '=3D').replace('--b', '--=62')),
  ],
  'container-base64-preamble': [
    'encoding-on-container',
    (p) => container('base64', `${p.base64}\n--b\n\nx\n--b--`),
  ],
  'message-base64-as-it-is': [
    'encoding-on-container',
    (p) => mail('Content-Type: message/rfc822\nContent-Transfer-Encoding: base64', evil(p)),
  ],
  'names-two-fields': [
    'name-collision',
    named('application/pdf; name=a.pdf', 'attachment; filename=evil.exe'),
  ],
  'names-two-parameters': [
    'name-collision',
    named('application/octet-stream', 'attachment; filename=a.txt; filename=evil.exe'),
  ],
  'names-rfc2231-beside-plain': [
    'name-collision',
    named('application/octet-stream', "attachment; filename=a.txt; filename*=us-ascii''evil.exe"),
  ],
  'names-rfc2231-in-pieces': [
    'name-collision',
    named('application/octet-stream', 'attachment; filename=a.txt; filename*0=evil; filename*1=.exe'),
  ],
  'names-encoded-word': [
    'name-collision',
    named('application/pdf; name="a.pdf"', 'attachment; filename="=?utf-8?Q?evil.exe?="'),
  ],
  'base64-junk': [
    'base64-junk',
    (p) => encoding('base64', `${p.base64Line.slice(0, 9)}!${p.base64Line.slice(9)}`),
  ],
  'base64-junk-everywhere': [
    'base64-junk',
    (p) => encoding('base64', p.base64Line.replaceAll(/.{5}/g, '$&*')),
  ],
  'base64-other-alphabet': ['base64-junk', (p) => encoding('base64', `${p.base64Line}-_`)],
  'base64-ends-early': ['base64-padding', (p) => encoding('base64', `eA==\n${p.base64}`)],
  'base64-ends-early-in-line': ['base64-padding', (p) => encoding('base64', `eA==${p.base64Line}`)],
  'base64-two-runs': ['base64-padding', (p) => encoding('base64', `${p.base64Line}====\nQUJD`)],
  'base64-sign-inside-group': [
    'base64-padding',
    (p) => encoding('base64', `${p.base64Line.slice(0, 10)}=${p.base64Line.slice(10)}`),
  ],
  'base64-too-short': ['base64-length', (p) => encoding('base64', `${p.base64Line}QQ`)],
  'quoted-bad-escape': ['quoted-printable-escape', (p) => encoding('quoted-printable', `=XY${p.quoted}`)],
  'quoted-lone-sign': [
    'quoted-printable-escape',
    (p) => encoding('quoted-printable', p.quoted.replace(/^(.{9}[^=]*?)(?==)/, '$1=')),
  ],
  'uuencode-no-end': ['uuencode-damaged', (p) => encoding('x-uuencode', damagedUu(p))],
  'uuencode-no-end-in-text': [
    'uuencode-damaged',
    (p) => mail('Content-Type: text/plain', `Hello.\n\n${damagedUu(p)}\n`),
  ],
  'yenc-no-end': [
    'yenc-damaged',
    (p) => mail('Content-Type: text/plain', `Hello.\n\n${p.yenc.replace(/\n=yend.*$/, '')}\n`),
  ],
  'binhex-no-end': [
    'binhex-damaged',
    (p) => mail('Content-Type: text/plain', `${p.binhex.replace(/:$/, '')}\n`),
  ],
  'lf-alone-in-header': [
    'encoding-twice',
    (p) => part('Content-Transfer-Encoding: 7bit<LF>Content-Transfer-Encoding: base64', p.base64),
  ],
  'lf-alone-splits-line': [
    'boundary-look-alike',
    (p) =>
      mail(
        'Content-Type: multipart/mixed; boundary=b',
        `--b\n\ntext<LF> --b<LF>${evil(p).replaceAll('\n', '<LF>')}<LF>--b--\n`,
      ),
  ],
}
