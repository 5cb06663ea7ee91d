"""CBOR, COSE, Ed25519, HPKE and the messages of act-edge, written from SPEC.md and act.cddl alone."""
import hashlib
import hmac
import re

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cddl import Mismatch


class Refused(Exception):
    """The input is refused with this code."""


def check(holds, code):
    if not holds:
        raise Refused(code)


class Reader:
    """Strict CBOR (ACTC-CBR-*): one spelling for each value."""

    def __init__(self, data):
        check(len(data) <= 4096, "cbor-too-long")
        check(len(data) > 0, "cbor-truncated")
        self.data, self.at = data, 0

    def take(self, count):
        check(self.at + count <= len(self.data), "cbor-truncated")
        self.at += count
        return self.data[self.at - count:self.at]

    def end(self):
        check(self.at == len(self.data), "cbor-trailing")

    def literal(self, byte, code):
        check(self.take(1)[0] == byte, code)

    def head(self):
        major, info = divmod(self.take(1)[0], 32)
        check(major != 6, "cbor-tag")
        if major == 7:
            check(info not in (25, 26, 27), "cbor-float")
            check(info < 28, "cbor-malformed")
            check(info in (20, 21, 22), "cbor-simple")
            return major, info
        if info < 24:
            return major, info
        check(info < 28, "cbor-indefinite" if info == 31 and major >= 2 else "cbor-malformed")
        width = 1 << (info - 24)
        argument = int.from_bytes(self.take(width), "big")
        check(argument >= (24 if width == 1 else 1 << (4 * width)), "cbor-not-canonical")
        check(major > 1 or argument <= 2**53 - 1 - major, "cbor-int-range")
        return major, argument

    def item(self, depth=0):
        major, argument = self.head()
        if major in (0, 1):
            return argument if major == 0 else -1 - argument
        if major == 2:
            return self.take(argument)
        if major == 3:
            return self.text(argument)
        if major == 7:
            return {20: False, 21: True, 22: None}[argument]
        check(depth < 8, "cbor-too-deep")
        check(argument <= 64, "cbor-too-many")
        if major == 4:
            return [self.item(depth + 1) for _ in range(argument)]
        made, previous = {}, b""
        for _ in range(argument):
            start = self.at
            major, value = self.head()
            check(major in (0, 1, 3), "cbor-bad-key")
            key = self.text(value) if major == 3 else value if major == 0 else -1 - value
            spelled = self.data[start:self.at]
            check(spelled != previous, "cbor-duplicate-key")
            check(spelled > previous, "cbor-key-order")
            previous, made[key] = spelled, self.item(depth + 1)
        return made

    def text(self, length):
        raw = self.take(length)
        check(not raw.startswith(b"\xef\xbb\xbf"), "cbor-bad-utf8")
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise Refused("cbor-bad-utf8") from None

    def byte_string(self, code):
        major, length = self.head()
        check(major == 2, code)
        return self.take(length)


def decode(data):
    reader = Reader(data)
    value = reader.item()
    reader.end()
    return value


def encode(value):
    """Deterministic CBOR of ints, texts, bytes, lists and maps."""
    def head(major, n):
        width = next(w for w in (0, 1, 2, 4, 8) if n < (24 if w == 0 else 1 << (8 * w)))
        return bytes([major << 5 | n]) if width == 0 else bytes([major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[width]]) + n.to_bytes(width, "big")
    if type(value) is int:
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if type(value) is bytes:
        return head(2, len(value)) + value
    if type(value) is str:
        return head(3, len(value.encode())) + value.encode()
    if type(value) is list:
        return head(4, len(value)) + b"".join(encode(one) for one in value)
    return head(5, len(value)) + b"".join(sorted(encode(k) + encode(v) for k, v in value.items()))


# Ed25519 (ACTC-KEY-*): points are computed here, so that the list of low-order encodings is found a second time.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def point(encoded, strict=False):
    y, sign = int.from_bytes(encoded, "little") & (2**255 - 1), encoded[31] >> 7
    if strict and y >= P:
        return None
    y %= P
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (v * x * x - u) % P:
        return None
    x = P - x if x % 2 != sign and x else x
    return (x, y, 1, x * y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, p):
    total = (0, 1, 1, 0)
    while n:
        total, p, n = (add(total, p) if n & 1 else total), add(p, p), n >> 1
    return total


def is_identity(p):
    return p[0] % P == 0 and (p[1] - p[2]) % P == 0


def low_order(encoded):
    found = point(encoded)
    return found is not None and is_identity(times(8, found))


def verify(signature, message, key):
    if len(signature) != 64 or len(key) != 32 or low_order(key) or low_order(signature[:32]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def enrol(key):
    check(len(key) == 32, "key-malformed")
    check(not low_order(key), "key-low-order")
    check(int.from_bytes(key, "little") & (2**255 - 1) < P, "key-not-canonical")
    check(point(key, strict=True), "key-malformed")
    check(is_identity(times(L, point(key))), "key-mixed-order")


# HPKE base mode: X25519, HKDF-SHA256, ChaCha20-Poly1305 (RFC 9180; ACTC-SEA-*)
KEM, HPKE = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x03"


def extract(suite, salt, label, ikm):
    return hmac.new(salt, b"HPKE-v1" + suite + label + ikm, hashlib.sha256).digest()


def expand(suite, prk, label, info, length):
    return hmac.new(prk, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info + b"\x01", hashlib.sha256).digest()[:length]


def agreement_key(seed):
    return X25519PrivateKey.from_private_bytes(expand(KEM, extract(KEM, b"", b"dkp_prk", seed), b"sk", b"", 32))


def public_bytes(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def hpke_open(key, enc, aad, ciphertext):
    try:
        agreed = key.exchange(X25519PublicKey.from_public_bytes(enc))
        shared = expand(KEM, extract(KEM, b"", b"eae_prk", agreed), b"shared_secret", enc + public_bytes(key), 32)
        context = b"\x00" + extract(HPKE, b"", b"psk_id_hash", b"") + extract(HPKE, b"", b"info_hash", b"")
        secret = extract(HPKE, shared, b"secret", b"")
        nonce = expand(HPKE, secret, b"base_nonce", context, 12)
        return ChaCha20Poly1305(expand(HPKE, secret, b"key", context, 32)).decrypt(nonce, ciphertext, aad)
    except (ValueError, InvalidTag):
        raise Refused("seal-open") from None


def kid_of(public, curve):
    return hashlib.sha256(encode({1: 1, -1: curve, -2: public})).digest()[:8]


# COSE_Sign1 (ACTC-COS-*)
CLAIMS = {1: "iss", 3: "aud", 4: "exp", 6: "iat", 7: "cti"}


def claim_fits(key, value):
    if key in (1, 3):
        return type(value) is str and 1 <= len(value) <= 128
    return type(value) is int and value >= 0 if key in (4, 6) else type(value) is bytes and 1 <= len(value) <= 32


def uint16(value):
    return type(value) is int and 0 <= value <= 0xFFFF


def parse_sign1(data):
    reader = Reader(data)
    reader.literal(0xD2, "cose-malformed")
    reader.literal(0x84, "cose-malformed")
    protected = reader.byte_string("cose-malformed")
    reader.literal(0xA0, "cose-header")
    payload, signature = reader.byte_string("cose-malformed"), reader.byte_string("cose-malformed")
    reader.end()
    check(len(signature) == 64, "cose-signature")
    header = decode(protected)
    check(type(header) is dict, "cose-malformed")
    check(2 not in header, "cose-crit")
    known = (1, 4, 15, 16, -70001)
    check(all(type(k) is str or k in known or k >= 256 for k in header), "cose-header")
    check(type(header.get(1)) is int and header[1] in (-19, -8), "cose-alg")
    check(type(header.get(4)) is bytes and len(header[4]) == 8, "cose-kid")
    check(uint16(header.get(16)), "cose-typ")
    check(-70001 not in header or uint16(header[-70001]), "cose-header")
    claims = header.get(15, {})
    check(type(claims) is dict and all(k in CLAIMS and claim_fits(k, v) for k, v in claims.items()), "cose-header")
    return {"header": header, "claims": {CLAIMS[k]: v for k, v in claims.items()}, "protected": protected, "payload": payload, "signature": signature}


class Messages:
    """What the enrolment of `keys` reads, by the published rules."""

    def __init__(self, cddl, tables, keys):
        self.cddl, self.tables, self.tenant = cddl, tables, keys["tenant"]
        self.keys = {kid_of(bytes.fromhex(k["publicKey"]), 6): k for k in keys["signing"]}
        self.own = {}
        for one in keys["recipients"]:
            key = agreement_key(bytes.fromhex(one["seed"]))
            assert public_bytes(key).hex() == one["publicKey"] and kid_of(public_bytes(key), 4).hex() == one["kid"]
            self.own[kid_of(public_bytes(key), 4)] = key
        assert all(kid.hex() == k["kid"] for kid, k in self.keys.items())
        self.frames = {int(row["Type"]): row for row in tables["frames"]}
        self.objects = {row["Object"]: row for row in tables["objects"]}

    def _key(self, kid, use, roles):
        key = self.keys.get(kid)
        check(key and key["use"] == use and key["role"] in roles, "cose-kid")
        return key

    def _verify(self, parsed, key, typ, aad):
        check(parsed["header"][1] == -19, "cose-alg")
        check(parsed["header"][16] == typ, "cose-typ")
        signed = encode(["Signature1", parsed["protected"], encode(aad), parsed["payload"]])
        check(verify(parsed["signature"], signed, bytes.fromhex(key["publicKey"])), "cose-signature")

    def _body(self, rule, data):
        try:
            return self.cddl.decode(rule, decode(data))
        except Mismatch:
            raise Refused("message-shape") from None

    def frame(self, data, receiver, session, now):
        check(len(data) <= 4096, "frame-too-long")
        parsed = parse_sign1(data)
        typ, claims, version = parsed["header"][16], parsed["claims"], parsed["header"].get(-70001)
        kind = self.frames.get(typ)
        check(kind, "frame-unknown-type")
        check(len(claims) == 5 and len(claims["cti"]) == 16, "frame-malformed")
        check(version == 1, "frame-version")
        check(all(946684800 <= claims[name] <= 4133980799 for name in ("iat", "exp")), "time-range")
        check(claims["aud"] == receiver["party"] and receiver["role"] in kind["To"].split(", "), "frame-not-for-me")
        check(1 <= claims["exp"] - claims["iat"] <= 120, "frame-lifetime")
        check(946684800 <= now <= 4133980799, "time-range")
        check(claims["iat"] <= now + 30, "frame-not-yet-valid")
        check(claims["exp"] > now - 30, "frame-expired")
        key = self._key(parsed["header"][4], "frame", kind["From"].split(", "))
        check(key["party"] == claims["iss"] and session is not None, "frame-wrong-sender")
        self._verify(parsed, key, typ, ["act-edge", version, "frame", typ, receiver["role"], self.tenant, bytes.fromhex(session)])
        body = self._body(kind["Body"], parsed["payload"])
        sender = {"party": key["party"], "role": key["role"]}
        return {**claims, "cti": claims["cti"].hex(), "type": kind["Frame"], "version": version, "from": sender, "body": body}

    def object(self, name, data):
        kind, parsed = self.objects[name], parse_sign1(data)
        check(15 not in parsed["header"] and -70001 not in parsed["header"], "cose-header")
        key = self._key(parsed["header"][4], "object", [kind["Signer"]])
        self._verify(parsed, key, int(kind["Type"]), ["act-edge", 1, "object", int(kind["Type"])])
        value = self._body(kind["Body"], parsed["payload"])
        return {"type": name, "digest": hashlib.sha256(data).hexdigest(), "value": value}, key["party"]

    def evidence(self, data):
        parts = {name: bytes.fromhex(part) for name, part in self._body("evidence", data).items()}
        opened = {name: self.object(name, part) for name, part in parts.items()}
        value = {name: one[0]["value"] for name, one in opened.items()}
        by = {name: one[1] for name, one in opened.items()}
        cart, challenge, confirmation, receipt = (value[name] for name in ("cart", "challenge", "confirmation", "receipt"))
        total = sum(line["amountMinor"] for line in cart["lines"]) + cart["deliveryMinor"] - sum(d["amountMinor"] for d in cart["discounts"])
        digest = {name: one[0]["digest"] for name, one in opened.items()}
        terms = [(t["orderNo"], t["payee"], t["amountMinor"], t["currency"]) for t in (challenge, receipt)]
        check(by["cart"] == cart["merchant"] and total == cart["totalMinor"], "evidence-link")
        check(challenge["cartDigest"] == digest["cart"] and challenge["payer"] == by["confirmation"], "evidence-link")
        check(confirmation["challengeDigest"] == digest["challenge"], "evidence-link")
        check(confirmation["confirmedAt"] <= min(challenge["expiresAt"], cart["lockedUntil"]), "evidence-link")
        check(receipt["confirmationDigest"] == digest["confirmation"] and by["receipt"] == by["challenge"], "evidence-link")
        check(terms == [(cart["orderNo"], cart["merchant"], cart["totalMinor"], cart["currency"])] * 2, "evidence-link")
        return value

    def envelope(self, data, role):
        reader = Reader(data)
        check(data[0] != 0xD2, "seal-plain")
        check(len(data) in (1024, 2048, 4096), "seal-size")
        reader.literal(0xD0, "seal-malformed")
        reader.literal(0x83, "seal-malformed")
        protected = reader.byte_string("seal-malformed")
        reader.literal(0xA1, "seal-header")
        reader.literal(0x23, "seal-header")
        enc, ciphertext = reader.byte_string("seal-malformed"), reader.byte_string("seal-malformed")
        reader.end()
        header = decode(protected)
        check(type(header) is dict and len(enc) == 32, "seal-malformed")
        check(set(header) <= {1, 4, -70001}, "seal-header")
        check(header.get(1) == 42, "seal-alg")
        check(header.get(-70001) == 1, "seal-version")
        check(header.get(4) in self.own, "seal-kid")
        aad = encode(["Encrypt0", protected, encode(["act-edge", 1, "sealed", self.tenant, role])])
        padded = hpke_open(self.own[header[4]], enc, aad, ciphertext)
        frame = padded.rstrip(b"\x00")
        check(frame.endswith(b"\x80"), "seal-padding")
        room = len(data) - len(padded)
        check(len(data) == next(size for size in (1024, 2048, 4096) if len(frame) <= size - room), "seal-padding")
        return frame[:-1]

    def recipient_key(self, data):
        parsed = parse_sign1(data)
        key = self._key(parsed["header"][4], "frame", ["device", "agent", "merchant", "psp"])
        self._verify(parsed, key, 31, ["act-edge", 1, "recipient-key", 31, self.tenant])
        value = self._body("recipient-key", parsed["payload"])
        public = bytes.fromhex(value["publicKey"])
        check((value["party"], value["role"]) == (key["party"], key["role"]), "seal-key")
        check(1 <= value["notAfter"] - value["notBefore"] <= 90 * 86400 and len(public) == 32, "seal-key")
        try:
            next(iter(self.own.values())).exchange(X25519PublicKey.from_public_bytes(public))
        except ValueError:
            raise Refused("seal-key") from None
        return {**value, "kid": kid_of(public, 4).hex()}

    def topic(self, text):
        level = r"(?!(?:svc|up|down|ctl)(?:/|\Z))([a-z0-9][a-z0-9-]{0,31})"
        device = re.fullmatch(rf"act/1/{level}/{level}/(up|down|ctl)", text)
        service = re.fullmatch(rf"act/1/{level}/svc/{level}", text)
        check(device or service, "topic-syntax")
        if device:
            return {"tenant": device[1], "kind": "device", "party": device[2], "direction": device[3]}
        return {"tenant": service[1], "kind": "service", "party": service[2]}

    def amount(self, text, currency):
        exponents = {row["Currency"]: int(row["Decimals"]) for row in self.tables["currencies"]}
        check(currency in exponents, "money-currency")
        parts = re.fullmatch(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?", text, re.ASCII)
        check(parts, "money-syntax")
        decimals = parts[2] or ""
        check(len(decimals) <= exponents[currency], "money-precision")
        minor = int(parts[1] + decimals.ljust(exponents[currency], "0"))
        check(minor <= 999_999_999_999, "money-range")
        return minor
