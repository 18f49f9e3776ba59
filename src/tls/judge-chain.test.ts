import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entry, intermediate, root } from '../../test/chains/samples.ts'
import { type CertificateFault, type ChainEntry, type ChainInput, judgeChain } from './index.ts'

const good = [entry(), intermediate(), root()]
const judge = (chain: readonly ChainEntry[], change: Partial<ChainInput> = {}) =>
  judgeChain({
    ...{ chain, host: 'mail.example.net', stackError: undefined, now: Date.UTC(2026, 10, 24) },
    ...{ forbiddenKeyIds: new Set(['own']), ...change },
  })
const leaf = (change: Partial<ChainEntry>) => [entry(change), intermediate(), root()]
const inter = (change: Partial<ChainEntry>) => [entry(), intermediate(change), root()]
const top = (change: Partial<ChainEntry>) => [entry(), intermediate(), root(change)]
const constrained = (permitted: string[], excluded: string[], dnsNames = ['mail.example.net']) => [
  ...[entry({ dnsNames }), intermediate({ nameConstraints: { permitted, excluded } }), root()],
]
const past = Date.UTC(2026, 9, 1)
const future = Date.UTC(2026, 11, 1)
const rsa = (bits: number) => ({ key: { type: 'rsa', bits } as const })

const sound: readonly [string, readonly ChainEntry[], Partial<ChainInput>?][] = [
  ['a good chain', good],
  ['a chain whose root is not known', good.slice(0, 2)],
  ['a root signed with SHA-1', top({ signatureHash: 'sha1' })],
  ['a version 1 root', top({ version: 1, basicConstraints: undefined, keyUsage: undefined })],
  ['a root with another extended key usage', top({ extendedKeyUsage: ['1.2.3'] })],
  ['a leaf without key usages', leaf({ keyUsage: undefined, extendedKeyUsage: undefined })],
  ['an Ed25519 leaf', leaf({ key: { type: 'ed25519', bits: 256 }, signatureHash: 'none' })],
  ['an Ed448 leaf', leaf({ key: { type: 'ed448', bits: 456 } })],
  ['RSA of 2048 bits', leaf(rsa(2048))],
  ['a path length that is just enough', top({ basicConstraints: { ca: true, pathLength: 1 } })],
  ['a host in other letters', good, { host: 'MAIL.Example.NET.' }],
  ['a wildcard', leaf({ dnsNames: ['*.example.net'] })],
  ['an odd wildcard beside the right name', leaf({ dnsNames: ['m*.example.net', 'mail.example.net'] })],
  ['an address', leaf({ ipAddresses: ['::0:1'] }), { host: '::1' }],
  ['an international name', leaf({ dnsNames: ['xn--bcher-kva.example'] }), { host: 'bücher.example' }],
  ['a permitted name', constrained(['example.net'], ['evil.net'])],
  ['a name permitted with a leading dot', constrained(['.example.net'], [])],
  ['a name permitted as everything', constrained([''], [])],
  ['a wildcard in a permitted tree', constrained(['example.net'], ['x.example.org'], ['*.example.net'])],
]

for (const [what, chain, change] of sound)
  test(`${what} is good`, () => {
    assert.deepEqual(judge(chain, change), [])
  })

type Kind = CertificateFault['fault']
const unsound: readonly [string, readonly ChainEntry[], Kind, RegExp, Partial<ChainInput>?][] = [
  ['no chain', [], 'untrusted', /^server showed no certificate$/],
  ['an expired leaf', leaf({ notAfter: past }), 'expired', /^certificate expired on 2026-10-01$/],
  ['an expired intermediate', inter({ notAfter: past }), 'expired', /^intermediate .* 2026-10-01$/],
  ['an expired root', top({ notAfter: past }), 'expired', /^root certificate expired on 2026-10-01$/],
  ['a leaf of the future', leaf({ notBefore: future }), 'notYetValid', /not valid before 2026-12-01$/],
  ['an intermediate of the future', inter({ notBefore: future }), 'notYetValid', /^intermediate/],
  ['a root of the future', top({ notBefore: future }), 'notYetValid', /^root/],
  ['a date beyond dates', leaf({ notAfter: Number.NEGATIVE_INFINITY }), 'expired', /unreadable date/],
  [
    ...(['another name', good, 'nameMismatch'] as const),
    ...([/^certificate is for mail.example.net, not pop.example$/, { host: 'pop.example' }] as const),
  ],
  [
    'many names',
    leaf({ dnsNames: ['a.b', 'c.d', 'e.f'] }),
    'nameMismatch',
    /for a.b and c.d and others, not mail/,
  ],
  [
    'no names',
    leaf({ dnsNames: [] }),
    'nameMismatch',
    /^certificate names no host \(no alternative names\), not/,
  ],
  ['a URI only', leaf({ dnsNames: [], otherNames: ['uri'] }), 'nameMismatch', /only uri names/],
  ['a host that is none', good, 'nameMismatch', /not a\?b$/, { host: 'a\0b' }],
  [
    'a wildcard inside a label',
    leaf({ dnsNames: ['ma*.example.net'] }),
    'nameMismatch',
    /ma\*\.example\.net/,
  ],
  [
    'a wildcard over a top level',
    leaf({ dnsNames: ['*.net'] }),
    'nameMismatch',
    /\*\.net/,
    { host: 'a.net' },
  ],
  [
    'an address as DNS name',
    leaf({ dnsNames: ['127.0.0.1'] }),
    'nameMismatch',
    /not 127/,
    { host: '127.0.0.1' },
  ],
  [
    'a name for an address',
    leaf({ ipAddresses: ['127.0.0.1'], dnsNames: [] }),
    'nameMismatch',
    /for 127.0.0.1, not/,
  ],
  [
    'a NUL in a name',
    leaf({ dnsNames: ['mail.example.net\0.evil', 'mail.example.net'] }),
    'malformed',
    /net\?\.evil/,
  ],
  [
    'quotes in a name',
    leaf({ dnsNames: ['mail.example.net', 'a", DNS:"b'] }),
    'malformed',
    /malformed name: a", DNS/,
  ],
  ['an empty name', leaf({ dnsNames: ['', 'mail.example.net'] }), 'malformed', /malformed name/],
  ['a CA as leaf', leaf({ basicConstraints: { ca: true } }), 'malformed', /is an authority/],
  ['keyCertSign in the leaf', leaf({ keyUsage: ['keyCertSign'] }), 'malformed', /keyCertSign/],
  [
    'constraints in the leaf',
    leaf({ nameConstraints: { permitted: [], excluded: [] } }),
    'malformed',
    /constraints/,
  ],
  ['RSA-1024 in the leaf', leaf(rsa(1024)), 'weak', /^certificate has a weak key \(RSA, 1024 bits\)$/],
  ['RSA-1024 in the root', top(rsa(1024)), 'weak', /^root certificate has a weak key/],
  ['P-192', leaf({ key: { type: 'ec', bits: 192, curve: 'prime192v1' } }), 'weak', /curve prime192v1/],
  ['a nameless curve', leaf({ key: { type: 'ec', bits: 256 } }), 'weak', /curve unnamed/],
  [
    'DSA',
    inter({ key: { type: 'dsa', bits: 2048 } }),
    'weak',
    /^intermediate certificate has a weak key \(DSA\)/,
  ],
  ['an unknown key', leaf({ key: { type: 'other', bits: 0 } }), 'weak', /unknown kind/],
  [
    'SHA-1 in the leaf',
    leaf({ signatureHash: 'sha1' }),
    'weak',
    /^certificate has a weak signature \(sha1\)/,
  ],
  ['MD5 in an intermediate', inter({ signatureHash: 'md5' }), 'weak', /^intermediate .* \(md5\)/],
  [
    'an intermediate without basicConstraints',
    inter({ basicConstraints: undefined }),
    'brokenChain',
    /no authority/,
  ],
  [
    'an intermediate that is no CA',
    inter({ basicConstraints: { ca: false } }),
    'brokenChain',
    /no authority/,
  ],
  [
    'a version 1 intermediate',
    inter({ version: 1, basicConstraints: undefined }),
    'brokenChain',
    /version 1/,
  ],
  [
    'a root that is no CA',
    top({ basicConstraints: { ca: false } }),
    'brokenChain',
    /^root certificate is no auth/,
  ],
  ['keyCertSign missing', inter({ keyUsage: ['cRLSign'] }), 'brokenChain', /keyCertSign missing/],
  [
    ...(['a path too long', top({ basicConstraints: { ca: true, pathLength: 0 } }), 'brokenChain'] as const),
    /allows 0 authorities below it, the chain has 1/,
  ],
  [
    'another purpose',
    leaf({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'] }),
    'brokenChain',
    /not meant for servers/,
  ],
  [
    'another purpose above',
    inter({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'] }),
    'brokenChain',
    /^intermediate/,
  ],
  [
    'a critical extension',
    leaf({ unknownCritical: ['1.2.3', '1.2.4'] }),
    'malformed',
    /critical extension 1\.2\.3$/,
  ],
  ['a flaw', inter({ flaws: ['an extension twice'] }), 'malformed', /malformed: an extension twice$/],
  [
    'a name outside the permitted',
    constrained(['example.org'], []),
    'brokenChain',
    /may not vouch for mail.example/,
  ],
  ['an excluded name', constrained([], ['Example.net']), 'brokenChain', /name constraints/],
  ['a name excluded with a dot', constrained([], ['.example.net']), 'brokenChain', /name constraints/],
  ['everything excluded', constrained([], ['']), 'brokenChain', /name constraints/],
  [
    ...(['a wildcard over an excluded name', constrained([], ['x.example.net'], ['*.example.net'])] as const),
    ...(['brokenChain', /vouch for \*\.example\.net/] as const),
  ],
  [
    ...([
      'a wildcard wider than the permitted',
      constrained(['mail.example.net'], [], ['*.example.net']),
    ] as const),
    ...(['brokenChain', /name constraints/] as const),
  ],
  ['a name just short of the base', constrained(['ail.example.net'], []), 'brokenChain', /name constraints/],
  [
    'a constraint that is no name',
    constrained(['*.example.net'], []),
    'malformed',
    /name constraint: \*\.example/,
  ],
  ['our own key', [entry(), intermediate({ keyId: 'own' }), root()], 'ownAuthority', /proxy authority/],
]

for (const [what, chain, fault, text, change] of unsound)
  test(`${what} is a fault`, () => {
    const faults = judge(chain, change)
    const found = faults.filter((one) => one.fault === fault && text.test(one.text))
    assert.equal(found.length, 1, JSON.stringify(faults))
    for (const one of faults) assert.match(one.text, /^[\x20-\x7e]{1,160}$/)
  })

const spoken: readonly [string, readonly ChainEntry[], string, Kind, RegExp][] = [
  [
    'self-signed',
    [root({ dnsNames: ['mail.example.net'] })],
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'untrusted',
    /self-signed/,
  ],
  ['unknown root', good, 'SELF_SIGNED_CERT_IN_CHAIN', 'untrusted', /it ends in CN=Root/],
  ['missing', [entry()], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'untrusted', /issuer CN=Inter is unknown/],
  ['bad signature', good, 'CERT_SIGNATURE_FAILURE', 'brokenChain', /signature .* is wrong/],
  ['no word of ours', good, 'UNSPECIFIED', 'brokenChain', /refused \(UNSPECIFIED\)/],
  ['expired in a copy we did not see', good, 'CERT_HAS_EXPIRED', 'expired', /refused \(CERT_HAS_EXPIRED\)/],
]
for (const [what, chain, stackError, fault, text] of spoken)
  test(`the stack's own error is told: ${what}`, () => {
    const faults = judge(chain, { stackError })
    assert.ok(
      faults.some((one) => one.fault === fault && text.test(one.text)),
      JSON.stringify(faults),
    )
  })

test('what the judge says better is not said twice', () => {
  const texts = (chain: readonly ChainEntry[], stackError: string) => judge(chain, { stackError }).length
  assert.equal(texts(leaf({ notAfter: past }), 'CERT_HAS_EXPIRED'), 1)
  assert.equal(texts(inter({ basicConstraints: { ca: false } }), 'INVALID_CA'), 1)
  assert.equal(texts(leaf({ unknownCritical: ['1.2.3'] }), 'UNSPECIFIED'), 1)
})
test('a mild fault does not hide what the stack says', () => {
  const faults = judge(leaf({ notAfter: past }), { stackError: 'CERT_SIGNATURE_FAILURE' })
  assert.deepEqual(
    faults.map(({ fault }) => fault),
    ['expired', 'brokenChain'],
  )
})
test('a leaf that is trusted itself does not escape judgement', () => {
  assert.match(judge([root({ dnsNames: ['mail.example.net'] })])[0]?.text ?? '', /authority/)
})
test('a long name is cut to fit a reply line', () => {
  const faults = judge(leaf({ dnsNames: [`${'a'.repeat(63)}.${'b'.repeat(63)}`, `${'c'.repeat(63)}.net`] }))
  assert.ok(faults.every(({ text }) => text.length <= 160))
})
