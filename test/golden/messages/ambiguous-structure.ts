/** Mail whose parts clients find in different places: types, boundaries, preambles, ends, header lines. */
import type { AmbiguityReason } from '../../../src/mime/index.ts'
import { attached, closed, entity, mail, type Payload } from './builders.ts'

/** What the findings must say, and the mail around the payload. */
export type AmbiguousForm = readonly [reason: AmbiguityReason, build: (payload: Payload) => string]

const evil = ({ octets }: Payload): string => attached('evil.exe', octets)
const body = (payload: Payload, boundary = 'b'): string => closed(boundary, evil(payload))
const typed = (type: string, text: string, more = ''): string => mail(`${more}Content-Type: ${type}`, text)
const mixed = (text: string, boundary = 'b'): string => typed(`multipart/mixed; boundary=${boundary}`, text)
/** The usual form: only the field's value, or only the boundary line, is odd. */
const type =
  (value: string, boundary = 'b') =>
  (payload: Payload) =>
    typed(value, body(payload, boundary))
const line = (odd: string) => (payload: Payload) => mixed(`--b\n\ntext\n${odd}\n${evil(payload)}\n--b--\n`)

export const structureForms: Readonly<Record<string, AmbiguousForm>> = {
  'types-two-first': [
    'content-type-twice',
    (p) => typed('multipart/mixed; boundary=b', body(p), 'Content-Type: text/plain\n'),
  ],
  'types-two-last': [
    'content-type-twice',
    (p) => typed('text/plain', body(p), 'Content-Type: multipart/mixed; boundary=b\n'),
  ],
  'types-three': [
    'content-type-twice',
    (p) =>
      typed('text/html', body(p), 'Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b\n'),
  ],
  'types-two-multiparts': [
    'content-type-twice',
    (p) =>
      typed(
        'multipart/mixed; boundary=c',
        `--c\n\ntext of the first\n--c--\n${body(p)}`,
        'Content-Type: multipart/mixed; boundary=b\n',
      ),
  ],
  'type-comment': ['content-type-odd', type('multi(x)part/mixed; boundary=b')],
  'type-blanks': ['content-type-odd', type('multipart / mixed; boundary=b')],
  'type-no-semicolon': ['content-type-odd', type('multipart/mixed boundary=b')],
  'type-comma': ['content-type-odd', type('multipart/mixed, boundary=b')],
  'type-encoded-word': ['content-type-odd', type('=?us-ascii?Q?multipart/mixed?=; boundary=b')],
  'boundaries-two-first': ['boundary-twice', type('multipart/mixed; boundary=b; boundary=c')],
  'boundaries-two-last': ['boundary-twice', type('multipart/mixed; boundary=c; boundary=b')],
  'boundaries-two-both-there': [
    'boundary-twice',
    (p) => typed('multipart/mixed; boundary=c; boundary=b', `--c\n\nx\n${body(p)}--c--\n`),
  ],
  'boundary-and-rfc2231-plain': [
    'boundary-twice',
    type("multipart/mixed; boundary=b; boundary*=us-ascii''c"),
  ],
  'boundary-and-rfc2231-extended': [
    'boundary-twice',
    type("multipart/mixed; boundary=c; boundary*=us-ascii''b"),
  ],
  'boundary-in-pieces': [
    'boundary-twice',
    type('multipart/mixed; boundary=c; boundary*0=b; boundary*1=d', 'bd'),
  ],
  'boundary-rfc2231-alone': ['boundary-odd', type("multipart/mixed; boundary*=us-ascii''%62")],
  'boundary-comment': ['boundary-odd', type('multipart/mixed; boundary=b (x)')],
  'boundary-blank': ['boundary-odd', type('multipart/mixed; boundary=b c')],
  'boundary-single-quotes': ['boundary-odd', type("multipart/mixed; boundary='b'")],
  'boundary-quote-open': ['boundary-odd', type('multipart/mixed; boundary="b; x=y')],
  'boundary-escape': ['boundary-odd', type('multipart/mixed; boundary="a\\b"', 'ab')],
  'boundary-text-behind-quotes': ['boundary-odd', type('multipart/mixed; boundary="b"c', 'bc')],
  'boundary-encoded-word': ['boundary-odd', type('multipart/mixed; boundary="=?us-ascii?Q?b?="')],
  'boundary-folded': ['boundary-odd', type('multipart/mixed; boundary="a\n b"', 'ab')],
  'boundary-none': ['boundary-missing', type('multipart/mixed')],
  'boundary-empty': ['boundary-missing', (p) => mixed(`--\n${evil(p)}\n----\n`, '""')],
  'boundary-on-text': ['boundary-on-leaf', type('text/plain; boundary=b')],
  'boundary-on-image': ['boundary-on-leaf', type('image/png; boundary=b')],
  'line-junk-behind': ['boundary-look-alike', line('--bjunk')],
  'line-zero-behind': ['boundary-look-alike', line('--b<NUL>')],
  'line-other-case': ['boundary-look-alike', line('--B')],
  'line-blank-before': ['boundary-look-alike', line(' --b')],
  'line-one-hyphen-more': ['boundary-look-alike', line('--b-')],
  'line-inside-base64': [
    'boundary-look-alike',
    (p) =>
      mixed(
        `--_\n${entity('Content-Type: application/octet-stream; name=evil.exe\nContent-Transfer-Encoding: base64', `${p.base64Line.slice(0, 20)}\n--_!\n${p.base64Line.slice(20)}`)}\n--_--\n`,
        '_',
      ),
  ],
  'boundary-begins-like-another': [
    'boundary-look-alike',
    (p) =>
      mixed(
        `--b\n${entity('Content-Type: multipart/mixed; boundary=bb', `--bb\n\ntext\n--bb--\n${evil(p)}`)}\n--b--\n`,
      ),
  ],
  'boundary-reused': [
    'boundary-reused',
    (p) => mixed(`--b\n${entity('Content-Type: multipart/mixed; boundary=b', body(p))}--b--\n`),
  ],
  'boundary-reused-two-deep': [
    'boundary-reused',
    (p) =>
      mixed(
        `--b\n${entity('Content-Type: multipart/mixed; boundary=c', `--c\n${entity('Content-Type: multipart/mixed; boundary=b', body(p))}--c--\n`)}--b--\n`,
      ),
  ],
  'inner-not-closed': [
    'multipart-unterminated',
    (p) =>
      mixed(
        `--b\n${entity('Content-Type: multipart/mixed; boundary=c', `--c\n${evil(p)}`)}\n--b\n\nx\n--b--\n`,
      ),
  ],
  'base64-over-line-of-parent': [
    'multipart-unterminated',
    (p) =>
      mixed(
        `--_\n${entity('Content-Type: multipart/mixed; boundary=c', `--c\n${entity('Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64', `${p.base64Line.slice(0, 20)}\n--_\n${p.base64Line.slice(20)}`)}\n--c--`)}\n--_--\n`,
        '_',
      ),
  ],
  'never-closed': ['multipart-unterminated', (p) => mixed(`--b\n${evil(p)}\n`)],
  'behind-the-end': ['part-after-close', (p) => mixed(`--b\n\nx\n--b--\n${body(p)}`)],
  'behind-two-ends': ['part-after-close', (p) => mixed(`--b\n\nx\n--b--\n--b--\n${body(p)}`)],
  'preamble-header': ['parts-in-preamble', (p) => mixed(`${evil(p)}\n--b\n\nx\n--b--\n`)],
  'preamble-uuencode': ['parts-in-preamble', (p) => mixed(`${p.uu}\n--b\n\nx\n--b--\n`)],
  'preamble-other-multipart': ['parts-in-preamble', (p) => mixed(`${body(p, 'c')}--b\n\nx\n--b--\n`)],
  'epilogue-header': ['parts-in-epilogue', (p) => mixed(`--b\n\nx\n--b--\n${evil(p)}\n`)],
  'epilogue-uuencode': ['parts-in-epilogue', (p) => mixed(`--b\n\nx\n--b--\n${p.uu}\n`)],
  'epilogue-other-multipart': ['parts-in-epilogue', (p) => mixed(`--b\n\nx\n--b--\n${body(p, 'c')}`)],
  'header-no-blank-line': ['header-unterminated', (p) => mixed(`--b\nContent-Type: text/plain\n${body(p)}`)],
  'header-line-without-colon': [
    'header-odd-line',
    (p) => mail(`Content-Transfer-Encoding: base64\n${p.base64}`, 'x\n'),
  ],
  'header-odd-line-before': [
    'header-odd-line',
    (p) => mail('odd\nContent-Transfer-Encoding: base64', `${p.base64}\n`),
  ],
  'header-line-of-blanks': [
    'header-odd-line',
    (p) => mail(`Content-Transfer-Encoding: base64\n \n${p.base64}`, 'Content-Type: x\n'),
  ],
  'header-boundary-unfolded': ['header-odd-line', (p) => typed('multipart/mixed;\nboundary=b', body(p))],
  'header-blank-before-colon': [
    'header-odd-name',
    (p) => mail('Content-Transfer-Encoding : base64', `${p.base64}\n`),
  ],
  'header-begins-with-blank': [
    'header-odd-name',
    (p) => ` Content-Transfer-Encoding: base64\nSubject: x\n\n${p.base64}\n`,
  ],
  'zero-in-encoding': ['header-nul', (p) => mail('Content-Transfer-Encoding: ba<NUL>se64', `${p.base64}\n`)],
  'zero-behind-encoding': [
    'header-nul',
    (p) => mail('Content-Transfer-Encoding: base64<NUL>x', `${p.base64}\n`),
  ],
  'zero-in-type': ['header-nul', (p) => typed('multipart/mixed<NUL>; boundary=b', body(p))],
  'cr-ends-header-line': [
    'bare-cr',
    (p) => mail('X: y<CR>Content-Transfer-Encoding: base64', `${p.base64}\n`),
  ],
  'cr-for-blank-line': ['bare-cr', (p) => `Content-Transfer-Encoding: base64\n<CR>${p.base64}\nX: y\n\nz\n`],
  'cr-before-boundary': ['bare-cr', (p) => mixed(`--b\n\ntext<CR>--b\n${evil(p)}\n--b--\n`)],
  'cr-behind-boundary': ['bare-cr', (p) => mixed(`--b\n\ntext\n--b<CR>${evil(p)}\n--b--\n`)],
  'cr-twice-behind-boundary': ['bare-cr', (p) => mixed(`--b\n\ntext\n--b<CR><CR>\n${evil(p)}\n--b--\n`)],
}
