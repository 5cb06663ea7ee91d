"""The terms of a delegation, read out of a credential's private part from SPEC section 6.3 and act.cddl alone; and what a sub-account authorises."""
import json
import re
from datetime import datetime, timezone

from cddl import Mismatch
from messages import Refused, check, decode, encode, parse_sign1, verify

CLOCK = "%Y-%m-%dT%H:%M:%SZ"


class Number(str):
    """A number as it is spelt."""


def unique(members):
    check(len(dict(members)) == len(members), "json-duplicate-member")
    return dict(members)


def parse(text):
    try:
        return json.loads(text, object_pairs_hook=unique, parse_int=Number, parse_float=Number)
    except ValueError:
        raise Refused("json-syntax") from None


class Terms:
    def __init__(self, cddl, tables, messages):
        self.cddl, self.messages = cddl, messages
        self.decimals = {row["Currency"]: int(row["Decimals"]) for row in tables["currencies"]}
        self.maps = {}
        for row in tables["terms"]:
            bare = {name: cell.strip("`") for name, cell in row.items()}
            self.maps.setdefault(bare["Map"], []).append(bare)

    def read(self, text, currency, mode, total):
        """The terms with the names of their fields."""
        whole = parse(text)
        check(type(whole) is dict and list(whole) == ["act_edge"], "message-shape")
        given = whole["act_edge"]
        money = given.get("currency") if type(given) is dict else None
        keyed = self.keyed("edge-terms", given, money)
        try:
            terms = self.cddl.decode("edge-terms", keyed)
        except Mismatch:
            raise Refused("message-shape") from None
        self.agree(terms)
        check(text == f'{{"act_edge":{self.written("edge-terms", terms, money)}}}', "message-shape")
        check(terms["currency"] == currency and ("purpose" in terms) == (mode == "BOUNDED"), "message-shape")
        check(terms.get("firstFundMinor", 0) <= total, "act-amount-order")
        return terms

    def keyed(self, name, given, currency):
        """An object of JSON as the map of integers that its rule describes."""
        check(type(given) is dict, "message-shape")
        rows = {row["JSON"]: row for row in self.maps[name]}
        check(all(member in rows for member in given), "json-unknown-member")
        return {int(rows[member]["Key"]): self.valued(rows[member], one, currency) for member, one in given.items()}

    def valued(self, row, one, currency):
        inner = re.fullmatch(r"\[\d+\*\d+ (.+)\]", row["Type"])
        if inner:
            check(type(one) is list, "message-shape")
            return [self.valued({**row, "Type": inner[1]}, entry, currency) for entry in one]
        if row["Type"] in self.maps:
            return self.keyed(row["Type"], one, currency)
        if row["Field"].endswith("Minor"):
            check(type(one) is Number, "message-shape")
            return self.messages.amount(one, currency)
        if row["Type"] == "epoch-seconds":
            return int(datetime.strptime(one, CLOCK).replace(tzinfo=timezone.utc).timestamp())
        return int(one) if type(one) is Number and re.fullmatch("-?[0-9]+", one) else one

    def written(self, name, value, currency):
        there = [row for row in self.maps[name] if row["Field"] in value]
        return "{" + ",".join(f'"{row["JSON"]}":{self.spelt(row, value[row["Field"]], currency)}' for row in there) + "}"

    def spelt(self, row, one, currency):
        if type(one) is list:
            return "[" + ",".join(self.spelt(row, entry, currency) for entry in one) + "]"
        if type(one) is dict:
            return self.written(next(name for name in self.maps if name in row["Type"]), one, currency)
        if row["Field"].endswith("Minor"):
            digits = str(one).rjust(self.decimals[currency] + 1, "0")
            cut = len(digits) - self.decimals[currency]
            return digits[:cut] + ("." + digits[cut:] if self.decimals[currency] else "")
        if row["Type"] == "epoch-seconds":
            return json.dumps(datetime.fromtimestamp(one, timezone.utc).strftime(CLOCK))
        return json.dumps(one, ensure_ascii=False)

    @staticmethod
    def agree(terms):
        check(("items" in terms) != ("purpose" in terms), "act-request-link")
        check("purpose" in terms or "firstFundMinor" not in terms, "act-instrument")
        for start, end in (("fromMin", "untilMin"), ("wantedFrom", "wantedUntil")):
            check((start in terms) == (end in terms), "act-window")
            check(start not in terms or terms[start] < terms[end], "act-window")
        items, days = terms.get("items", []), terms.get("weekdays", [])
        for names in ([one["itemId"] for one in items], *(one.get("choices", []) for one in items)):
            check(len(set(names)) == len(names), "act-list-conflict")
        check(days == sorted(set(days)), "act-list-conflict")

    def readable(self, iac):
        """The credential with its private part read."""
        ext = iac.get("ext", {})
        if "vendorPrivate" not in ext:
            return iac
        terms = self.read(ext["vendorPrivate"], iac["currency"], iac.get("delegationMode", "SPECIFIED"), iac["maxTotalMinor"])
        return {**iac, "ext": {**ext, "vendorPrivate": terms}}


def sub_account(messages, vector):
    """Whether the key of the sub-account has authorised this request (ACTC-DEL-003)."""
    data = bytes.fromhex(vector["input"])
    messages.object(vector["type"], data)
    row, body = messages.objects[vector["type"]], decode(parse_sign1(data)["payload"])
    field = next(int(one["Key"]) for one in messages.tables["fields"] if one["Map"] == f"`{vector['type']}`" and one["Field"] == "`subAccountAuthorization`")
    check(field in body, "cose-signature")
    signed = encode(["act-edge", 1, "sub-account", int(row["Type"]), {**body, field: bytes(64)}])
    check(verify(body[field], signed, bytes.fromhex(vector["publicKey"])), "cose-signature")
    return True
