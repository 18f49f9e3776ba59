import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fill, readTemplate, type Variable, variables } from './template.ts'

const values = Object.fromEntries(Object.keys(variables).map((word) => [word, `<${word}>`])) as Record<
  Variable,
  string
>

function filled(text: string, given: Readonly<Record<Variable, string>> = values): string {
  const reading = readTemplate(text)
  assert.ok(reading.ok)
  return fill(reading.template, given)
}

test('every variable is put in', () => {
  const text = Object.keys(variables)
    .map((word) => `%(${word})%`)
    .join(' ')
  assert.equal(filled(text), Object.values(values).join(' '))
})

for (const text of ['', 'plain', '100 %', '%()', '%(reason', '%(reason)', '%%(reason)%%', '%((reason)%'])
  test(`${JSON.stringify(text)} keeps what is no variable`, () => {
    assert.equal(filled(text), text.replace('%(reason)%', '<reason>'))
  })

test('what looks like a variable in a value stays text', () => {
  assert.equal(filled('%(subject)%', { ...values, subject: '%(reason)% $& $1' }), '%(reason)% $& $1')
})

for (const word of ['resaon', 'Reason', '', 'constructor', ' reason'])
  test(`%(${word})% is unknown`, () => {
    assert.deepEqual(readTemplate(`a %(${word})%`), { ok: false, unknown: word, at: 2 })
  })
