"""Credentials changed in every way that a forger or an accident might: none may pass for ours."""

import copy
import hashlib
import hmac
import json
import random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agencies.lib.canonical import canonical
from audits.credentials import data_integrity
from audits.credentials.contexts import document_loader
from audits.credentials.dids import base64url, from_base64url, json_web_key, multikey

ATTACKER = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
ORDER = 2**252 + 27742317777372353535851937790883648493


def flipped(text, count, chance):
    """One character changed to another of the same kind, at places drawn by chance."""
    for place in chance.sample(range(len(text)), count):
        kind = "0123456789" if text[place].isdigit() else "abcdefghijklmnopqrstuvwxyzABCDEFGH-_"
        other = chance.choice([one for one in kind if one != text[place]])
        yield f"character {place}", text[:place] + other + text[place + 1 :]


def of_token(token, raw_public_key, chance):
    """Mutants of a `vc+jwt`, with what was done to each."""
    head, body, tail = token.split(".")
    header, payload = (json.loads(from_base64url(part)) for part in (head, body))

    def with_header(stated, key=None):
        first = base64url(stated if isinstance(stated, bytes) else canonical(stated))
        signed = f"{first}.{body}"
        return f"{signed}.{base64url(key(signed.encode())) if key else tail}"

    def with_payload(stated, key=None):
        second = base64url(stated if isinstance(stated, bytes) else canonical(stated))
        signed = f"{head}.{second}"
        return f"{signed}.{base64url(key(signed.encode())) if key else tail}"

    yield from flipped(token, 120, chance)
    for name, stated in headers(header, payload["issuer"]).items():
        yield f"header {name}", with_header(stated)
        yield f"header {name}, signed by the attacker", with_header(stated, ATTACKER.sign)
    for algorithm in ("none", "None", "NONE", "nOnE", ""):
        unsigned = base64url(canonical(header | {"alg": algorithm}))
        yield f"alg {algorithm!r} without a signature", f"{unsigned}.{body}."
    for name, secret in secrets(raw_public_key).items():
        for algorithm, digest in (("HS256", "sha256"), ("HS512", "sha512")):
            yield (
                f"{algorithm} with {name}",
                with_header(
                    header | {"alg": algorithm},
                    lambda signed, secret=secret, digest=digest: hmac.digest(
                        secret, signed, digest
                    ),
                ),
            )
    for name, stated in of_meaning(payload):
        yield f"payload: {name}", with_payload(stated)
        yield f"payload: {name}, signed by the attacker", with_payload(stated, ATTACKER.sign)
    written = canonical(payload)
    yield "payload: a name twice", with_payload(written[:-1] + b',"issuer":"did:web:e.example"}')
    yield "payload: signed by the attacker", with_payload(written, ATTACKER.sign)
    signature = from_base64url(tail)
    for name, changed in of_signature(signature):
        yield f"signature {name}", f"{head}.{body}.{base64url(changed)}"
    yield from of_writing(head, body, tail)
    yield "as flattened JSON", json.dumps({"protected": head, "payload": body, "signature": tail})
    yield "as general JSON", json.dumps({"payload": body, "signatures": [{"protected": head}]})


def headers(header, did):
    elsewhere = {
        "kid of another register": "did:web:elsewhere.example#" + header["kid"].split("#")[1],
        "kid as a path": "../../../../dev/null",
        "kid as a file": "file:///dev/null",
        "kid as an address": "https://elsewhere.example/key.json",
        "kid as a query": "' OR '1'='1",
        "kid with a path": did + "/../elsewhere#" + header["kid"].split("#")[1],
        "kid below a path": did + ":elsewhere#" + header["kid"].split("#")[1],
        "kid with a query": did + "?x=1#" + header["kid"].split("#")[1],
        "kid of nobody": did + "#ed25519-0000000000000000-jwk",
        "kid of another notation": header["kid"].removesuffix("-jwk"),
        "kid twice": header["kid"] + "-jwk",
        "kid with a NUL": header["kid"] + "\0",
        "kid in capitals": header["kid"].upper(),
        "no text as kid": 1,
        "several kids": [header["kid"]],
        "no kid": None,
    }
    found = {name: header | {"kid": kid} for name, kid in elsewhere.items()}
    raw = ATTACKER.public_key().public_bytes_raw()
    additions = {
        "jwk": json_web_key(raw),
        "jku": "https://elsewhere.example/keys.json",
        "x5u": "https://elsewhere.example/chain.pem",
        "x5c": ["MIIB"],
        "x5t": "abc",
        "crit": ["b64"],
        "b64": False,
        "zip": "DEF",
        "iss": "did:web:elsewhere.example",
        "nonce": "1",
    }
    found |= {f"with {name}": header | {name: value} for name, value in additions.items()}
    found["with crit and b64"] = header | {"crit": ["b64"], "b64": False}
    algorithms = (
        "ES256",
        "EdDSA ",
        "eddsa",
        "Ed25519",
        "Ed448",
        "RS256",
        "PS256",
        "ES256K",
        1,
        None,
    )
    found |= {f"alg {name!r}": header | {"alg": name} for name in algorithms}
    types = ("JWT", "vc+ld+jwt", "vp+jwt", "VC+JWT", "application/vc+jwt", "dc+sd-jwt", "", None)
    found |= {f"typ {name!r}": header | {"typ": name} for name in types}
    found |= {f"cty {name!r}": header | {"cty": name} for name in ("vp", "JWT", "", None)}
    for name in header:
        found[f"without {name}"] = {key: value for key, value in header.items() if key != name}
    written = canonical(header)
    found["a name twice"] = written[:-1] + b',"alg":"none"}'
    found["a name twice, first"] = b'{"alg":"none",' + written[1:]
    found["with spaces"] = json.dumps(header).encode()
    found["no object"] = b"[]"
    found["no JSON"] = b"alg=none"
    return found


def secrets(raw):
    """What a verifier that mixes up its keys would take for the secret of an HMAC."""
    return {
        "the raw key": raw,
        "the multikey": multikey(raw).encode(),
        "the JWK": canonical(json_web_key(raw)),
        "x of the JWK": json_web_key(raw)["x"].encode(),
        "nothing": b"",
    }


def of_meaning(credential):
    """The unsecured credential with something else in one place: everywhere in turn."""
    for path in paths(credential):
        changed = copy.deepcopy(credential)
        *parents, last = path
        within = changed
        for name in parents:
            within = within[name]
        value = within[last]
        within[last] = not value if isinstance(value, bool) else f"{value}x"
        yield f"{'.'.join(map(str, path))} is another", changed
    for name in credential:
        yield f"{name} is missing", {key: value for key, value in credential.items() if key != name}
    yield "a term more", credential | {"endorsedBy": "WHO"}
    yield "in a list", [credential]
    yield "wrapped as vc", {"vc": credential}


def paths(value, before=()):
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, part in items:
            yield from paths(part, (*before, name))
    else:
        yield before


def of_signature(signature):
    first, second = signature[:32], signature[32:]
    larger = int.from_bytes(second, "little") + ORDER
    yield "of zeros", bytes(64)
    yield "of the other half", second + first
    yield "of a small order", bytes([1]) + bytes(63)
    yield "with S beyond the order", first + larger.to_bytes(32, "little")
    yield "cut", signature[:-1]
    yield "longer", signature + b"\0"
    yield "empty", b""
    for place in (0, 31, 32, 63):
        changed = bytearray(signature)
        changed[place] ^= 1 << place % 8
        yield f"with a bit changed in byte {place}", bytes(changed)


def of_writing(head, body, tail):
    """The same bytes, written otherwise than base64url is written."""
    token = f"{head}.{body}.{tail}"
    yield "padded", f"{head}=.{body}==.{tail}=="
    yield "in the other alphabet", token.replace("-", "+").replace("_", "/") + "/"
    yield "with a line break within", token[:100] + "\n" + token[100:]
    yield "with a space within", f"{head} .{body}.{tail}"
    yield "with another dot", token + "."
    yield "with a part more", f"{token}.{tail}"
    yield "without a signature", f"{head}.{body}."
    yield "without its last part", f"{head}.{body}"
    yield "without a payload", f"{head}..{tail}"
    yield "with the parts exchanged", f"{body}.{head}.{tail}"
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spare = alphabet[alphabet.index(tail[-1]) | 1]
    yield "with spare bits set", f"{head}.{body}.{tail[:-1]}{spare}"
    yield "with a disclosure", f"{token}~WyJzYWx0Il0~"


def of_json_ld(written, origin, chance):
    """Mutants of a credential with a Data Integrity proof, with what was done to each."""
    credential = json.loads(written)
    proof = credential["proof"]
    document = {name: value for name, value in credential.items() if name != "proof"}

    def text(changed):
        return json.dumps(changed, ensure_ascii=False)

    def by_attacker(changed, options):
        signed = data_integrity.to_be_signed(changed, options, loader=document_loader(origin))
        return text(data_integrity.with_proof(changed, options, ATTACKER.sign(signed)))

    yield from flipped(written, 100, chance)
    for name, changed in of_meaning(document):
        if isinstance(changed, dict):
            yield f"document: {name}", text(changed | {"proof": proof})
    for name, changed in of_meaning(proof):
        yield f"proof: {name}", text(document | {"proof": changed})
    did, method = credential["issuer"], proof["verificationMethod"]
    for name, other in {
        "of another register": "did:web:elsewhere.example#" + method.split("#")[1],
        "as did:key": f"did:key:{multikey(ATTACKER.public_key().public_bytes_raw())}",
        "as an address": "https://elsewhere.example/key",
        "as a path": f"{did}/../x#{method.split('#')[1]}",
        "of the other notation": f"{method}-jwk",
        "of nobody": f"{did}#ed25519-0000000000000000",
        "with the key in it": {"publicKeyMultibase": "z6Mk"},
    }.items():
        yield f"key {name}", text(document | {"proof": proof | {"verificationMethod": other}})
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    yield "signed by the attacker", by_attacker(document, options)
    renamed = copy.deepcopy(document)
    renamed["credentialSubject"]["legalName"] = "Attacker Ltd"
    yield "renamed and signed by the attacker", by_attacker(renamed, options)
    for name, changed in {
        "no proof": document,
        "an empty proof": document | {"proof": {}},
        "two proofs": document | {"proof": [proof, proof]},
        "a proof of a chain": document | {"proof": proof | {"previousProof": "urn:x"}},
        "a challenge": document | {"proof": proof | {"challenge": "1"}},
        "a graph": {"@context": document["@context"], "@graph": [credential]},
        "a presentation": {"type": "VerifiablePresentation", "verifiableCredential": [credential]},
        "a context of its own": credential
        | {"@context": [*credential["@context"], {"x": "urn:x"}]},
        "a context in the proof": document | {"proof": proof | {"@context": {"x": "urn:x"}}},
        "a term by its address": credential | {"urn:x": "y"},
        "another base": credential | {"@base": "https://elsewhere.example/"},
    }.items():
        yield name, text(changed)
    signature = proof["proofValue"]
    for name, value in {
        "in base64url": "u" + base64url(hashlib.sha512(b"").digest()),
        "with a zero in front": "z1" + signature[1:],
        "without its multibase": signature[1:],
        "empty": "",
        "of zeros": "z" + "1" * 64,
    }.items():
        yield f"proof value {name}", text(document | {"proof": proof | {"proofValue": value}})
    yield "a name twice", written[:-1] + ',"issuer":"did:web:elsewhere.example"}'
    yield "a name twice, first", '{"issuer":"did:web:elsewhere.example",' + written[1:]
    yield "followed by more", written + "{}"
    yield "cut off", written[:-1]
    yield "in a list", f"[{written}]"


def seeded(number):
    return random.Random(number)
