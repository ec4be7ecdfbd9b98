#!/usr/bin/env python3
"""Check a published register without trusting it: no package is needed, Python 3.11 is enough.

    python3 verify_register.py DIR [--checkpoint FILE] [--key KEY]
                               [--certificate FILE] [--receipt FILE]

DIR is a copy of the register as `manage.py publish_log DIR` writes it, and as it stands below the
register's address. FILE after --checkpoint is a checkpoint that you, or somebody you trust, kept
OUTSIDE the register, earlier or later: without one, a register that was cut short or written anew
and signed again cannot be told from an honest one. KEY is the register's verifier key
(name+hash+key), if you know it from elsewhere. Options may be given more than once.
Exit 0: all that was asked holds. 1: something does not, in words. 2: it could not be checked.
A certificate that "holds" is genuine; whether it is in force, its line "status" says.
"""

import argparse
import hashlib
import json
import sys
from base64 import b64decode, b64encode
from datetime import datetime
from pathlib import Path


class DoesNotHold(Exception):
    """Something is not as it must be."""


class CouldNotCheck(Exception):
    """Something is missing or unreadable, so that nothing can be said."""


# --- Ed25519, RFC 8032, section 5.1: the curve -x² + y² = 1 + d·x²·y² modulo P -------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
ZERO = (0, 1, 1, 0)


def add(a, b):
    """The sum of two points in extended coordinates (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z."""
    m = (a[1] - a[0]) * (b[1] - b[0]) % P
    n = (a[1] + a[0]) * (b[1] + b[0]) % P
    t = 2 * a[3] * b[3] * D % P
    z = 2 * a[2] * b[2] % P
    e, f, g, h = n - m, z - t, z + t, n + m
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number, point):
    """The point added to itself `number` times."""
    total = ZERO
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def read_point(encoded):
    """The point that 32 bytes stand for; None where they stand for none, or in a second way."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_OF_MINUS_ONE % P
    if x * x % P != square or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def write_point(point):
    """The 32 bytes that stand for a point."""
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def is_weak(point):
    """Whether eight times the point is zero: then one signature could fit many messages."""
    return write_point(times(8, point)) == write_point(ZERO)


BASE = read_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_signed(public_key, message, signature):
    """Whether this is the signature of exactly this message by this key (RFC 8032, 5.1.7)."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, nonce = read_point(public_key), read_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or s >= ORDER or is_weak(key) or is_weak(nonce):
        return False
    hashed = hashlib.sha512(signature[:32] + public_key + message).digest()
    h = int.from_bytes(hashed, "little") % ORDER
    # s·B = R + h·A, asked as R = s·B + h·(−A)
    minus_key = (P - key[0], key[1], key[2], P - key[3])
    return write_point(add(times(s, BASE), times(h, minus_key))) == signature[:32]


# --- The Merkle tree, RFC 6962, section 2.1 -------------------------------------------------------
def leaf_hash(content):
    return hashlib.sha256(b"\0" + content).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def levels_of(hashes):
    """All full nodes of the tree, level by level, the leaves first."""
    levels = [hashes]
    while len(levels[-1]) > 1:
        levels.append(list(map(node_hash, levels[-1][::2], levels[-1][1::2])))
    return levels


def root_at(levels, size):
    """The root over the first `size` leaves: the full nodes over them, joined from the right."""
    nodes, begin = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            nodes.append(levels[level][begin >> level])
            begin += 1 << level
    root = nodes.pop() if nodes else hashlib.sha256(b"").digest()
    while nodes:
        root = node_hash(nodes.pop(), root)
    return root


# --- Canonical JSON, RFC 8785, as far as the register uses it: no fractions -----------------------
def canonical(value):
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(canonical(n) + b":" + canonical(value[n]) for n in names) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(canonical(item) for item in value) + b"]"
    if isinstance(value, float):
        raise DoesNotHold("A number with a fraction stands where the register writes none.")
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def read_json(content, what):
    """The value of canonical bytes; any second way to write it is refused."""
    try:
        value = json.loads(content.decode("utf-8"))
        is_canonical = canonical(value) == content
    except (ValueError, RecursionError) as wrong:
        raise DoesNotHold(f"{what} is not JSON: {wrong}.") from wrong
    if not is_canonical or not isinstance(value, dict):
        raise DoesNotHold(f"{what} is not an object in canonical form (RFC 8785).")
    return value


def read_signed(content, name, what):
    """A statement or a receipt, and the signature over it; nothing unsigned stands beside them."""
    document = read_json(content, what)
    if set(document) != {name, "signature"}:
        raise DoesNotHold(f"{what} is not a {name} with its signature.")
    return document[name], document["signature"]


def read_file(path):
    try:
        return Path(path).read_bytes()
    except OSError as missing:
        raise CouldNotCheck(f"{path} cannot be read: {missing.strerror}.") from missing


def read_base64(text):
    try:
        found = b64decode(text, validate=True)
    except (ValueError, TypeError) as wrong:
        raise DoesNotHold(f"This is not base64: {text!r}") from wrong
    if b64encode(found).decode() != text:
        raise DoesNotHold(f"This is base64 written in a second way: {text!r}")
    return found


# --- Checkpoints: the signed note of C2SP ---------------------------------------------------------
class Checkpoint:
    """Origin, size and root, and the signatures over exactly this text."""

    def __init__(self, content, what):
        self.what = what
        try:
            self.text, _, signatures = content.decode("utf-8").rpartition("\n\n")
            self.text += "\n"
            self.origin, size, root = self.text.split("\n")[:3]
            self.size, self.root = int(size), read_base64(root)
            self.lines = [line.split(" ") for line in signatures.splitlines()]
            if str(self.size) != size or self.size < 0 or len(self.root) != 32:
                raise ValueError
        except ValueError as wrong:
            raise DoesNotHold(f"{what} is no checkpoint.") from wrong

    def is_signed_by(self, public_key):
        hashed = hashlib.sha256(self.origin.encode() + b"\n\x01" + public_key).digest()[:4]
        for line in self.lines:
            if len(line) == 3 and line[:2] == ["—", self.origin]:
                signed = read_base64(line[2])
                if signed[:4] == hashed and is_signed(public_key, self.text.encode(), signed[4:]):
                    return True
        return False


def read_key(written):
    """The public key in a verifier key: name+hash+base64 of the byte 1 and the key."""
    name, _, rest = written.partition("+")
    given, _, encoded = rest.partition("+")
    key = read_base64(encoded)
    hashed = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if len(key) != 33 or key[0] != 1 or given != hashed.hex():
        raise CouldNotCheck("--key is no verifier key: name+hash+key is expected.")
    return key[1:]


# --- The register ---------------------------------------------------------------------------------
class Register:
    """The copy in DIR: its checkpoint, its leaves, and what they say about keys and documents."""

    def __init__(self, folder, trusted):
        self.folder = Path(folder)
        note = self.folder / "log/checkpoint"
        self.checkpoint = Checkpoint(read_file(note), str(note))
        self.contents = self.read_leaves(self.checkpoint.size)
        self.levels = levels_of([leaf_hash(content) for content in self.contents])
        if root_at(self.levels, self.checkpoint.size) != self.checkpoint.root:
            raise DoesNotHold("The leaves do not give the root of the checkpoint signed over them.")
        self.check_tiles()
        self.leaves = [
            read_json(content, f"Leaf {position}") for position, content in enumerate(self.contents)
        ]
        self.positions = {}
        for position, leaf in enumerate(self.leaves):
            is_early = position > 0 and self.time_of(position) < self.time_of(position - 1)
            if leaf["position"] != position or is_early:
                raise DoesNotHold(f"Leaf {position} is out of its place or out of time.")
            self.positions.setdefault((leaf["kind"], leaf["about"]), []).append(position)
        self.keys = self.keys_in_the_log()
        self.trusted = trusted or [
            read_base64(key["public_key"])
            for key in self.keys.values()
            if key["purpose"] == "checkpoint"
        ]
        self.check_signature(self.checkpoint)

    def read_leaves(self, size):
        """All leaves, from bundles of 256: two bytes for the length, then the leaf."""
        found = []
        for number in range(-(-size // 256)):
            content = read_file(self.tile("entries", number, size))
            while content:
                length = int.from_bytes(content[:2], "big")
                found.append(content[2 : 2 + length])
                content = content[2 + length :]
        if len(found) != size:
            raise DoesNotHold(f"The checkpoint counts {size} leaves, here are {len(found)}.")
        return found

    def tile(self, level, number, count):
        part = "" if (number + 1) * 256 <= count else f".p/{count % 256}"
        groups = [f"{number % 1000:03}"]
        while number := number // 1000:
            groups.insert(0, f"x{number % 1000:03}")
        return self.folder / f"log/tile/{level}/{'/'.join(groups)}{part}"

    def check_tiles(self):
        """Others take hashes from the tiles, so these must be the hashes of the same leaves."""
        for level in range(0, len(self.levels), 8):
            hashes = self.levels[level]
            for number in range(-(-len(hashes) // 256)):
                path = self.tile(level // 8, number, len(hashes))
                if read_file(path) != b"".join(hashes[number * 256 : number * 256 + 256]):
                    raise DoesNotHold(f"{path} does not hold the hashes of the leaves.")

    def time_of(self, position):
        """When a leaf was written; the act itself may be older, and then the leaf says both."""
        leaf = self.leaves[position]
        return datetime.fromisoformat(leaf.get("logged_at", leaf["recorded_at"]))

    def keys_in_the_log(self):
        """Every key that an act of the register entered, by its name, with what became of it."""
        keys = {}
        for position, leaf in enumerate(self.leaves):
            if leaf["kind"].startswith("signing_key."):
                facts, name = leaf["facts"], leaf["about"]
                known = keys.setdefault(name, {"since": position, "purpose": "statement", **facts})
                if known["public_key"] != facts.get("public_key", known["public_key"]):
                    raise DoesNotHold(f"The log holds two keys under the name {name}.")
                if facts.get("compromised_from"):
                    stolen = datetime.fromisoformat(facts["compromised_from"])
                    known["stolen"] = min(stolen, known.get("stolen", stolen))
        return keys

    def check_signature(self, checkpoint):
        if not any(checkpoint.is_signed_by(key) for key in self.trusted):
            raise DoesNotHold(f"{checkpoint.what} is not signed by a key of this register.")

    def check_history(self, outside):
        """What somebody outside kept must be the beginning of what is here, leaf by leaf."""
        if outside.origin != self.checkpoint.origin:
            raise DoesNotHold(f"{outside.what} is of another log, {outside.origin}.")
        self.check_beginning(outside.size, outside.root, outside.what)
        self.check_signature(outside)

    def check_beginning(self, size, root, what):
        if size > self.checkpoint.size:
            raise DoesNotHold(
                f"{what} knew {size} leaves, and here are only {self.checkpoint.size}: "
                "leaves are missing, or this copy is older. Fetch a new one."
            )
        if root_at(self.levels, size) != root:
            raise DoesNotHold(
                f"The first {size} leaves are not those that {what} knew: they were changed since."
            )

    def check_key(self, signature, message, purpose, position):
        """A key of this purpose, entered in the log, signed this, and still counts for it."""
        key_id, value = signature["key_id"], signature["value"]
        key = self.keys.get(key_id)
        if key is None or key["purpose"] != purpose:
            raise DoesNotHold(f"{key_id} is no key for a {purpose} in this log.")
        written = {"algorithm": "Ed25519", "key_id": key_id, "value": value}
        if signature not in (written, written | {"public_key": key["public_key"]}):
            raise DoesNotHold("The signature is not written as the register writes it.")
        if not is_signed(read_base64(key["public_key"]), message, read_base64(value)):
            raise DoesNotHold("The signature is not that key's over these words.")
        if position is not None and position < key["since"]:
            raise DoesNotHold("The key was not in the log yet when this was logged.")
        stolen = key.get("stolen")
        if stolen and (position is None or self.time_of(position) >= stolen):
            raise DoesNotHold(f"The key was stolen on {stolen}: what it signed since is worthless.")

    def check_document(self, content, what):
        """A certificate or report: signed, and issued by an act in the log with these hashes."""
        statement, signature = read_signed(content, "statement", what)
        kind = statement["type"].rpartition("/")[2].removeprefix("audit-")
        number = statement.get("number") or statement["report"]["number"]
        written = canonical(statement)
        found = self.positions.get((f"{kind}.issued", number), [])
        if len(found) != 1:
            raise DoesNotHold(f"{what}: the log says {len(found)} times that {number} was issued.")
        facts = self.leaves[found[0]]["facts"]
        signed = hashlib.sha256(signature["value"].encode()).hexdigest()
        hashed = hashlib.sha256(written).hexdigest()
        if (facts["statement_sha256"], facts["signature_sha256"]) != (hashed, signed):
            raise DoesNotHold(f"{what} is not what was issued as {number}.")
        self.check_key(signature, written, "statement", found[0])
        return number, found[0]

    def check_all_documents(self):
        """Whatever the log says was issued has to be here, and as it was issued."""
        places = {"certificate.issued": "verify", "report.issued": "report"}
        issued = [leaf for leaf in self.leaves if leaf["kind"] in places]
        for leaf in issued:
            path = self.folder / places[leaf["kind"]] / leaf["about"] / "statement.json"
            if not path.exists():
                raise DoesNotHold(f"{path} is missing, and the log says that it was issued.")
            if self.check_document(read_file(path), str(path))[0] != leaf["about"]:
                raise DoesNotHold(f"{path} is another document than its address says.")
        return len(issued)

    def status_of(self, number):
        """The last that the log says of a certificate, in words. Expiry goes by its own dates."""
        last = [leaf for leaf in self.leaves if leaf["about"] == number][-1]
        since = last["facts"].get("on", last["recorded_at"])
        return f"{last['kind'].rpartition('.')[2]}, {since}"

    def check_receipt(self, content, what):
        """A receipt: signed by the key for receipts, about a log that is the beginning of this."""
        receipt, signature = read_signed(content, "receipt", what)
        self.check_key(signature, canonical(receipt), "receipt", None)
        log = receipt["log"]
        if log is None:
            raise CouldNotCheck(f"{what} names no state of the log; only its signature holds.")
        self.check_beginning(log["size"], read_base64(log["root"]), what)
        if log.get("checkpoint"):
            self.check_history(Checkpoint(log["checkpoint"].encode(), f"The checkpoint in {what}"))
        known_at = datetime.fromisoformat(receipt["known_at"])
        if log["size"] and known_at != self.time_of(log["size"] - 1):
            raise DoesNotHold(f"{what} gives another time than the last leaf it knew.")
        stated = receipt["answer"]["certificate"]
        if stated:
            found = self.positions.get(("certificate.issued", stated["number"]), [])
            issued = [self.leaves[at]["facts"] for at in found if at < log["size"]]
            hashes = [[facts["statement_sha256"], facts["pdf_sha256"]] for facts in issued]
            if hashes != [[stated["statement_sha256"], stated["pdf_sha256"]]]:
                raise DoesNotHold(f"{what} speaks of another certificate than the log does.")


def say(line):
    sys.stdout.write(line + "\n")


def check(options):
    register = Register(options.folder, [read_key(key) for key in options.key])
    say(f"holds  {register.checkpoint.size} leaves, and the checkpoint signed over them")
    for path in options.checkpoint:
        outside = Checkpoint(read_file(path), path)
        register.check_history(outside)
        say(f"holds  the first {outside.size} leaves are those of {path}")
    if not options.checkpoint:
        say("note   no checkpoint from outside: a log cut short or rewritten would look the same")
    if not options.key:
        say("note   no key from outside: the register's own log says which keys are its own")
    say(f"holds  {register.check_all_documents()} certificates and reports are as they were issued")
    for path in options.certificate:
        number, position = register.check_document(read_file(path), path)
        say(f"holds  {path} is certificate {number}, issued by leaf {position}")
        say(f"status {number}: {register.status_of(number)}")
    for path in options.receipt:
        register.check_receipt(read_file(path), path)
        say(f"holds  {path} was given by this register")


def main(arguments=None):
    about, _, usage = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(
        description=about, epilog=usage, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", metavar="DIR")
    for name in ("checkpoint", "certificate", "receipt", "key"):
        parser.add_argument(f"--{name}", metavar="FILE", action="append", default=[])
    try:
        check(parser.parse_args(arguments))
    except DoesNotHold as wrong:
        say(f"FAILED {wrong}")
        return 1
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as wrong:
        say(f"FAILED something is not in the form that the register writes: {wrong!r}.")
        return 1
    except CouldNotCheck as missing:
        say(f"COULD NOT CHECK  {missing}")
        return 2
    say("All of it holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
