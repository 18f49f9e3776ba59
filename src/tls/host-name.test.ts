import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalAddress, canonicalHost, nameFits } from './host-name.ts'

for (const [name, host, fits] of [
  ['mail.example.net', 'mail.example.net', true],
  ['MAIL.Example.net', 'mail.example.net', true],
  ['mail.example.net', 'pop.example.net', false],
  ['*.example.net', 'mail.example.net', true],
  ['*.example.net', 'example.net', false],
  ['*.example.net', 'a.mail.example.net', false],
  ['*.com', 'example.com', false],
  ['*', 'localhost', false],
  ['*.net', 'net', false],
  ['ma*.example.net', 'mail.example.net', false],
  ['*il.example.net', 'mail.example.net', false],
  ['mail.*.net', 'mail.example.net', false],
  ['*.*.net', 'mail.example.net', false],
  ['mail.example.net\0.evil', 'mail.example.net', false],
  ['xn--*.example.net', 'xn--a.example.net', false],
  ['*.example.net', 'localhost', false],
] as const)
  test(`${JSON.stringify(name)} in a certificate ${fits ? 'fits' : 'does not fit'} ${host}`, () => {
    assert.equal(nameFits(name, host), fits)
  })

for (const [text, address] of [
  ['127.0.0.1', '127.0.0.1'],
  ['256.0.0.1', undefined],
  ['127.1', undefined],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['FE80::00a', 'fe80::a'],
  ['::1::', undefined],
  ['mail.example', undefined],
  ['a:b:zz', undefined],
] as const)
  test(`${text} is ${address === undefined ? 'no address' : `the address ${address}`}`, () => {
    assert.equal(canonicalAddress(text), address)
  })

for (const [text, host] of [
  ['Mail.Example.', 'mail.example'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['a b', undefined],
  ['', undefined],
  ['10.0.0.1', undefined],
  ['a/b', undefined],
  ['ü ü', undefined],
] as const)
  test(`${JSON.stringify(text)} as a host is ${host ?? 'refused'}`, () => {
    assert.equal(canonicalHost(text), host)
  })
