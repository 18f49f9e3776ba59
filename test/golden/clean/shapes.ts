/** What people send, written by each of the agents: every shape that every agent can write. */
import { type Agent, agents } from './agents.ts'
import { type Attachment, files } from './files.ts'
import { base64, type Draft, encoded, multipart, utf8, wordB, wordQ } from './pieces.ts'

interface Shape {
  readonly name: string
  readonly subject: string
  /** The body with its Content-* lines, as it stands behind the headers of the mail. */
  readonly entity: (agent: Agent, at: number) => string
}

const plain = 'Hello Bob,\n\nthe figures are in. See you on Tuesday.\n\n-- \nAnn Example\nExample Ltd.\n'
const umlauts = 'Grüße aus Österreich: 5 € für alle.\n\nViele Grüße\n-- \nAnn\n'
const quoted = `Yes.\n\n-----Original Message-----\nFrom: Bob <bob@example.test>\nSent: Monday\nTo: Ann\nSubject: Hello\n\n> begin 644 is how it starts\n> -- \n> Bob\n\n________________________________\nFrom: Carl\n\n--- Bob wrote:\n--\n---------- Forwarded message ---------\nFrom: Dora <dora@example.test>\n`
const html = (body: string): string =>
  `<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n</head>\n<body>\n<p>${body}</p>\n</body>\n</html>\n`

/** Alternates ASCII and foreign names over the agents, so that each shape meets both. */
const nameOf = (file: Attachment, at: number): string => (at % 2 === 0 ? file.name : file.foreignName)

function inCharset(text: string, charset: string): string {
  const name = charset.toLowerCase()
  if (name === 'utf-8' || name === 'utf8') return utf8(text)
  const simple = text.replaceAll('€', 'EUR')
  return name.startsWith('iso-8859-1') || name === 'windows-1252'
    ? simple
    : simple.replaceAll(/[^\n -~]/g, (char) => char.normalize('NFD').replaceAll(/[^ -~]/g, ''))
}

function cased(text: string, { casing }: Agent): string {
  return casing === 'upper' ? text.toUpperCase() : casing === 'lower' ? text.toLowerCase() : text
}

function text(agent: Agent, type: 'text/plain' | 'text/html', body: string): string {
  const { charset, encoding, parameter, base64Width } = agent
  const octets = inCharset(body, charset)
  const plain = encoding === '7bit' || encoding === '8bit'
  const used = !plain ? encoding : /[^\n\t -~]/.test(octets) ? '8bit' : '7bit'
  const content = encoded(octets, used, used === 'base64' ? base64Width : undefined)
  const [kind, detail = ''] = type.split('/')
  const label = used === 'base64' ? cased('base64', agent) : used
  return `Content-Type: ${cased(kind ?? '', agent)}/${cased(detail, agent)}${parameter('charset', charset)}\nContent-Transfer-Encoding: ${label}\n\n${content}`
}

function file(agent: Agent, attachment: Attachment, name: string, contentId?: string): string {
  const [typeName, dispositionName] = agent.fileName(name)
  const lines = {
    type: `Content-Type: ${cased(attachment.type, agent)}${typeName}\n`,
    encoding: `Content-Transfer-Encoding: ${cased('base64', agent)}\n`,
    disposition: `Content-Disposition: ${contentId === undefined ? 'attachment' : 'inline'}${dispositionName}\n`,
    id: contentId === undefined ? '' : `Content-ID: <${contentId}>\n`,
    description: `Content-Description: ${/^[ -~]*$/.test(name) ? name : wordQ(name)}\n`,
  }
  const content = base64(attachment.content, agent.base64Width).replace(/\n$/, '')
  return `${agent.order.map((line) => lines[line]).join('')}\n${content}`
}

class Nest {
  readonly #agent: Agent
  #count = 0

  constructor(agent: Agent) {
    this.#agent = agent
  }

  /** @param more parameters of the type */
  of(subtype: string, more: readonly (readonly [string, string])[], make: () => readonly string[]): string {
    const { boundary, parameter, preamble, gap, behind } = this.#agent
    this.#count += 1
    const outermost = this.#count === 1
    const own = boundary(this.#count)
    const parameters = [...more, ['boundary', own] as const].map(([name, value]) => parameter(name, value))
    const body = multipart(own, make(), {
      ...{ preamble: outermost ? preamble : '', gap },
      behind: outermost ? behind : gap === '' ? '\n' : '\n',
    })
    const trimmed = outermost ? body : body.replace(/\n$/, '')
    return `Content-Type: ${cased('multipart', this.#agent)}/${cased(subtype, this.#agent)}${parameters.join('')}\n\n${trimmed}`
  }
}

function both(agent: Agent, nest: Nest, body = umlauts): string {
  return nest.of('alternative', [], () => [
    text(agent, 'text/plain', body),
    text(agent, 'text/html', html(body)),
  ])
}

function withPicture(agent: Agent, nest: Nest, at: number): string {
  const id = `ii_m3abc${at}@example.test`
  const picture = () => file(agent, at % 3 === 0 ? files.gif : files.png, files.png.name, id)
  const page = html(`A picture: <img src="cid:${id}" alt="it">`)
  if (agent.related === 'outside')
    return nest.of('related', [['type', 'multipart/alternative']], () => [
      nest.of('alternative', [], () => [
        text(agent, 'text/plain', '[image: it]\n'),
        text(agent, 'text/html', page),
      ]),
      picture(),
    ])
  return nest.of('alternative', [], () => [
    text(agent, 'text/plain', '[image: it]\n'),
    nest.of('related', [['type', 'text/html']], () => [text(agent, 'text/html', page), picture()]),
  ])
}

/** A whole mail by another agent, as an attachment. */
function forwarded(agent: Agent, at: number, inner: string): string {
  const { parameter } = agent
  const name = at % 3 === 0 ? '' : `${parameter('name', 'Hello Bob.eml')}`
  const disposition =
    at % 3 === 1 ? `Content-Disposition: attachment${parameter('filename', 'Hello Bob.eml')}\n` : ''
  return `Content-Type: message/rfc822${name}\n${disposition}\n${inner}`
}

export function written(agent: Agent, at: number, { subject, entity }: Shape): string {
  return `${agent.head(subject)}${entity(agent, at)}`
}

const note: Shape = { name: 'note', subject: 'Hello', entity: (agent) => text(agent, 'text/plain', plain) }
const letter: Shape = {
  name: 'letter',
  subject: wordQ('Grüße'),
  entity: (agent) => both(agent, new Nest(agent)),
}
const neighbour = (at: number): Agent | undefined => agents[(at + 5) % agents.length]

export const shapes: readonly Shape[] = [
  note,
  letter,
  {
    name: 'page',
    subject: wordB('Seite — “eins”'),
    entity: (agent) => text(agent, 'text/html', html(umlauts)),
  },
  { name: 'reply', subject: 'Re: Hello', entity: (agent) => both(agent, new Nest(agent), quoted) },
  { name: 'picture', subject: 'Picture', entity: (agent, at) => withPicture(agent, new Nest(agent), at) },
  {
    name: 'invoice',
    subject: 'Invoice',
    entity: (agent, at) => {
      const nest = new Nest(agent)
      return nest.of('mixed', [], () => [both(agent, nest), file(agent, files.pdf, nameOf(files.pdf, at))])
    },
  },
  {
    name: 'papers',
    subject: `${wordB('Unterlagen für')}\n ${wordB(' Dienstag')}`,
    entity: (agent, at) => {
      const nest = new Nest(agent)
      return nest.of('mixed', [], () => [
        text(agent, 'text/plain', plain),
        ...[files.docx, files.xlsx, files.pptx, files.odt, files.doc].map((each) =>
          file(agent, each, nameOf(each, at + 1)),
        ),
        text(agent, 'text/plain', '\n\nSent from a phone\n'),
      ])
    },
  },
  {
    name: 'empty-with-files',
    subject: '',
    entity: (agent, at) => {
      const nest = new Nest(agent)
      return nest.of('mixed', [], () => [
        text(agent, 'text/plain', ''),
        ...[files.csv, files.vcf, files.zip, files.jpeg, files.mp3, files.txt].map((each) =>
          file(agent, each, nameOf(each, at)),
        ),
      ])
    },
  },
  {
    name: 'everything',
    subject: 'All',
    entity: (agent, at) => {
      const nest = new Nest(agent)
      return nest.of('mixed', [], () => [
        withPicture(agent, nest, at),
        file(agent, files.pdf, nameOf(files.pdf, at)),
        file(agent, files.gz, nameOf(files.gz, at + 1)),
      ])
    },
  },
  {
    name: 'forward',
    subject: 'Fwd: Hello',
    entity: (agent, at) => {
      const nest = new Nest(agent)
      const other = neighbour(at) ?? agent
      return nest.of('mixed', [], () => [
        text(agent, 'text/plain', 'See below.\n'),
        forwarded(agent, at, written(other, at, at % 2 === 0 ? letter : note)),
      ])
    },
  },
  {
    name: 'forward-twice',
    subject: 'Fwd: Fwd: Hello',
    entity: (agent, at) => {
      const [nest, second] = [new Nest(agent), neighbour(at) ?? agent]
      const innermost = written(neighbour(at + 7) ?? agent, at, letter)
      const inner: Shape = {
        ...{ name: '', subject: 'Fwd: Hello' },
        entity: (other) => {
          const deeper = new Nest(other)
          return deeper.of('mixed', [], () => [both(other, deeper), forwarded(other, at + 1, innermost)])
        },
      }
      return nest.of('mixed', [], () => [both(agent, nest), forwarded(agent, at, written(second, at, inner))])
    },
  },
]

export const everyShapeByEveryAgent = (): Draft[] =>
  agents.flatMap((agent, at) =>
    shapes.map((shape): Draft => [`${agent.name}: ${shape.name}`, written(agent, at, shape)]),
  )
