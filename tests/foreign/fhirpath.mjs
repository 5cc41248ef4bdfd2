// Reads {resource, expression}, one JSON a line, and prints what fhirpath.js finds, one list a line.
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const fhirpath = require('fhirpath')
const r4 = require('fhirpath/fhir-context/r4')

for await (const line of createInterface({ input: process.stdin })) {
  const { resource, expression } = JSON.parse(line)
  const found = fhirpath.evaluate(resource, expression, { resource }, r4)
  process.stdout.write(`${JSON.stringify(found)}\n`)
}
