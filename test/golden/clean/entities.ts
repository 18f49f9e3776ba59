/** Entities that many of the mails have: texts, pages, files, and what holds them. */
import { files } from './files.ts'
import { base64, multipart } from './pieces.ts'

export const head = (subject: string): string =>
  `From: ann@example.test\nTo: bob@example.org\nSubject: ${subject}\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n`
export const text = (body: string, more = ''): string =>
  `Content-Type: text/plain; charset="us-ascii"\nContent-Transfer-Encoding: 7bit\n${more}\n${body}`
export const rich = (body: string): string =>
  `Content-Type: text/html; charset="us-ascii"\nContent-Transfer-Encoding: 7bit\n\n${body}`
export const mixed = (
  subject: string,
  boundary: string,
  entities: readonly string[],
  around: Parameters<typeof multipart>[2] = {},
  subtype = 'mixed',
): string =>
  `${head(subject)}Content-Type: multipart/${subtype}; boundary="${boundary}"\n\n${multipart(boundary, entities, around)}`
export const file = (parameters: string, disposition: string, content = files.pdf.content): string =>
  `Content-Type: application/pdf${parameters}\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment${disposition}\n\n${base64(content)}`
