// The table of what records propose (docs/interop.md), written a second time in FHIRPath and worked
// out by CSIRO's $populate. It reads JSON lines, each a patient with resources, and prints for each
// what it fills in: link id -> values.
import readline from 'node:readline';
import { populateQuestionnaire } from '@aehrc/sdc-populate';

const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition';
const ITEMS = {
  phq9: ['44250-9', '44255-8', '44259-0', '44254-1', '44251-7', '44258-2', '44252-5', '44253-3', '44260-8'],
};
const MEDICINES = {
  benzodiazepine: 'lorazepam|clonazepam', lithium: 'lithium', lamotrigine: 'lamotrigine', opioid: 'oxycodone|tramadol',
  antipsychotic: 'quetiapine|clozapine', other_sedative: 'quetiapine|zolpidem',
};
const POINTS = { 'LA6568-5': 0, 'LA6569-3': 1, 'LA6570-1': 2, 'LA6571-9': 3 };

const variable = (name, query) => ({ url: 'http://hl7.org/fhir/StructureDefinition/variable',
  valueExpression: { name, language: 'application/x-fhir-query', expression: query } });
const item = (linkId, type, expression) => ({ linkId, type, extension: [{
  url: `${SDC}/sdc-questionnaire-initialExpression`, valueExpression: { language: 'text/fhirpath', expression } }] });

const theirs = "entry.resource.where((subject.reference | patient.reference) = 'Patient/' + %patient.id)";
const sure = "where(verificationStatus.coding.code.where($this in ('refuted' | 'entered-in-error' | 'differential')).empty())";
const diagnosis = (code) => `%Condition.${theirs}.${sure}`
  + ".where(clinicalStatus.coding.code.where($this in ('resolved' | 'inactive')).empty())"
  + ".where(recordedDate.empty() or recordedDate.toString() <= today().toString())"
  + `.code.coding.where(system = 'http://hl7.org/fhir/sid/icd-10-cm' and code.matches('${code}')).exists()`;
const reading = `%Pressure.${theirs}.where(status = 'final' and effectiveDateTime.toString() <= today().toString()`
  + " and effectiveDateTime.toString() >= (today() - 30 days).toString())"
  + ".where(component.valueQuantity.code.distinct() = 'mm[Hg]' and component.valueQuantity.value.all($this < 300)).first()";
const part = (code) => `${reading}.component.where(code.coding.code = '${code}').valueQuantity.value.toInteger()`;
const scored = (code) => `%Forms.${theirs}.where(status = 'final' and effectiveDateTime.toString() <= today().toString()`
  + ` and code.coding.code = '${code}').first().value.coding.code`;
const taken = (names) => `(%MedicationStatement.${theirs}.where(status = 'active') | %MedicationRequest.${theirs}.where(status = 'active' and intent = 'order'))`
  + `.medication.text.where($this.lower().matches('(${names})')).exists()`;

const questionnaire = {
  resourceType: 'Questionnaire', status: 'active', url: 'https://kapnet.example/fhir/Questionnaire/foreign-table',
  extension: [
    { url: `${SDC}/sdc-questionnaire-launchContext`, extension: [
      { url: 'name', valueCoding: { system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext', code: 'patient' } },
      { url: 'type', valueCode: 'Patient' }] },
    ...['Condition', 'AllergyIntolerance', 'MedicationStatement', 'MedicationRequest'].map((kind) => variable(kind, `${kind}?patient={{%patient.id}}`)),
    variable('Pressure', 'Observation?patient={{%patient.id}}&code=85354-9'),
    variable('Forms', `Observation?patient={{%patient.id}}&code=${ITEMS.phq9.join(',')}`),
  ],
  item: [
    item('age_years', 'integer', "today().toString().substring(0, 4).toInteger() - %patient.birthDate.toString().substring(0, 4).toInteger()"
      + " - iif(today().toString().substring(5, 5) < %patient.birthDate.toString().substring(5, 5), 1, 0)"),
    item('diagnosis.mdd', 'boolean', diagnosis('^F3[23][.](?!3|81)')),
    item('diagnosis.bipolar', 'boolean', diagnosis('^F31')),
    item('bp_systolic', 'integer', part('8480-6')),
    item('bp_diastolic', 'integer', part('8462-4')),
    item('ketamine_allergy', 'boolean', `%AllergyIntolerance.${theirs}.${sure}`
      + ".where(clinicalStatus.coding.code.where($this = 'resolved').empty()).code.text.where($this.lower().matches('(ketamine|spravato)')).exists()"),
    ...ITEMS.phq9.map((code) => item(`phq9.${code}`, 'string', scored(code))),
    ...Object.entries(MEDICINES).map(([value, names]) => item(`medicines.${value}`, 'boolean', taken(names))),
  ],
};

async function populated({ patient, resources }) {
  const answered = (query) => {
    const url = new URL(query, 'https://ehr.example/');
    const codes = url.searchParams.get('code')?.split(',');
    const found = resources.filter((one) => one.resourceType === url.pathname.slice(1)
      && (!codes || one.code.coding.some((coding) => codes.includes(coding.code))));
    found.sort((one, other) => (other.effectiveDateTime ?? '').localeCompare(one.effectiveDateTime ?? ''));
    return { resourceType: 'Bundle', type: 'searchset', entry: found.map((resource) => ({ resource })) };
  };
  const { populateSuccess, populateResult } = await populateQuestionnaire({ questionnaire, patient,
    fetchResourceCallback: async (query) => answered(query), fetchResourceRequestConfig: { sourceServerUrl: 'https://ehr.example' } });
  if (!populateSuccess) throw new Error('nothing was populated');
  const said = Object.fromEntries(populateResult.populatedResponse.item?.filter((one) => one.answer)
    .map((one) => [one.linkId, Object.values(one.answer[0])[0]]) ?? []);
  return result(said);
}

function result(said) {
  const values = (name) => Object.entries(said).filter(([linkId, value]) => linkId.startsWith(`${name}.`) && value === true)
    .map(([linkId]) => linkId.split('.')[1]).sort();
  const items = ITEMS.phq9.map((code) => POINTS[said[`phq9.${code}`]]);
  return { age_years: said.age_years ?? null, diagnosis: values('diagnosis'), bp_systolic: said.bp_systolic ?? null,
    bp_diastolic: said.bp_diastolic ?? null, ketamine_allergy: said.ketamine_allergy === true, medicines: values('medicines'),
    phq9: items.every((one) => one !== undefined) ? items : null };
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await populated(JSON.parse(line))));
}
