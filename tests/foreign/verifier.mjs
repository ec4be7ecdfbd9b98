// Verifiers written by others, asked over standard input: one JSON request a line, one answer a
// line. Nothing is fetched: contexts, DID document and status lists come with the request, and
// whatever else they ask for is refused and named.
import {createInterface} from 'node:readline';
import {readFileSync} from 'node:fs';
import * as jose from 'jose';

const V2 = 'https://www.w3.org/ns/credentials/v2';
const v2 = JSON.parse(readFileSync(
  new URL('../../audits/credentials/contexts/credentials-v2.jsonld', import.meta.url)));

const verifiers = {};
for (const scope of ['@digitalbazaar', '@digitalcredentials']) {
  const {DataIntegrityProof} = await import(`${scope}/data-integrity`);
  const {cryptosuite} = await import(`${scope}/eddsa-rdfc-2022-cryptosuite`);
  verifiers[scope] = {
    vc: await import(`${scope}/vc`),
    lists: await import(`${scope}/vc-bitstring-status-list`),
    suite: () => new DataIntegrityProof({cryptosuite}),
  };
}

// Only what the request brings; a key is looked up as a part of the DID document that names it.
function loader(request) {
  const known = new Map(Object.entries({[V2]: v2, ...request.documents}));
  const did = request.did;
  if (did) {
    known.set(did.id, did);
    for (const method of did.verificationMethod) {
      known.set(method.id, {'@context': did['@context'], ...method});
    }
  }
  return async (url) => {
    if (!known.has(url)) {
      throw new Error(`not known here: ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document: structuredClone(known.get(url))};
  };
}

const why = (error) => {
  const inner = error?.errors?.map(why) ?? [];
  return [error?.message ?? String(error), ...inner].join(' | ');
};

const answers = {
  // Whether the proof holds, what the status lists say, and whether both lead to "accepted". One
  // verifier refuses by itself where a bit is set; the other hands the bit back and leaves it to us.
  async credential({request, verifier, documentLoader}) {
    const suite = verifier.suite();
    const checkStatus = request.checkStatus === false
      ? async () => ({verified: true}) : verifier.lists.checkStatus;
    const options = request.now ? {now: new Date(request.now)} : {};
    const result = await verifier.vc.verifyCredential({
      credential: request.credential, suite, documentLoader, checkStatus, ...options,
    });
    const status = {};
    for (const found of result.statusResult?.results ?? []) {
      status[found.credentialStatus.statusPurpose] = found.status ?? !found.verified;
    }
    const isSet = Object.values(status).some((bit) => bit);
    return {
      accepted: result.verified === true && !isSet,
      proven: result.results?.every((proof) => proof.verified) === true,
      status,
      why: [result.error, result.statusResult?.error].filter(Boolean).map(why).join(' | '),
    };
  },

  // Every index that a list has set, read one by one by the other's own reader.
  async list({request, verifier, documentLoader}) {
    const {credential, length} = request;
    const result = await verifier.vc.verifyCredential({
      credential, suite: verifier.suite(), documentLoader,
    });
    const {encodedList} = credential.credentialSubject;
    const list = await verifier.lists.decodeList({encodedList});
    const set = [];
    for (let index = 0; index < length; index++) {
      if (list.getStatus(index)) {
        set.push(index);
      }
    }
    return {
      accepted: result.verified === true, length: list.length, set,
      why: result.error ? why(result.error) : '',
    };
  },

  // A vc+jwt with the key that its `kid` names in the DID document.
  async jwt({request}) {
    const {kid} = jose.decodeProtectedHeader(request.token);
    const method = request.did.verificationMethod.find((listed) => listed.id === kid);
    if (!method || !request.did.assertionMethod.includes(kid)) {
      throw new Error(`no key for assertions: ${kid}`);
    }
    const key = await jose.importJWK(method.publicKeyJwk, 'EdDSA');
    const {payload, protectedHeader} = await jose.compactVerify(
      request.token, key, {algorithms: ['EdDSA']});
    return {
      accepted: protectedHeader.typ === 'vc+jwt',
      payload: JSON.parse(new TextDecoder().decode(payload)),
    };
  },
};

for await (const line of createInterface({input: process.stdin})) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = await answers[request.ask]({
      request, verifier: verifiers[request.by], documentLoader: loader(request),
    });
  } catch (error) {
    answer = {accepted: false, why: why(error)};
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
