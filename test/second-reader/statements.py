"""The views of delegations, changes and bindings, laid out from SPEC section 9.2 alone, and the search for the one that was signed."""
import re
import unicodedata
from datetime import datetime, timezone

from messages import Refused, check, decode, encode
from view import compose, digested, filled, money_in, pair, paged, phrases, safe, safe_name, surface_of, width, wrap

KINDS = {"Suspended": "suspend", "Active": "resume", "Revoked": "revoke"}
ACCOUNT_KINDS = {"TOP_UP": "fill", "UNFREEZE": "unfreeze"}


def below(value, path):
    """The field at a path, or None where it or a map around it is left out."""
    for name in path.split("."):
        value = None if value is None else value.get(name)
    return value


def leaves(value, path=""):
    for name, one in value.items():
        yield from leaves(one, f"{path}{name}.") if type(one) is dict else [f"{path}{name}"]


def time_of_day(minutes):
    return f"{minutes // 60:02}:{minutes % 60:02}"


def offset(minutes):
    return f"UTC{'-' if minutes < 0 else '+'}{time_of_day(abs(minutes))}"


def order(item):
    choices = item.get("choices", [])
    return f"{item['quantity']}x {item['itemId']}" + (f": {', '.join(choices)}" if choices else "")


def percentage(hundredths):
    text = f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".")
    return f"{text}%"


class Statements:
    """Makes statements of fields: (statement, words, what is shown)."""

    def __init__(self, currency, locale, tables, names, fallback):
        self.words = phrases(tables["statement-phrases"], locale)
        self.common = phrases(tables["phrases"], locale)
        self.rows = tables["statement-fields"]
        self.money, self.names, self.fallback = money_in(currency, tables), names, fallback

    def name(self, merchant):
        check(merchant in self.names or self.fallback, "payee-unknown")
        return safe_name(self.names.get(merchant, merchant))

    def quoted(self, phrase, texts):
        check(len(texts) > 0, "cannot-show")
        return ("quoted", self.words[phrase], texts)

    def names_of(self, phrase, merchants):
        return self.quoted(phrase, [self.name(one) for one in merchants])

    def sentence(self, phrase):
        return ("sentence", self.words[phrase], None)

    def value(self, phrase, minor):
        return ("value", self.words[phrase], self.money(minor))

    def of(self, document, value, only=""):
        rows = [row for row in self.rows if row["Document"] == f"`{document}`" and only in row["Field"]]
        paths = {row["Field"].strip("`"): row for row in rows}
        check(only or all(path in paths for path in leaves(value)), "cannot-show")
        made = [self.field(row, below(value, path)) for path, row in paths.items()]
        return [one for one in made if one]

    def field(self, row, value):
        statement, phrase, shown = row["Statement"], row["Words"], row["Shown"]
        if value is None:
            return self.sentence(row["Where left out"]) if row["Where left out"] else None
        check(statement != "refused", "cannot-show")
        if statement in ("first", "none"):
            return None
        if statement == "sentence":
            return self.sentence(filled(phrase, name=value))
        if statement == "time":
            return (statement, self.words[phrase], value)
        if statement == "value":
            forms = {"money": self.money, "number": str, "percentage": percentage, "time of day": time_of_day, "offset": offset}
            return (statement, self.words[phrase], forms[shown](value))
        if statement == "named":
            return (statement, self.words[phrase], [self.words[filled(shown, number=one)] for one in value])
        if shown == "order":
            return self.quoted(phrase, [safe(order(one)) for one in value])
        texts = value if type(value) is list else [value]
        return self.names_of(phrase, texts) if shown == "its name" else self.quoted(phrase, [safe(one) for one in texts])

    # Rows and sentences

    @staticmethod
    def instant(second):
        at = datetime.fromtimestamp(second, timezone.utc)
        return at, at.strftime("%Y-%m-%d"), at.strftime("%H:%M:%S UTC" if at.second else "%H:%M UTC")

    def drawn(self, statement, columns):
        kind, words, shown = statement
        if kind == "value":
            return pair(words, shown, columns)
        if kind == "sentence":
            return wrap(words, columns)
        if kind == "named":
            return wrap(" ".join([words, *shown]), columns)
        if kind == "time":
            _, date, time = self.instant(shown)
            layouts = [[f"{words} {date} {time}"], [f"{words} {date}", time], [words, date, time]]
            return next((rows for rows in layouts if all(width(row) <= columns for row in rows)), layouts[-1])
        return [words, *(("| " if i else "> ") + row for text in shown for i, row in enumerate(wrap(text, columns - 2)))]

    def leading(self, statement, columns):
        if statement[0] != "value":
            return self.drawn(statement, columns)
        row = f"{statement[1]} {statement[2]}"
        return [row if width(row) <= columns else statement[2]]

    def bare(self, statement):
        kind, words, shown = statement
        if kind == "sentence":
            return words
        if kind == "named":
            return " ".join([words, *shown])
        if kind == "value":
            return f"{words} {shown}"
        at, _, time = self.instant(shown)
        month = "January February March April May June July August September October November December".split()[at.month - 1]
        parts = {"year": at.year, "month name": month, "month": at.month, "day": at.day, "time": time}
        return f"{words} {filled(self.words['say time'], **parts)}"

    def said(self, statement):
        if statement[0] == "quoted":
            check(not any(map(says_marks, statement[2])), "text")
            texts = self.words["list comma"].join(filled(self.words["say text"], text=one) for one in statement[2])
            return filled(self.common["sentence"], text=filled(self.words["say quoted"], label=statement[1], texts=texts))
        return filled(self.common["sentence"], text=self.bare(statement))


MARKS = ("[ckq][uw][oø](?:[tŧ]e|a[tŧ])", "引[号號]", "[引隐隱饮飲尹蚓瘾癮吲][号號好浩耗昊皓颢灏镐][完玩丸顽頑烷纨]")


def says_marks(text):
    letters = "".join(c for c in unicodedata.normalize("NFKD", text).lower() if unicodedata.category(c)[0] in "LN")
    return any(re.search(mark, letters) for mark in MARKS)


def blocks(rows, room):
    if len(rows) <= room:
        return [rows]
    return [rows[:2], *([row] for row in rows[2:])]


def goods(made, iac, terms):
    """What a delegation buys, where that can be read."""
    try:
        read = terms.readable(iac)
    except Refused:
        return []
    return [one for name in ("items", "purpose") for one in made.of("iac", read, f"`ext.vendorPrivate.{name}`")]


def parts_of(facts, tables, terms):
    locale, names = facts["locale"], facts.get("names", {})
    offer, change, iac = facts.get("binding-offer"), facts.get("lifecycle-change"), facts.get("iac")
    account = facts.get("sub-account-change")
    bound = offer["limits"] if offer else iac
    fallback = change is not None and change["to"] != "Active"
    made = Statements(bound["currency"], locale, tables, names, fallback)
    total = made.value("total max", bound["maxTotalMinor"]) if "maxTotalMinor" in bound else made.sentence("no total")
    until = bound.get("validUntil" if offer else "validityEndTime")
    end = ("time", made.words["until"], until) if until else made.sentence("no end")
    if change:
        check(change["to"] in KINDS, "cannot-show")
        group = f"change {KINDS[change['to']]}"
        what, merchants = made.sentence(f"{group} what"), below(iac, "ext.commerce.allowedMerchants")
        payees = made.sentence("any merchant") if merchants is None else made.names_of("merchants", merchants)
        agent = made.quoted("agent", [safe(iac["agentId"])])
        body = [end, *goods(made, iac, terms), payees, agent, *made.of("lifecycle-change", change)]
        return made, "change heading", f"{group} hold", [what, total], body, what, "say change", total
    if account:
        check(account["currency"] == iac["currency"], "cannot-show")
        bought = terms.readable(iac)
        group = f"account {ACCOUNT_KINDS[account['operation']]}"
        what, merchants = made.sentence(f"{group} what"), below(iac, "ext.commerce.allowedMerchants")
        payees = made.sentence("any merchant") if merchants is None else made.names_of("merchants", merchants)
        shown = made.value("put in", account["amountMinor"]) if "amountMinor" in account else total
        body = [total] if "amountMinor" in account else []
        goods_of = [one for name in ("items", "purpose") for one in made.of("iac", bought, f"`ext.vendorPrivate.{name}`")]
        body += [end, *goods_of, payees, made.quoted("agent", [safe(iac["agentId"])]), *made.of("sub-account-change", account)]
        return made, "account heading", f"{group} hold", [what, shown], body, shown, "say change", shown
    if offer:
        check(bound.get("maxTotalMinor", 1) > 0, "amount-invalid")
        body = made.of("binding-offer", offer)
        return made, "binding heading", "binding hold", [total, end], body, total, "say binding", total
    check(iac["maxTotalMinor"] > 0, "amount-invalid")
    body = made.of("iac", terms.readable(iac))
    return made, "bounds heading", "bounds hold", [total, end], body, total, "say bounds", total


def compose_statements(facts, profile, tables, terms):
    made, heading, hold, first, body, reminder, opening, total = parts_of(facts, tables, terms)
    words, (columns, rows, speech) = made.words, surface_of(profile, tables)
    screens, spoken = [], []
    if columns:
        room = rows - (rows >= 6)
        leading = [row for one in first for row in made.leading(one, columns)]
        check(len(leading) <= room, "display-too-small")
        body_rows = [block for one in body for block in blocks(made.drawn(one, columns), room)]
        closing = [words[hold], made.common["click"]]
        screens = paged(words[heading], leading, body_rows, closing, made.leading(reminder, columns), columns, rows)
    if speech:
        told = {"what" if opening == "say change" else "total": made.bare(first[0])}
        told["total" if opening == "say change" else "end"] = made.bare(first[1])
        spoken = [filled(words[opening], **told), *(made.said(one) for one in body)]
        spoken.append(filled(words["say closing"], hold=words[hold], total=made.bare(total)))
    try:
        decode(encode([profile, facts["locale"], screens, spoken]))
    except Refused:
        raise Refused("too-long") from None
    return digested(profile, facts["locale"], screens, spoken)


def payment_facts(cart, names):
    check(cart["merchant"] in names, "payee-unknown")
    whole = {name: cart[name] for name in ("totalMinor", "currency", "lines", "deliveryMinor", "orderNo")}
    discount = sum(one["amountMinor"] for one in cart["discounts"])
    return {**whole, "discountMinor": discount, "payeeName": names[cart["merchant"]], **({"etaMin": cart["etaMin"]} if "etaMin" in cart else {})}


def facts_of(name, value, about):
    """What the view of a signed object is made from, if it refers to what it comes with."""
    if name == "authorization":
        return {"iac": value["iac"]}
    if name == "lifecycle-order":
        iac = about[0]["value"]["iac"]
        check(iac["delegationId"] == value["change"]["delegationId"], "view-differs")
        return {"iac": iac, "lifecycle-change": value["change"]}
    if name == "sub-account-order":
        iac = about[0]["value"]["iac"]
        check(iac["delegationId"] == value["change"]["delegationId"], "view-differs")
        return {"iac": iac, "sub-account-change": value["change"]}
    if name == "binding-consent":
        check(value["offerDigest"] == about[0]["digest"], "view-differs")
        return {"binding-offer": about[0]["value"]}
    challenge, cart = about
    check(value["challengeDigest"] == challenge["digest"] and challenge["value"]["cartDigest"] == cart["digest"], "view-differs")
    return {"cart": cart["value"]}


ABOUT = {"confirmation": ["challenge", "cart"], "authorization": [], "lifecycle-order": ["authorization"], "sub-account-order": ["authorization"], "binding-consent": ["binding-offer"]}


def seen_on(vector, messages, tables, terms):
    """The profile and locale whose view has the digest that was signed."""
    name, names = vector["object"], vector["names"]
    value = messages.object(name, bytes.fromhex(vector["signed"]))[0]["value"]
    about = [messages.object(kind, bytes.fromhex(data))[0] for kind, data in zip(ABOUT[name], vector["about"])]
    facts = facts_of(name, value, about)
    for profile in (row["Profile"] for row in tables["profiles"]):
        for locale in names:
            try:
                if name == "confirmation":
                    view = compose({**payment_facts(facts["cart"], names[locale]), "locale": locale}, profile, tables)
                else:
                    view = compose_statements({**facts, "names": names[locale], "locale": locale}, profile, tables, terms)
            except Refused:
                continue
            if view["digest"] == value.get("viewDigest"):
                return {"profile": profile, "locale": locale}
    raise Refused("view-differs")
