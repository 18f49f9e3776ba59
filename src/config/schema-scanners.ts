/** The settings of the scanners that proxy actions may use. */
import { type Static, Type } from 'typebox'
import { closed, duration, file, size } from './schema-words.ts'

/** What holds for a clamd when the file says nothing more than its address. */
export const clamavDefaults = {
  scanLimit: '25MiB',
  connections: 8,
  connectTimeout: '5s',
  queueTimeout: '30s',
  scanTimeout: '125s',
} as const

export const ScannersSchema = Type.Object(
  {
    embedded: Type.Optional(
      Type.Object(
        {
          hashes: Type.Optional(
            Type.Array(
              file(
                'A list of files that are infected: one SHA-256 a line, in hexadecimal, with a name behind it if you like.',
                './bad-hashes.txt',
              ),
              { description: 'Lists of SHA-256 hashes.' },
            ),
          ),
          yara: Type.Optional(
            Type.Array(file('A file of YARA rules, or a pattern for several.', './rules/*.yar'), {
              description: 'Files of YARA rules.',
            }),
          ),
        },
        {
          ...closed,
          description:
            'The scanner that is always there. It knows the EICAR test file, and what is listed here.',
        },
      ),
    ),
    clamav: Type.Optional(
      Type.Object(
        {
          address: Type.String({
            kind: 'scannerAddress',
            examples: ['unix:/run/clamav/clamd.ctl', 'tcp://127.0.0.1:3310'],
            description: 'Where clamd listens.',
          }),
          scanLimit: Type.Optional(
            size(
              'The most that is sent to clamd at a time. Must not be above its own StreamMaxLength, MaxFileSize and MaxScanSize: clamd calls clean what it does not look at.',
              clamavDefaults.scanLimit,
            ),
          ),
          connections: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 1000,
              default: clamavDefaults.connections,
              description: 'Scans at one time; should be below the MaxThreads of clamd.',
            }),
          ),
          connectTimeout: Type.Optional(
            duration('How long clamd may take to accept a connection.', clamavDefaults.connectTimeout),
          ),
          queueTimeout: Type.Optional(
            duration('How long a scan may wait for its turn.', clamavDefaults.queueTimeout),
          ),
          scanTimeout: Type.Optional(
            duration('How long clamd may take for one scan.', clamavDefaults.scanTimeout),
          ),
        },
        { ...closed, description: 'ClamAV: a clamd.' },
      ),
    ),
  },
  {
    ...closed,
    description: 'The scanners. Antivirus of a proxy action with `enabled: auto` uses every one listed here.',
  },
)

export type ScannerSettings = Static<typeof ScannersSchema>
