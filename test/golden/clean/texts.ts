/** Texts: many charsets, mail from before MIME, and prose that looks like structure. */
import { file, head, mixed, rich, text } from './entities.ts'
import { base64, type Draft, quotedPrintable, utf8 } from './pieces.ts'

const inBytes = (hex: string): string => Buffer.from(hex, 'hex').toString('latin1')

function charsets(): Draft[] {
  const japanese = '\x1b$B$3$s$K$A$O\x1b(B\n\x1b$B%a!<%k\x1b(B -- \n'
  const bodies: readonly (readonly [charset: string, body: string])[] = [
    ['ISO-2022-JP', japanese],
    ['iso-2022-jp-2', japanese],
    ['iso-2022-kr', '\x1b$)C\n\x0eGQ19>n\x0f\n'],
    ['GB18030', inBytes('c4e3bac30d0a')],
    ['gb2312', inBytes('c4e3bac3')],
    ['big5', inBytes('a741a66ea15c')],
    ['Shift_JIS', inBytes('82b182f182c982bf82cd835c')],
    ['euc-kr', inBytes('b0a1b3aa')],
    ['KOI8-R', inBytes('f0d2c9d7c5d4')],
    ['windows-1251', inBytes('cff0e8e2e5f2')],
    ['windows-1252', inBytes('80 93 94 e4').replaceAll(' ', '')],
    ['windows-1255', inBytes('f9ece5ed')],
    ['windows-1256', inBytes('e3d1cdc8')],
    ['ISO-8859-2', inBytes('b1e6ea')],
    ['ISO-8859-15', inBytes('a4e4')],
    ['utf-8', utf8('Hello 👋 — ﷽ \u200b\u00a0\ufeff')],
    ['UTF-7', 'Hi Mom -+Jjo--!\n'],
    ['unicode-1-1-utf-7', 'A+ImIDkQ.\n'],
    ['ansi_x3.4-1968', 'Hello\n'],
    ['x-unknown', 'Hello\xe4\n'],
  ]
  return bodies.flatMap(([charset, body]): Draft[] => {
    const word = `=?${charset}?B?${Buffer.from(body.replaceAll('\r', '').split('\n')[0] ?? '', 'latin1').toString('base64')}?=`
    const clean = body.replaceAll('\r', '')
    return [
      [
        `${charset} as it is`,
        `${head(word)}Content-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: ${/[\x80-\xff]/.test(clean) ? '8bit' : '7bit'}\n\n${clean}\n`,
      ],
      [
        `${charset} in base64`,
        `${head(word)}Content-Type: text/plain; charset="${charset}"\nContent-Transfer-Encoding: base64\n\n${base64(clean)}`,
      ],
      [
        `${charset} in quoted-printable, with a file`,
        mixed(word, `charset-${charset}`, [
          `Content-Type: text/html; charset=${charset}\nContent-Transfer-Encoding: quoted-printable\n\n${quotedPrintable(clean)}`,
          file(`;\n name="${word.replace('?=', '?=')}.pdf"`, `;\n filename="${word}.pdf"`),
        ]),
      ],
    ]
  })
}

function old(): Draft[] {
  const bare =
    'From: ann@example.test (Ann Example)\nDate: Mon, 14 Nov 94 10:00:00 EST\nTo: bob\nSubject: Lunch\n'
  return [
    ['1990s', `${bare}\nLunch at noon?\n--\nAnn   "Do not panic"\n`],
    [
      '1990s, a header by the mailbox',
      `Received: by a.example.test (5.65c/SMI-4.1)\n\tid AA01234; Mon, 14 Nov 94 10:00:00 EST\nStatus: RO\nX-Status: \nX-Mailer: ELM [version 2.4 PL23]\n${bare}Content-Type: text\nContent-Length: 7\n\nLunch?\n`.replace(
        'Content-Type: text\n',
        'Content-Type: text/plain; charset=US-ASCII\n',
      ),
    ],
    ['1990s, uuencode', `${bare}\nHere it is:\n\nbegin 644 notes.txt\n#0V%T\n\`\nend\n\nAnn\n`],
    ['1990s, SunMail words', `${bare}X-Sun-Charset: US-ASCII\n\nHello\n`],
    ['no body', `${bare}`],
    ['no body, blank line', `${bare}\n`],
    ['only blank lines', `${bare}\n\n\n\n`],
    ['no subject, no date', 'From: ann@example.test\n\nHello\n'],
    ['MIME-Version alone', `${bare}MIME-Version: 1.0\n\nHello\n`],
    [
      'raw UTF-8 headers',
      `From: ${utf8('Änne')} <ann@example.test>\nTo: bob@example.org\nSubject: ${utf8('Grüße aus Köln — 你好')}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${utf8('Grüße')}\n`,
    ],
    ['raw ISO-8859-1 headers', `From: \xc4nne <ann@example.test>\nSubject: Gr\xfc\xdfe\n\nGr\xfc\xdfe\n`],
    [
      'raw UTF-8 address',
      `From: <${utf8('änne@exämple.test')}>\nTo: <${utf8('用户@例子.test')}>\nSubject: x\n\nHello\n`,
    ],
  ]
}

/** Bodies that hold what elsewhere is structure. */
function prose(): Draft[] {
  const bodies: readonly (readonly [name: string, body: string])[] = [
    ['dashes', `-\n--\n---\n----\n-----\n${'-'.repeat(72)}\n-- \n --\n- -\n`],
    ['words with dashes', '--word\n--verbose\n--word--\n--boundary is an option\n--=20\n--Ann\n--\n'],
    ['begin', 'begin with this\nbegin 644 of them, please\nbegin 644\nbeginning\nend\nBEGIN\n'],
    ['begin and end', 'begin 755 reasons to stay\n\nend\n'],
    ['from', '>From here\n>>From there\nFrom now on\n.\n..\n...dots\n'],
    ['looks like base64', `${'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo'.repeat(2)}\n`.repeat(12)],
    ['looks like quoted-printable', 'a=3D=20b=\nc= 5 = 5\n=\n==\n=ZZ\n'],
    ['looks like yEnc', '=y is not it\n=ybeginning\n=begin\n'],
    ['looks like BinHex', '(This file must be seen)\n(This is it)\n:smile: and :)\n'],
    [
      'looks like headers',
      'Content of this mail: none\nContents: a, b\nSubject: x\ncontent-wise: yes\nNote: this\n',
    ],
    [
      'content words',
      'Content-aware fill is nice.\nContent-based: yes\ncontent-type: text/plain is what it says\n\nand more\n',
    ],
    [
      'about MIME',
      'Write\n\n  Content-Type: multipart/mixed; boundary="x"\n  \n  --x\n  Content-Type: text/plain\n  \n  --x--\n\nand it works.\n',
    ],
    [
      'quoted MIME',
      '> Content-Type: multipart/mixed; boundary="x"\n> \n> --x\n> Content-Disposition: attachment; filename="a.pdf"\n> --x--\n',
    ],
    ['table', '+------+------+\n| a    | b    |\n+------+------+\n'],
    ['Markdown', '---\ntitle: Hello\n---\n\n# Hello\n\n```\ncode\n```\n--- \n***\n'],
    ['shell', '$ tar --exclude=x -cf a.tar .\n$ echo -- --\n--exclude=x\n'],
    [
      'key',
      '-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAA ann\n',
    ],
    ['SQL and Lua', '-- a comment\n--[[ long ]]\nSELECT 1; -- one\n'],
    ['flowed', 'A line that flows \non to the next. \n> quoted \n> on \n\n-- \nAnn\n'],
    ['long line', `${'word '.repeat(5000)}\n`],
    ['tabs and feeds', '\ta\tb\n\fpage\n\x07 bell\b\n'],
    ['blank lines', '\n\n\nHello\n\n\n\n'],
    ['no line end', 'Hello'],
  ]
  return bodies.flatMap(([name, body]): Draft[] => [
    [
      `text: ${name}`,
      `${head('Text')}Content-Type: text/plain; charset=us-ascii; format=flowed\nContent-Transfer-Encoding: 7bit\n\n${body}`,
    ],
    [
      `text in quoted-printable: ${name}`,
      `${head('Text')}Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: quoted-printable\n\n${quotedPrintable(body)}`,
    ],
    [
      `text in a part: ${name}`,
      mixed(
        'Text',
        '=-Part',
        [text(body), rich(`<pre>${body.replaceAll('<', '&lt;')}</pre>`)],
        { gap: '\n' },
        'alternative',
      ),
    ],
    [`text without type: ${name}`, `Subject: x\nFrom: ann@example.test\n\n${body}`],
  ])
}

export const textMails = (): Draft[] => [...charsets(), ...old(), ...prose()]
