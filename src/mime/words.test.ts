import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeText } from './words.ts'

/** As it stands in a field: one character for each octet. */
const raw = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

for (const [text, readable] of [
  ['plain', 'plain'],
  [' a\r\n b\r\n\tc\r\n', 'a b\tc'],
  ['=?utf-8?Q?H=C3=A4llo_you?=', 'Hällo you'],
  ['=?UTF-8?b?SMOkbGxv?=', 'Hällo'],
  ['=?iso-8859-1?q?H=E4llo?= there', 'Hällo there'],
  ['=?utf-8?Q?one?= =?utf-8?Q?two?=', 'onetwo'],
  ['=?utf-8?Q?one?=\r\n =?iso-8859-1?Q?=E4?=', 'oneä'],
  ['=?utf-8?Q?H=C3?= =?utf-8?Q?=A4?=', 'Hä'],
  ['=?utf-8?B?SMM=?= =?utf-8?B?pA==?=', 'Hä'],
  ['a =?utf-8?Q?b?= c', 'a b c'],
  ['"=?utf-8?Q?in_quotes?="', '"in quotes"'],
  ['=?utf-8*de?Q?L=C3=A4nge?=', 'Länge'],
  ['=?utf-7?Q?a+AC4-exe?=', 'a.exe'],
  ['=?x-none?Q?=C3=A4?=', 'ä'],
  ['=?windows-1252?Q?=80?=', '€'],
  ['=?utf-8?X?a?=', '=?utf-8?X?a?='],
  ['=?utf-8?Q?broken', '=?utf-8?Q?broken'],
  [raw('größer'), 'größer'],
  ['gr\xf6\xdfer', 'größer'],
] as const)
  test(`${JSON.stringify(text)} reads ${readable}`, () => {
    assert.equal(decodeText(text), readable)
  })

test('many encoded words take no more than linear time', () => {
  const started = process.cpuUsage()
  decodeText('=?utf-8?Q?a?= =?x?B?'.repeat(50_000))
  decodeText('=?'.repeat(500_000))
  const { user, system } = process.cpuUsage(started)
  assert.ok(user + system < 2_000_000)
})
