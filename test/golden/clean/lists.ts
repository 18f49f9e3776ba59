/** Mailing lists, digests, and structure that is odd but legal. */
import { file, head, mixed, rich, text } from './entities.ts'
import { files } from './files.ts'
import { base64, type Draft, multipart, percent, wordB, wordQ } from './pieces.ts'

const post = (at: number): string =>
  `Date: Tue, 24 Nov 2026 1${at}:00:00 +0000\nFrom: ann@example.test\nTo: list@example.test\nSubject: Post ${at}\nMessage-ID: <${at}@example.test>\nContent-Type: text/plain; charset=us-ascii\n\nPost ${at}\n\n-- \nAnn\n`
const posts = [1, 2, 3].map(post)
const footer =
  '_______________________________________________\nlist mailing list\nlist@example.test\nhttps://example.test/list\n'
function lists(): Draft[] {
  const digest = multipart(
    '===============11==',
    posts.map((each) => `\n${each}`),
  )
  return [
    [
      'digest',
      `${head('Digest')}Content-Type: multipart/digest; boundary="===============11=="\n\n${digest}`,
    ],
    [
      'digest, types given',
      mixed(
        'Digest',
        '__--__',
        posts.map((each) => `Content-Type: message/rfc822\n\n${each}`),
        {},
        'digest',
      ),
    ],
    [
      'digest of Mailman',
      mixed('list Digest, Vol 1, Issue 2', '===============10==', [
        text(
          'Send list mailing list submissions to\n\tlist@example.test\n',
          'Content-Description: list Digest, Vol 1, Issue 2\n',
        ),
        text("Today's Topics:\n\n   1. Post 1 (Ann)\n", "Content-Description: Today's Topics (3 messages)\n"),
        `Content-Type: multipart/digest; boundary="===============11=="\nMIME-Version: 1.0\n\n${multipart(
          '===============11==',
          posts.map((each) => `Content-Type: message/rfc822\nMIME-Version: 1.0\n\n${each}`),
          { behind: '' },
        )}`,
        text(footer, 'Content-Description: Digest Footer\n'),
      ]),
    ],
    [
      'digest, plain',
      `${head('Digest')}Content-Type: text/plain; charset="us-ascii"\n\nMessage: 1\n${posts.join('\n------------------------------\n\n')}\n------------------------------\n\nEnd of Digest\n**************\n`,
    ],
    ['footer behind it all', `${mixed('List', '=-list', [text('Hello'), rich('<p>')])}\n${footer}`],
    [
      'footer behind it all, dashes',
      `${mixed('List', '=-list2', [text('Hello'), rich('<p>')])}\n-- \nfooter\n--\n---------------------------------------------------------------------\nTo unsubscribe, e-mail: x@example.test\n`,
    ],
    [
      'footer as a part',
      mixed('List', '===============12==', [
        `Content-Type: multipart/alternative; boundary="=-alt"\n\n${multipart('=-alt', [text('Hello'), rich('<p>')], { behind: '' })}`,
        text(footer, 'Content-Disposition: inline\n'),
      ]),
    ],
    [
      'footer in a signed mail',
      mixed('List', '===============13==', [
        `Content-Type: multipart/signed; micalg=pgp-sha512; protocol="application/pgp-signature"; boundary="sig"\n\n${multipart('sig', [text('Hello\n'), 'Content-Type: application/pgp-signature; name="signature.asc"\n\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\n'], { gap: '\n' })}`,
        text(footer),
      ]),
    ],
    [
      'Listserv',
      `Received: from x\n${head('List')}Content-Type: text/plain; charset=us-ascii\nReply-To: list <LIST@EXAMPLE.TEST>\n\nHello\n\n########################################################################\n\nTo unsubscribe from the LIST list, click the following link\n`,
    ],
    [
      'forward in the text',
      `${head('Fwd')}Content-Type: text/plain; charset=utf-8\n\n---------- Forwarded message ---------\nFrom: Ann <ann@example.test>\nDate: Tue, 24 Nov 2026\nSubject: Hello\nTo: Bob\n\nHello\n\n-------- Original Message --------\nMessage-ID: <1@x>\nMIME-Version: 1.0\n\nText\n`,
    ],
    [
      'headers pasted into the text',
      `${head('Headers')}Content-Type: text/plain; charset=utf-8\n\nReceived: from a by b\nMIME-Version: 1.0\nSubject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 7bit\n\nHello\n`,
    ],
  ]
}

function structure(): Draft[] {
  const legal = [
    "'()+_,-./:=?0",
    'a b c',
    'x'.repeat(70),
    '0',
    'gc0p4Jq0M2Yt08jU534c0p',
    '=_',
    '--',
    '----',
    'simple boundary',
    "'",
    '(1)',
    'a:b/c?d=e,f',
    '=',
    '-',
    '____',
    '1.2',
  ]
  const two = [text('Hello'), rich('<p>Hello</p>')]
  return [
    ...legal.map(
      (boundary): Draft => [
        `boundary ${boundary.slice(0, 24)}`,
        mixed('Boundary', boundary, two, {}, 'alternative'),
      ],
    ),
    [
      'nested, one name begins with the other',
      mixed('Nested', 'abc', [
        `Content-Type: multipart/alternative; boundary="abcdef"\n\n${multipart('abcdef', two, { behind: '' })}`,
        file('', '; filename=a.pdf'),
      ]),
    ],
    [
      'nested, the outer name begins with the inner',
      mixed('Nested', 'abcdef', [
        `Content-Type: multipart/alternative; boundary="abc"\n\n${multipart('abc', two, { behind: '' })}`,
        file('', '; filename=a.pdf'),
      ]),
    ],
    [
      'nested, names that differ in the end',
      mixed('Nested', '----=_Part_1', [
        `Content-Type: multipart/related; boundary="----=_Part_12"\n\n${multipart('----=_Part_12', [`Content-Type: multipart/alternative; boundary="----=_Part_123"\n\n${multipart('----=_Part_123', two, { behind: '' })}`], { behind: '' })}`,
      ]),
    ],
    [
      'five deep',
      [1, 2, 3, 4, 5]
        .reduce(
          (inner, at) =>
            `Content-Type: multipart/mixed; boundary="level-${at}-x"\n\n${multipart(`level-${at}-x`, [inner], { behind: '' })}`,
          text('Hello'),
        )
        .replace(/^/, head('Deep')),
    ],
    ['one part alone', mixed('One', 'one', [text('Hello')])],
    ['part without headers', mixed('None', 'none', ['\nHello\n', rich('<p>')])],
    ['empty parts', mixed('Empty', 'empty', ['Content-Type: text/plain\n', text(''), rich('')])],
    ['blank lines at the end', `${mixed('Blank', 'blank', [text('Hello\n\n\n'), rich('<p>\n\n')])}\n\n\n`],
    ['no line end behind the last line', mixed('End', 'end', two, { behind: '' })],
    ['parallel', mixed('Parallel', 'par', two, {}, 'parallel')],
    ['a subtype of its own', mixed('Own', 'own', two, {}, 'x-own')],
    [
      'voice message',
      mixed(
        'Voice',
        'voice',
        [
          text('Hello'),
          `Content-Type: audio/wav\nContent-Transfer-Encoding: base64\n\n${base64(files.wav.content)}`,
        ],
        {},
        'voice-message',
      ),
    ],
    ['form data', mixed('Form', 'form', ['Content-Disposition: form-data; name="a"\n\nb'], {}, 'form-data')],
    [
      'related with start',
      `${head('Related')}Content-Type: multipart/related; type="text/html"; start="<a@b>"; boundary=r\n\n${multipart('r', ['Content-Type: text/html\nContent-ID: <a@b>\n\n<img src="cid:c@d">', `Content-Type: image/png\nContent-ID: <c@d>\nContent-Location: image.png\nContent-Transfer-Encoding: base64\n\n${base64(files.png.content)}`])}`,
    ],
    ['file alone', `${head('File')}${file('; name="a.pdf"', '; filename="a.pdf"')}`],
    [
      'file with a size and dates',
      `${head('File')}${file('; name="a.pdf"', ';\n filename="a.pdf"; size=522;\n creation-date="Tue, 24 Nov 2026 10:00:00 GMT";\n modification-date="Tue, 24 Nov 2026 10:00:00 GMT"')}`,
    ],
    [
      'file with unix mode',
      `${head('File')}${file(';\n\tx-unix-mode=0644;\n\tx-mac-type=50444620;\n\tname="a b.pdf"', ';\n\tfilename="a b.pdf"')}`,
    ],
    ['file name with quoted pairs', `${head('File')}${file('', '; filename="a \\"b\\".pdf"')}`],
    ['file name with a semicolon', `${head('File')}${file('; name="a; b.pdf"', '; filename="a; b.pdf"')}`],
    [
      'file name in pieces',
      `${head('File')}${file('', ';\n filename*0="a very long name of a file that is ";\n filename*1="written in pieces.pdf"')}`,
    ],
    [
      'file name in ten pieces',
      `${head('File')}${file('', Array.from({ length: 12 }, (_, at) => `;\n filename*${at}*=${at === 0 ? "utf-8'de'" : ''}${percent('größer ')}${at === 11 ? '.pdf' : ''}`).join(''))}`,
    ],
    [
      'file name in both ways',
      `${head('File')}${file(`;\n name="=?UTF-8?Q?Gr=C3=B6=C3=9Fe=2Epdf?="`, `;\n filename="Groesse.pdf"; filename*=UTF-8''${percent('Größe.pdf')}`)}`,
    ],
    [
      'file name in two words',
      `${head('File')}${file(`;\n name="${wordB('Eine sehr lange ')}\n ${wordB('Übersicht.pdf')}"`, `;\n filename="${wordB('Eine sehr lange ')}\n ${wordB('Übersicht.pdf')}"`)}`,
    ],
    [
      'file name in ISO-8859-1',
      `${head('File')}${file(`; name="${wordQ('Größe.pdf', 'ISO-8859-1')}"`, `; filename*=iso-8859-1''Gr%F6%DFe.pdf`)}`,
    ],
    [
      'octets as they are',
      mixed('8bit', 'eight', [
        `Content-Type: application/octet-stream; name="data.bin"\nContent-Transfer-Encoding: 8bit\nContent-Disposition: attachment; filename="data.bin"\n\n${Array.from({ length: 224 }, (_, at) => String.fromCharCode(at + 32)).join('')}`,
      ]),
    ],
    [
      'octets as they are, binary',
      mixed('Binary', 'bin', [
        `Content-Type: image/png\nContent-Transfer-Encoding: binary\nContent-ID: <i>\n\n${files.gif.content.toString('latin1').replaceAll(/[\r\n\0]/g, ' ')}`,
      ]),
    ],
    [
      'headers folded with tabs and long',
      `${head('Fold')}Received: from a\n\tby b;\n\t Tue, 24 Nov 2026 10:00:00 +0000\nReferences: ${Array.from({ length: 60 }, (_, at) => `<${at}.abc@example.test>`).join('\n ')}\nX-Empty:\nX-Blank: \nContent-Type: text/plain; charset=utf-8\n\nHello\n`,
    ],
    ['header of one long line', `${head('Long')}X-Long: ${'abc '.repeat(2000)}\n\nHello\n`],
    [
      'many headers',
      `${head('Many')}${Array.from({ length: 200 }, (_, at) => `X-Header-${at}: value ${at}\n`).join('')}\nHello\n`,
    ],
    [
      'two hundred photos',
      mixed('Photos', 'photos', [
        text('Hello'),
        ...Array.from(
          { length: 200 },
          (_, at) =>
            `Content-Type: image/png; name="${at}.png"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="${at}.png"\n\n${base64(files.png.content)}`,
        ),
      ]),
    ],
    [
      'preamble of many lines',
      mixed('Preamble', 'pre', two, {
        preamble: 'If you can read this, your mail program\ndoes not know MIME.\n\n-- \n--\n',
      }),
    ],
    [
      'content headers nobody reads',
      `${head('Headers')}Content-Type: text/plain; charset=utf-8\nContent-Language: en\nContent-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\nContent-Length: 6\nContent-Location: http://x/\nContent-Duration: 1\nLines: 1\n\nHello\n`,
    ],
    [
      'partly upper case',
      `${head('Case')}CONTENT-TYPE: Multipart/Mixed; BOUNDARY="Case"\n\n${multipart('Case', ['content-type: TEXT/PLAIN; Charset=US-ASCII\ncontent-transfer-encoding: 7BIT\n\nHello', 'Content-Type: Text/Html\nContent-Transfer-Encoding: Quoted-Printable\n\n<p>=3D'])}`,
    ],
  ]
}

export const listMails = (): Draft[] => [...lists(), ...structure()]
