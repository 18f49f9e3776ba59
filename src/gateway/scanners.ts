/** Tells which scanners a proxy action asks, and what each of them is given. */
import type { ProxyAction } from '../config/index.ts'
import type { Scanners } from '../inspect/index.ts'
import type { Scanner } from '../ports.ts'

/** The embedded scanner opens nothing, so it is given what was opened; others get the message as it is. */
export function scannersOf({ content }: ProxyAction, all: ReadonlyMap<string, Scanner>): Scanners {
  const asked = content.antivirus.scanners.flatMap((name) => all.get(name) ?? [])
  return {
    ofParts: asked.filter(({ name }) => name === 'embedded'),
    ofMessages: asked.filter(({ name }) => name !== 'embedded'),
  }
}
