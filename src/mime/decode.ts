/** One door to all decoders. */
import { base64Decoder } from './base64.ts'
import { binhexDecoder } from './binhex.ts'
import { quotedPrintableDecoder } from './quoted-printable.ts'
import type { Decoder, Encoding, Natives } from './types.ts'
import { uuDecoder } from './uuencode.ts'
import { yencDecoder } from './yenc.ts'

/**
 * A decoder for the body octets of one part, at any chunking.
 *
 * @param natives what the rim does faster
 * @param alternative one of `Decoded.alternatives` of an earlier run over the same octets
 */
export function createDecoder(encoding: Encoding, natives: Natives = {}, alternative?: string): Decoder {
  switch (encoding) {
    case '7bit':
    case '8bit':
    case 'binary':
    case 'unknown':
      return identity
    case 'base64':
      return base64Decoder(natives, alternative)
    case 'quoted-printable':
      return quotedPrintableDecoder(alternative)
    case 'uuencode':
      return uuDecoder(alternative)
    case 'yenc':
      return yencDecoder()
    case 'binhex':
      return binhexDecoder(alternative)
  }
}

const identity: Decoder = {
  push: (octets) => octets,
  finish: () => ({ octets: new Uint8Array(0), ambiguities: [], alternatives: [] }),
}
