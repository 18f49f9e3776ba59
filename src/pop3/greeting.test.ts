import assert from 'node:assert/strict'
import { test } from 'node:test'
import { latin1 } from '../bytes/index.ts'
import { clientGreeting } from './greeting.ts'

const STAMP = '<1896.697170952@dbc.mtview.ca.us>'
const cases: readonly [text: string, open: string, hidden: string][] = [
  ['Dovecot ready.', 'Dovecot ready.', 'POP3 ready'],
  ['', 'POP3 ready', 'POP3 ready'],
  [`POP3 ${STAMP} ready`, `POP3 ${STAMP} ready`, `POP3 ready ${STAMP}`],
  ['a <b> <@> <c@d e>', 'a <b> <@> <c@d e>', 'POP3 ready'],
  ['[XCLIENT] Dovecot ready.', 'Dovecot ready.', 'POP3 ready'],
  ['Dovecot [xclient]', 'Dovecot', 'POP3 ready'],
  ['[XCLIENT]', 'POP3 ready', 'POP3 ready'],
]
for (const [text, open, hidden] of cases)
  test(JSON.stringify(text), () => {
    assert.equal(latin1(clientGreeting(text, false)), `+OK ${open}\r\n`)
    assert.equal(latin1(clientGreeting(text, true)), `+OK ${hidden}\r\n`)
  })
