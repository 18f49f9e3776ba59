/** The way into TLS: reading hellos, judging chains, what a leaf says. */
export { longestHello, readClientHello } from './client-hello.ts'
export { canonicalAddress, canonicalHost, isHostName } from './host-name.ts'
export { ja4 } from './ja4.ts'
export { type ChainInput, judgeChain } from './judge-chain.ts'
export { leafRequest, leafRequestForName } from './leaf.ts'
export { parameters } from './parameters.ts'
export { decideTls, type TlsDecision } from './rules.ts'
export type * from './types.ts'
