import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ScanResult } from '../../ports.ts'
import { resultOf } from './answer.ts'

const table: readonly [answer: string, kind: ScanResult['kind']][] = [
  ['stream: OK', 'clean'],
  ['stream: Eicar-Signature FOUND', 'infected'],
  ['stream: Win.Test(a b).UNOFFICIAL FOUND', 'infected'],
  ['stream: Heuristics.Encrypted.Zip FOUND', 'encrypted'],
  ['stream: Heuristics.Encrypted.7Zip FOUND', 'encrypted'],
  ['stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND', 'too-large'],
  ['stream: Heuristics.Limits.Exceeded FOUND', 'too-large'],
  ['INSTREAM size limit exceeded. ERROR', 'too-large'],
  ['stream: Heuristics.Phishing.Email.SpoofedDomain FOUND', 'infected'],
  ['', 'error'],
  ['OK', 'error'],
  ['stream: ok', 'error'],
  ['stream: OK ', 'error'],
  [' stream: OK', 'error'],
  ['stream: OK\n', 'error'],
  ['stream: OK\nstream: Eicar FOUND', 'error'],
  ['stream:  FOUND', 'error'],
  ['stream: FOUND', 'error'],
  ["stream: Can't create temporary file ERROR", 'error'],
  ['instream(127.0.0.1@40000): OK', 'error'],
  ['UNKNOWN COMMAND', 'error'],
  ['PONG', 'error'],
]

test('an answer means what clamd means by it, and what is not understood is an error', () => {
  for (const [answer, kind] of table) assert.equal(resultOf(answer).kind, kind, answer)
})

test('the name of the virus is told, in printable ASCII', () => {
  assert.deepEqual(resultOf('stream: Eicar\x1b[31m\xe9 FOUND'), { kind: 'infected', virus: 'Eicar?[31m?' })
})
