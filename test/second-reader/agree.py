"""Runs every published vector through the second reader. Prints one JSON line; exit code 1 if anything disagrees."""
import json
import re
import sys
from pathlib import Path

from cddl import Cddl, Mismatch
from messages import Messages, Refused, check, decode, enrol, verify
from statements import compose_statements, seen_on
from terms import Terms, sub_account
from view import compose, refuses

PROTOCOL = Path(sys.argv[1])


def tables(spec):
    found = {}
    for name, body in re.findall(r"<!-- table: ([a-z-]+) -->\n(.*?)<!-- end -->", spec, re.S):
        rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in body.strip().split("\n")]
        found[name] = [dict(zip(rows[0], row)) for row in rows[2:]]
    return found


def diagnostic(value):
    if type(value) is bytes:
        return f"h'{value.hex()}'"
    if type(value) is list:
        return f"[{', '.join(map(diagnostic, value))}]"
    if type(value) is dict:
        return f"{{{', '.join(f'{diagnostic(k)}: {diagnostic(v)}' for k, v in value.items())}}}"
    return json.dumps(value, ensure_ascii=False)


cddl = Cddl((PROTOCOL / "act.cddl").read_text())
keys = json.loads((PROTOCOL / "vectors/keys.json").read_text())
published = tables((PROTOCOL / "SPEC.md").read_text())
messages = Messages(cddl, published, keys)
terms = Terms(cddl, published, messages)


def ed25519(vector):
    if "enrol" in vector:
        enrol(bytes.fromhex(vector["enrol"]))
    else:
        check(verify(*(bytes.fromhex(vector[name]) for name in ("signature", "message", "publicKey"))), "cose-signature")
    return True


def act(vector):
    try:
        return cddl.decode("act-object-" + vector["object"], decode(bytes.fromhex(vector["input"])))
    except Mismatch:
        raise Refused("message-shape") from None


def view(composer, vector):
    if "code" in vector and refuses(composer, vector["facts"], vector["profile"], published):
        raise Refused(vector["code"])  # why there is no view is no code of SPEC section 11
    return composer(vector["facts"], vector["profile"], published)


def statements(facts, profile, tables):
    return compose_statements(facts, profile, tables, terms)


def sealed(vector):
    if "recipientKey" in vector:
        return messages.recipient_key(bytes.fromhex(vector["recipientKey"]))
    return messages.envelope(bytes.fromhex(vector["input"]), vector["role"]).hex()


READERS = {
    "cbor": lambda v: diagnostic(decode(bytes.fromhex(v["input"]))),
    "ed25519": ed25519,
    "frames": lambda v: messages.frame(bytes.fromhex(v["input"]), v["receiver"], v["session"], v["now"]),
    "objects": lambda v: messages.object(v["type"], bytes.fromhex(v["input"]))[0],
    "evidence": lambda v: messages.evidence(bytes.fromhex(v["input"])),
    "sealed": sealed,
    "topics": lambda v: messages.topic(v["topic"]),
    "money": lambda v: messages.amount(v["amount"], v["currency"]),
    "act": act,
    "terms": lambda v: terms.read(v["terms"], v["currency"], v["mode"], v["total"]),
    "sub-accounts": lambda v: sub_account(messages, v),
    "views": lambda v: view(compose, v),
    "views-delegation": lambda v: view(statements, v),
    "view-digests": lambda v: seen_on(v, messages, published, terms),
}

agreed, differences = {}, []
for name, read in READERS.items():
    for vector in json.loads((PROTOCOL / f"vectors/{name}.json").read_text())["vectors"]:
        try:
            made = {"decoded": read(vector)}
        except Refused as refused:
            made = {"code": str(refused)}
        expected = {key: vector[key] for key in ("decoded", "code") if key in vector}
        if made == expected:
            agreed[name] = agreed.get(name, 0) + 1
        else:
            differences.append({"vector": f"{name}: {vector['name']}", "expected": expected, "made": made})

print(json.dumps({"agreed": agreed, "differences": differences}))
sys.exit(1 if differences else 0)
