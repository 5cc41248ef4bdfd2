// fhir-kit-client against a server of ours. One line of JSON in: {base, token, patient, task, form}.
// One line out: what it read, found page by page, was refused, and created.
import { createInterface } from 'node:readline'
import { Client } from 'fhir-kit-client'

const lines = createInterface({ input: process.stdin })
const { base, token, patient, task, form } = JSON.parse((await lines[Symbol.asyncIterator]().next()).value)
const client = new Client({ baseUrl: base, bearerToken: token })
const stranger = new Client({ baseUrl: base })
const resourceType = 'Observation'

async function refusal(attempt) {
  try {
    await attempt()
    return 'nothing was refused'
  } catch (refused) {
    const { status, data } = refused.response
    return [status, data.resourceType, data.issue[0].code]
  }
}

async function found() {
  const ids = []
  let bundle = await client.search({ resourceType, searchParams: { patient, _count: 2 } })
  while (bundle) {
    ids.push(...bundle.entry.map((one) => one.resource.id))
    bundle = await client.nextPage({ bundle })
  }
  return ids
}

const seen = await client.read({ resourceType: 'Task', id: task })
const version = { 'If-Match': `W/"${seen.meta.versionId}"` }
const move = (status, headers) =>
  client.update({ resourceType: 'Task', id: task, body: { ...seen, status }, options: { headers } })
const once = { headers: { 'If-None-Exist': `identifier=${form.identifier.system}|${form.identifier.value}` } }
const send = () => client.create({ resourceType: 'QuestionnaireResponse', body: form, options: once })

const said = {
  fhirVersion: (await client.capabilityStatement()).fhirVersion,
  name: (await client.read({ resourceType: 'Patient', id: patient })).name[0].text,
  found: await found(),
  posted: (await client.search({ resourceType, searchParams: { patient, _count: 0 }, options: { postSearch: true } })).total,
  missing: await refusal(() => client.read({ resourceType: 'Patient', id: 'nobody' })),
  stranger: await refusal(() => stranger.read({ resourceType: 'Patient', id: patient })),
  odd: await refusal(() => client.search({ resourceType, searchParams: { patient, colour: 'red' } })),
  moved: (await move('received', version)).status,
  stale: await refusal(() => move('accepted', version)),
  created: [(await send()).id, (await send()).id].filter((id, at, all) => all.indexOf(id) === at).length,
}
console.log(JSON.stringify(said))
