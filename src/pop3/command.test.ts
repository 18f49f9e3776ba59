import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latin1, octets } from '../bytes/index.ts'
import { longestCommand, readCommand } from './command.ts'

function read(line: string): string {
  const found = readCommand(octets(line))
  if (found.kind === 'bad') return `bad: ${found.says}`
  const { verb, reply, numbers, wire } = found.command
  return [verb, reply, ...numbers, JSON.stringify(latin1(wire).slice(0, -2))].join(' ')
}

const cases: readonly [line: string, reading: string][] = [
  ['USER joe', 'USER line "USER joe"'],
  ['user Joe', 'USER line "USER Joe"'],
  ['PASS  two  spaces ', 'PASS line "PASS  two  spaces "'],
  ['PASS s\xe9cret', 'PASS line "PASS s\xe9cret"'],
  ['PASS', 'bad: PASS needs an argument'],
  ['APOP joe c4c9', 'APOP line "APOP joe c4c9"'],
  ['AUTH', 'AUTH sasl "AUTH"'],
  ['auth plain =', 'AUTH sasl "AUTH plain ="'],
  ['CAPA', 'CAPA capabilities "CAPA"'],
  ['capa  ', 'CAPA capabilities "CAPA"'],
  ['CAPA x', 'bad: CAPA takes no argument'],
  ['STLS x', 'bad: STLS takes no argument'],
  ['LIST', 'LIST listing "LIST"'],
  ['LIST  ', 'LIST listing "LIST"'],
  ['LIST 1', 'LIST line 1 "LIST 1"'],
  ['UIDL 007 ', 'UIDL line 7 "UIDL 7"'],
  ['UIDL x', 'bad: UIDL needs a number'],
  ['UIDL \t', 'bad: UIDL needs a number'],
  ['LANG', 'LANG listing "LANG"'],
  ['LANG de', 'LANG line "LANG de"'],
  ['RETR 12', 'RETR message 12 "RETR 12"'],
  ['RETR  12 ', 'RETR message 12 "RETR 12"'],
  ['RETR', 'bad: RETR needs a number'],
  ['RETR 1 2', 'bad: RETR needs a number'],
  ['RETR 12345678901', 'bad: RETR needs a number'],
  ['TOP 1 10', 'TOP message 1 10 "TOP 1 10"'],
  ['TOP 1', 'bad: TOP needs two numbers'],
  ['TOP 1 -1', 'bad: TOP needs two numbers'],
  ['DELE 1', 'DELE line 1 "DELE 1"'],
  ['QUIT', 'QUIT line "QUIT"'],
  ['xyzzy', 'OTHER line "XYZZY"'],
  ['XYZZY  a  b ', 'OTHER line "XYZZY a  b"'],
  ['constructor', 'OTHER line "CONSTRUCTOR"'],
  ['XCLIENT ADDR=1', 'bad: XCLIENT is not for clients'],
  ['', 'bad: unknown command'],
  [' QUIT', 'bad: unknown command'],
  ['QU\tIT', 'bad: unknown command'],
  ['QU\xcfT', 'bad: unknown command'],
  ['X'.repeat(33), 'bad: unknown command'],
]
for (const [line, reading] of cases)
  test(JSON.stringify(line.slice(0, 20)), () => assert.equal(read(line), reading))

test('a command has 255 octets at most, its CRLF among them; AUTH has not', () => {
  const longest = `USER ${'x'.repeat(longestCommand - 7)}`
  assert.match(read(longest), /^USER line/)
  assert.equal(read(`${longest}x`), 'bad: command too long')
  assert.match(read(`AUTH XOAUTH2 ${'x'.repeat(20_000)}`), /^AUTH sasl/)
})
