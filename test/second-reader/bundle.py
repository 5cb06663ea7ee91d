"""Judges evidence bundles of act-edge: reads [{name, bundle: hex}] from a file, prints one verdict for each as JSON."""
import base64, hashlib, json, re, sys  # noqa: E401
from datetime import datetime, timezone
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

class Unreadable(Exception): """These bytes are no bundle."""
class Untrue(Exception): """A signature or a proof does not hold."""
def need(holds, error=Unreadable):
    if not holds:
        raise error
# CBOR, RFC 8949 §4.2.1: what is not spelled as `encode` would spell it is refused.
def head(data, at):
    major, info = divmod(data[at], 32)
    width = 0 if info < 24 else 1 << (info - 24)
    need(info < 28 and major < 6 and at + 1 + width <= len(data))
    return major, info if width == 0 else int.from_bytes(data[at + 1:at + 1 + width], "big"), at + 1 + width
def item(data, at):
    major, n, at = head(data, at)
    need(major < 2 or at + n <= len(data))
    if major < 4: return (n, -1 - n, data[at:at + n], data[at:at + n].decode() if major == 3 else "")[major], at + (n if major > 1 else 0)
    values = []
    while len(values) < n * (major - 3): value, at = item(data, at); values.append(value)
    return (values if major == 4 else dict(zip(values[::2], values[1::2]))), at
def cbor(data):
    try:
        value, end = item(data, 0)
        need(end == len(data) and encode(value) == data)
        return value
    except (IndexError, TypeError, UnicodeDecodeError): raise Unreadable from None
def encode(value):
    def front(major, n):
        width = next(w for w in (0, 1, 2, 4, 8) if n < (24 if w == 0 else 1 << (8 * w)))
        return bytes([major << 5 | (n if width == 0 else 23 + width.bit_length())]) + (n.to_bytes(width, "big") if width else b"")
    if type(value) is int: return front(*((0, value) if value >= 0 else (1, -1 - value)))
    if type(value) is dict: return front(5, len(value)) + b"".join(sorted(encode(k) + encode(v) for k, v in value.items()))
    if type(value) is list: return front(4, len(value)) + b"".join(map(encode, value))
    return front(3, len(value.encode())) + value.encode() if type(value) is str else front(2, len(value)) + value
# Hashes and signatures
sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
thumb = lambda key: sha(encode({1: 1, -1: 6, -2: key}))
is_low = lambda encoded: encoded[:31] + bytes([encoded[31] & 127]) in LOW
LOW = {bytes.fromhex(y) for y in ("00" * 32, "01" + "00" * 31, *(first + "ff" * 30 + "7f" for first in ("ec", "ed", "ee")),
       "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")}
def check(signature, message, key):
    need(len(signature) == 64 and not is_low(key) and not is_low(signature[:32]), Untrue)
    try: Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError): raise Untrue from None
def b64(text):
    need(re.fullmatch(r"[A-Za-z0-9_-]*", text), Untrue)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
# Merkle proofs and signed notes (RFC 9162 §2.1.3.2, C2SP signed-note, tlog-checkpoint)
def included(leaf, index, tree, proof):
    at, last, made = index, tree[0] - 1, leaf
    need(index <= last, Untrue)
    for beside in proof:
        need(last > 0, Untrue)
        is_right = at % 2 or at == last
        made = sha(b"\1", *((beside, made) if is_right else (made, beside)))
        while is_right and at % 2 == 0 and at:
            at, last = at // 2, last // 2
        at, last = at // 2, last // 2
    need(last == 0 and made == tree[1], Untrue)
def open_note(note, key):
    """Size and root of a checkpoint that its log has signed."""
    text, _, signatures = note.partition("\n\n")
    name, size, root = text.split("\n")
    found = [(by, base64.b64decode(encoded)) for _, by, encoded in (line.split(" ") for line in signatures.split("\n")[:-1])]
    own = [raw[4:] for by, raw in found if by == name and raw[:4] == sha(name.encode() + b"\n\1", key)[:4]]
    need(own, Untrue)
    check(own[0], f"{text}\n".encode(), key)
    return int(size), base64.b64decode(root)
# JSON as ACT has it
MEMBERS = {*"record_id event_type event_time created_at structure_version intent_id delegation_id out_trade_no trade_no upstream_record_id "
           "salt payload_hash hash_algorithm participants event_body extension signatures".split()}
EVENTS = [f"act:delegation:{x}" for x in ("intent-created", *(f"delegation-{y}" for y in ("issued", "suspended", "resumed", "revoked", "expired")))] \
    + [f"act:{x}" for x in ("commerce:decision-logged", "commerce:cart-confirmed", "payment:transaction-completed", "commerce:fulfillment-completed")]
STAGE = dict(zip(EVENTS, (0, 1, 1, 1, 1, 1, 2, 3, 4, 5)))
def twinless(pairs):
    need(len({name for name, _ in pairs}) == len(pairs))
    return dict(pairs)
jcs = lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
number = lambda text: int(float(text)) if float(text).is_integer() else float(text)
when = lambda iso: int(datetime.strptime(iso, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())
minor = lambda body, name: round(body[name] * 10 ** {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3}.get(body["currency"], 2))
NAMES = {1: "cart", 2: "challenge", 3: "confirmation", 4: "receipt", 5: "fulfilment", 6: "authorization", 7: "delegated-pay-request",
         8: "lifecycle-order", 9: "delegation-challenge", 13: "delegation-status", 14: "refund", 15: "autonomous-pay-request"}
ROLE, MANY = {1: 4, 2: 5, 3: 2, 4: 5, 5: 4, 6: 2, 7: 3, 8: 2, 9: 5, 13: 5, 14: 5, 15: 3}, (5, 8, 13, 14)
WAYS = {(1, 2): (1, 3), (2, 1): (1, 3), (1, 3): (1, 2), (2, 3): (1, 2), (1, 4): (4,), (2, 4): (4,)}
SOUND = {8: lambda b: b[1][5] in WAYS.get((b[1][3], b[1][4]), ()), 13: lambda b: b[5] > b[4] and b[9] <= b[7], 14: lambda b: b[5] <= b[6]}
UNKNOWN = {"untrue": "ANCHOR_NOT_FOUND", "not-found": "ANCHOR_NOT_FOUND", "timed-out": "ANCHOR_QUERY_TIMEOUT", "no-key": "PUBLIC_KEY_UNAVAILABLE"}

class Judge:
    def __init__(self, data):
        items, at = [], 0
        while at < len(data):
            major, n, start = head(data, at)
            need(major == 2 and start + n <= len(data) and encode(data[start:start + n]) == data[at:start + n])
            items.append(cbor(data[start:start + n]))
            at = start + n
        kinds = [next(iter(one)) for one in items if type(one) is dict and len(one) == 1]
        need(len(kinds) == len(items) and kinds[:1] == [1] and kinds.count(1) == 1 and kinds == sorted(kinds) and kinds[-1] <= 6)
        (self.header,), self.keys, self.objects, self.notes, self.records, self.payments = [[one[k] for one in items if k in one] for k in range(1, 7)]
        self.faults, self.missing, self.seen = set(), set(), {}
        self.texts = [json.loads(one[1], object_pairs_hook=twinless, parse_float=number) if 1 in one else None for one in self.records]
        need(all(set(text or ()) <= MEMBERS for text in self.texts) and not any(is_low(key[3]) for key in self.keys))
        self.conclusions = [self.record(one, text) for one, text in zip(self.records, self.texts)]
        self.judge_objects()
        self.judge_chain()
    blame = lambda self, code, holds: holds or self.faults.add(code)
    def named(self, purpose, name, at=0):
        found = sorted((k.get(5, 1 << 40), k[3]) for k in self.keys if (k[2], k[1]) == (purpose, name) and at < k.get(5, 1 << 40))
        return found[0][1] if found else None
    def log(self, purpose, index):
        """The note of that number, and the key of its log."""
        need(index < len(self.notes), Untrue)
        return self.notes[index], self.named(purpose, self.notes[index].split("\n")[0])
    def anchor(self, one, text):
        """The hash that the trust chain has for a record, or why there is none."""
        if 2 not in one or 3 not in one: return "timed-out" if 4 in one else "not-found"
        try:
            parts, place = one[2].split("."), one[3]
            note, chain = self.log(5, place[2])
            said = json.loads(b64(parts[1]))
            key = self.named(2, said["submitter_id"], said["iat"])
            if chain is None or key is None: return "no-key"
            included(sha(b"\0", one[2].encode()), place[1], open_note(note, chain), place[3])
            kid = base64.urlsafe_b64encode(thumb(key)[:8]).decode().rstrip("=")
            need(json.loads(b64(parts[0])) == {"alg": "Ed25519", "kid": kid, "typ": "act-anchor+jws"}, Untrue)
            check(b64(parts[2]), f"{parts[0]}.{parts[1]}".encode(), key)
        except (Untrue, ValueError, KeyError, IndexError): return self.faults.add("anchor-proof") or "untrue"
        names = MEMBERS & {"record_id", "event_type", "event_time", "intent_id", "delegation_id", "out_trade_no", "trade_no"}
        own = text or {"record_id": one[6].hex(), "event_type": EVENTS[one[7] - 1]}
        self.blame("anchor-record", all(said.get(n) == own.get(n) for n in names if text or n in own))
        return b64(said["payload_hash"])
    def record(self, one, text):
        answer, _ = self.anchor(one, text), self.journal(one)
        if text is None: return self.missing.add("anchor") if answer in UNKNOWN and answer != "untrue" else None
        self.blame("record-name", (text["record_id"], text["event_type"]) == (one[6].hex(), EVENTS[one[7] - 1]))
        made = self.conclude(text, answer)
        payers = {p["participant_id"] for p in text["participants"] if p["role"] == "PAYER_AGENT"}
        if made in ("VERIFIED", "ANCHOR_NOT_FOUND", "ANCHOR_QUERY_TIMEOUT") and payers & {s["signer_id"] for s in text["signatures"]}:
            self.seen[text["event_body"].get("receipt_digest", text["event_body"].get("update_digest"))] = when(text["created_at"])
        return made
    def conclude(self, text, answer):
        signed = [(s, self.named(2, s["signer_id"], when(text["event_time"]))) for s in text["signatures"]]
        if any(key is None for _, key in signed): return "PUBLIC_KEY_UNAVAILABLE"
        hashed = sha(jcs({n: text[n] for n in ("event_body", "participants")}).encode(), b64(text["salt"]))
        if hashed != b64(text["payload_hash"]): return "PAYLOAD_HASH_MISMATCH"
        try:
            [check(b64(s["signature_value"]), jcs({n: text[n] for n in s["coverage"] if n in text}).encode(), key) for s, key in signed]
            need(any(set(text) - {"signatures"} <= set(s["coverage"]) for s, _ in signed), Untrue)
        except Untrue: return "SIGNATURE_INVALID"
        return UNKNOWN[answer] if type(answer) is str else "VERIFIED" if answer == hashed else "CHAIN_HASH_MISMATCH"
    def journal(self, one):
        try:
            if 5 in one:
                note, key = self.log(3, one[5][3])
                if key is None: return self.missing.add("journal-key")
                included(one[5][1], one[5][2], open_note(note, key), one[5][4])
                event = EVENTS[one[7] - 1] + (f"#{one[5][5]}" if 5 in one[5] else "")
                self.blame("journal-record", sha(b"act-edge/record", one[5][1], event.encode())[:16] == one[6])
        except (Untrue, ValueError): self.faults.add("journal-proof")
    def opened(self, typ, data, at=0, name=None):
        """(body, digest, signer's party, its key) of a signed object. With a name it belongs to another payment, and a request is one of two."""
        try:
            need(data[:1] == b"\xd2", Untrue)
            protected, rest, payload, signature = cbor(data[1:])
            top = cbor(protected)
            typ = 15 if typ == 7 and name and top[16] == 15 else typ
            found = [k for k in self.keys if k[2] == 1 and thumb(k[3])[:8] == top[4]]
            need(not found or found[0][4] == ROLE[typ], Untrue)
            if not found or (at or self.seen.get(sha(data).hex(), 1 << 39)) >= found[0].get(5, 1 << 40):
                return self.missing.add((name or NAMES[typ]) + "-key")
            need(top == {1: -19, 4: top[4], 16: typ} and rest == {}, Untrue)
            check(signature, encode(["Signature1", protected, encode(["act-edge", 1, "object", typ]), payload]), found[0][3])
            need(SOUND.get(typ, bool)(body := cbor(payload)), Untrue)
            return body, sha(data), found[0][1], found[0][3]
        except (Untrue, Unreadable, ValueError, KeyError, TypeError): self.faults.add((name or NAMES[typ]) + "-invalid")
    def judge_objects(self):
        kinds, withheld = [one[1] for one in self.objects], self.header.get(8, [])
        self.blame("object-unexpected", set(kinds) <= set(NAMES) - {6} and (not self.payments or {7, 15} & set(kinds)))
        self.blame("object-repeated", not any(kinds.count(typ) > 1 for typ in set(NAMES) - {*MANY}))
        of = lambda typ, at=0: next((self.opened(typ, one[2], at) for one in self.objects if one[1] == typ), None)
        paid = receipt[0][7] if (receipt := of(4)) else 0
        cart, challenge, confirmation, asked = of(1, paid), of(2, paid), of(3, paid), of(9, paid)
        request = of(7, paid) or of(15, paid)
        iac = self.opened(6, request[0][13], paid) if request else None
        news, orders, words, refunds = ([got for one in self.objects if one[1] == typ and (got := self.opened(typ, one[2]))] for typ in MANY)
        self.found, delegated = (cart, challenge, receipt, news, iac, request), {7, 15} & set(kinds) or 2 in withheld
        wanted = ([] if 1 in withheld or (15 in kinds and request and 9 not in request[0]) else [1]) + ([] if delegated else [2, 3]) + [4]
        shown, told = sum(one[0][5] for one in refunds), max([0, *(one[0][6] for one in refunds)])
        self.missing |= {NAMES[typ] for typ in [*wanted, *([14] * (told > shown))] if typ not in kinds or typ == 14}
        self.judge_limits(receipt, request, iac, orders, words)
        c, h, f, r, q, i = (one and one[0] for one in (cart, challenge, confirmation, receipt, request, iac))
        terms = {"cart": c and (c[1], c[3], c[7], c[8]), "challenge": h and (h[5], h[4], h[2], h[3]), "receipt": r and (r[3], r[6], r[4], r[5])}
        bounds, shop = (i[1], i[1].get(14, {}).get(1, {})) if i else (None, None)
        for code, objects, holds in (
            ("subject-order", [r], lambda: r[3] == self.header[6]),
            ("subject-intent", [c], lambda: c[2] == self.header[5]),
            ("subject-device", [f or i], lambda: (confirmation or iac)[2] == self.header[3]),
            ("subject-delegation", [q], lambda: q[12] == self.header.get(7)),
            ("cart-signer", [c], lambda: cart[2] == c[3]),
            ("cart-total", [c], lambda: sum(line[4] for line in c[4]) + c[6] - sum(d[2] for d in c[5]) == c[7]),
            ("challenge-cart", [c, h], lambda: h[6] == cart[1]),
            ("challenge-terms", [c, h], lambda: terms["cart"] == terms["challenge"]),
            ("challenge-payer", [h, f], lambda: h[7] == confirmation[2]),
            ("confirmation-challenge", [h, f], lambda: f[1] == challenge[1]),
            ("confirmation-late", [h, f], lambda: f[5] <= min(h[9], c[10] if c else h[9])),
            ("receipt-confirmation", [f, r], lambda: r[2] == confirmation[1]),
            ("receipt-psp", [h, r], lambda: receipt[2] == challenge[2]),
            ("receipt-challenge", [h, r], lambda: terms["challenge"] == terms["receipt"]),
            ("receipt-terms", [c, r], lambda: terms["cart"] == terms["receipt"]),
            ("request-cart", [c, q], lambda: q.get(9) == cart[1]),
            ("request-agent", [q, i], lambda: thumb(request[3]) == i[2]),
            ("request-credential", [q, i], lambda: (q[12], q[7]) == (bounds[1], bounds[4])),
            ("request-bounds", [q, i, r], lambda: r[5] == bounds[9] and r[4] <= min(bounds[8], shop.get(1, bounds[8]))
             and bounds[6] <= r[7] < bounds[7] and r[6] in shop.get(5, [r[6]]) and r[6] not in shop.get(6, []) and q[10] in bounds.get(10, [q[10]])),
            ("receipt-request", [q, r], lambda: r[2] == request[1] and (q.get(2, r[3]), q[8], q[4], q[5]) == terms["receipt"]),
            ("credential-challenge", [i, asked], lambda: i[3] == asked[1]),
            ("fulfilment-order", [r], lambda: all(one[0][1] == r[3] and one[2] == r[6] for one in news)),
            ("change-delegation", [], lambda: all(one[0][1][2] == self.header.get(7) for one in orders)),
            ("change-signer", [], lambda: all((one[2], one[0][1][5]) == (self.header[3], 1) for one in orders)),
            ("status-delegation", [], lambda: all((one[0][1], one[2]) == (self.header.get(7), receipt[2] if r else one[2]) for one in words)),
            ("refund-trade", [r], lambda: all((b[2], b[3], b[4], b[7], by) == (r[1], r[3], r[6], r[5], receipt[2]) for b, _, by, _ in refunds)),
            ("refund-over", [r], lambda: max(shown, told) <= r[4]),
            ("refund-total", [], lambda: shown <= told),
        ):
            self.blame(code, None in objects or holds())
    def judge_limits(self, receipt, request, iac, orders, words):
        """All payments of a delegation together, as far as they are shown, and against what the PSP says of it."""
        pairs = [(own, self.opened(7, one[2], own[0][7] if own else 0, "payment")) for one in self.payments for own in [self.opened(4, one[1], 0, "payment")]]
        if not (receipt and request and iac): return
        bounds, words, others = iac[0][1], [one[0] for one in words], [(own[0], asked) for own, asked in pairs if own and asked]
        fits = lambda r, q: r[2] == q[1] and (r[4], r[5], r[6], r[3]) == (q[0][4], q[0][5], q[0][8], q[0].get(2, r[3]))
        under = lambda r, q: (q[0][13], r[5]) == (request[0][13], bounds[9])
        paid = [receipt[0], *(r for r, q in others if fits(r, q) and under(r, q))]
        terms = json.loads(own)["act_edge"] if (own := bounds.get(14, {}).get(4, "")).startswith('{"act_edge":{') else {}
        total, kept_back = lambda some: sum(r[4] for r in some), 4 in self.header.get(8, [])
        day, held = lambda r: (r[7] + 60 * terms.get("utc_offset_min", 480)) // 86400, lambda r: {w[3] for w in words if w[2] == 2 and w[4] < r[7]}
        for code, holds in (
            ("payment-request", all(fits(*one) for one in others)),
            ("payment-delegation", all(under(*one) for one in others)),
            ("payment-repeated", len({r[1] for r in paid}) == len(paid)),
            ("limit-total", max([total(paid), *(w[7] for w in words)]) <= bounds[8]),
            ("limit-daily", "max_daily_amount" not in terms
             or all(total(r for r in paid if day(r) == day(one)) <= minor(terms, "max_daily_amount") for one in paid)),
            ("limit-orders", max([len(paid), *(w[10] for w in words)]) <= terms.get("max_orders", 1 << 40)),
            ("paid-after-end", not any(w[2] > 2 and w[4] < r[7] for w in words for r in paid)),
            ("paid-while-suspended", not any(w[2] == 2 and w[3] in held(r) and w[4] >= r[7] for w in words for r in paid)),
        ):
            self.blame(code, holds)
        for code, lacks in (
            ("delegation-status", not kept_back and all(w[4] < receipt[0][7] for w in words)),
            ("payments", not kept_back and any(len(some) < w[10] or total(some) < w[7] for w in words for some in [[r for r in paid if r[7] <= w[4]]])),
            ("resume", any(max([*(w[3] for w in words), *(one[0][1][7] for one in orders)]) <= v for r in paid for v in held(r))),
        ):
            self.missing |= {code} if lacks else set()
    def judge_chain(self):
        (cart, challenge, receipt, news, iac, request), own_id = self.found, self.header.get(7, b"").hex()
        c, r, shown = cart and cart[0], receipt and receipt[0], [text for text in self.texts if text]
        ids, by_id = [one[6].hex() for one in self.records], {text["record_id"]: text for text in shown}
        for text in shown:
            body, event, stage = text["event_body"], text["event_type"], STAGE[text["event_type"]]
            links, subject = (text["intent_id"], text.get("out_trade_no"), text.get("delegation_id")), (self.header[5].hex(), self.header[6], own_id)
            self.blame("record-subject", all(link in (None, wanted) for link, wanted in zip(links, subject)))
            up = by_id.get(text.get("upstream_record_id"))
            before = up and (STAGE[up["event_type"]] < stage or stage == STAGE[up["event_type"]] == 1)
            self.blame("record-upstream", not up or (before and when(up["event_time"]) <= when(text["event_time"])))
            own = r and (r[3], r[1]) == (text.get("out_trade_no"), text.get("trade_no", r[1]))
            holds = {
                "intent-created": lambda: not r or request or (r[5] == body["currency"] and r[4] <= minor(body, "max_total_amount")),
                "delegation-issued": lambda: not iac or ((iac[0][1][1].hex(), iac[0][1][8]) == (text["delegation_id"], minor(body, "max_total_amount"))
                                                         and body.get("confirmation_digest", iac[1].hex()) == iac[1].hex()),
                "decision-logged": lambda: not r or body.get("merchant_id", r[6]) == r[6],
                "cart-confirmed": lambda: (not c or (cart[1].hex(), len(c[4])) == (body["cart_digest"], body["item_count"]))
                and (not challenge or challenge[0][6].hex() == body["cart_digest"])
                and (not r or (own and (r[6], r[4], r[5]) == (body["merchant_id"], minor(body, "final_amount"), body["currency"]))),
                "transaction-completed": lambda: not r or (own and (receipt[1].hex(), r[6], r[4], r[5], r[7]) == (
                    body["receipt_digest"], body["payee_id"], minor(body, "amount"), body["currency"], when(body["paid_at"]))
                    and body.get("confirmation_digest", r[2].hex()) == r[2].hex()),
                "fulfillment-completed": lambda: (not r or (own and r[6] == body["merchant_id"]))
                and (not news or body["update_digest"] in [one[1].hex() for one in news]),
            }.get(event.split(":")[2])
            self.blame("record-" + event.split(":")[2], not holds or holds())
        self.blame("record-repeated", len(set(ids)) == len(ids))
        self.missing |= {"upstream" for text in shown if "upstream_record_id" in text and text["upstream_record_id"] not in ids}
        self.missing |= {"payment-record"} - {"payment-record" for text in shown if text["event_type"] == EVENTS[8]}
    def verdict(self):
        made = [one for one in self.conclusions if one not in (None, "VERIFIED")]
        accused = set(made) - set(UNKNOWN.values())
        standing = "broken" if self.faults or accused else "incomplete" if self.missing or made else "verified"
        return " ".join([standing, *made, *sorted(self.faults), *sorted(self.missing)])

def judged(data):
    try: return Judge(data).verdict()
    except (Unreadable, Untrue, ValueError, IndexError): return "unreadable"
with open(sys.argv[1], encoding="utf-8") as file:
    print(json.dumps({one["name"]: judged(bytes.fromhex(one["bundle"])) for one in json.load(file)}))
