"""The view of a payment, laid out from SPEC section 9 alone. One code point is one cluster here, which the vectors that are valid keep to."""
import hashlib
import re
import unicodedata

from messages import Refused, check, encode

ALLOWED = re.compile(
    "[ -~\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0148\u014a-\u017e\u01cd-\u01dc\u01f8\u01f9\u0218-\u021b\u1e80-\u1e85\u1ea0-\u1ef9\u4e00-\u9fff々〇"
    "\u3041-\u3096\u309d\u309e\u30a1-\u30fe¢£¥©®°²³·×÷–—‘’“”•…‰€℃№™★☆\u3001-\u3003\u3008-\u3011\u3014-\u301c\uff01-\uff5e\uffe5"
    "\u0300-\u0304\u0306-\u030c\u031b\u0323-\u0328\u0331]+"
)
NARROW = re.compile("[ -~\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]")


def width(text):
    return sum(1 if NARROW.match(c) else 2 for c in text)


def safe(text):
    text = re.sub("[ \u00a0\u3000]+", " ", unicodedata.normalize("NFC", text)).strip(" ")
    check(ALLOWED.fullmatch(text), "text")
    check(not re.search("[\u0300-\u0331]{3}", text), "text")
    return text


def clip(text, columns, mark):
    if width(text) <= columns:
        return text
    kept = ""
    for c in text:
        if width(kept + c) > columns - width(mark):
            break
        kept += c
    return kept.rstrip() + mark


def wrap(text, columns):
    rows, row = [], ""
    for c in text:
        row += c
        if len(row) == 1 or width(row) <= columns:
            continue
        space = row.rfind(" ")
        cut = space if space > 0 else len(row) - 1
        rows.append(row[:cut])
        row = row[cut + 1:] if space > 0 else row[cut:]
    return rows + [row] if row else rows


def pair(left, right, columns):
    gap = columns - width(left) - width(right)
    return [left + " " * gap + right] if gap > 0 else [left, " " * max(0, columns - width(right)) + right]


def compose(facts, profile, tables):
    locale, currency = facts["locale"], facts["currency"]
    words = {row["Phrase"]: row[locale].replace("␣", " ") for row in tables["phrases"]}
    decimals = {row["Currency"]: int(row["Decimals"]) for row in tables["currencies"]}
    check(currency in decimals and facts["totalMinor"] > 0, "amount-invalid")
    surface = next(row for row in tables["profiles"] if row["Profile"] == profile)
    columns, rows = int(surface["Columns"]), int(surface["Rows"])

    def money(minor):
        digits = str(minor).rjust(decimals[currency] + 1, "0")
        cut = len(digits) - decimals[currency]
        return f"{currency} {digits[:cut]}" + (f".{digits[cut:]}" if decimals[currency] else "")

    payee, total = safe(facts["payeeName"]), money(facts["totalMinor"])
    lines = [(line["quantity"], safe(line["title"]), money(line["amountMinor"])) for line in facts["lines"]]
    fields = [(words["discount"], "-", money(facts["discountMinor"]))] if facts["discountMinor"] else []
    fields.append((words["delivery"], "", money(facts["deliveryMinor"])))
    eta = [words["eta"].replace("{minutes}", str(facts["etaMin"]))] if "etaMin" in facts else []
    order = f"{words['order']} {facts['orderNo']}"

    screens = []
    if columns:
        row = f"{words['total']} {total}"
        row = row if width(row) <= columns else total
        first, room = [row, *wrap(f"{words['payee']} {payee}", columns)], rows - (rows >= 6)
        check(len(first) <= room, "payee-does-not-fit")
        body = [pair(clip(f"{quantity}x {title}", columns, "…"), amount, columns) for quantity, title, amount in lines]
        body += [pair(label, sign + amount, columns) for label, sign, amount in fields]
        body += [[one] for one in eta] + [wrap(order, columns)]
        pages = [first]
        for block in body:
            if len(pages[-1]) + len(block) > room:
                pages.append([])
            pages[-1] = pages[-1] + block
        closing = [words["hold"], words["click"]]
        if len(pages) > 1 or len(pages[0]) + 2 > room:
            closing = [row, *closing]
        if len(pages[-1]) + len(closing) > room:
            pages.append([])
        pages[-1] = pages[-1] + closing
        if rows >= 6:
            pages = [pair(words["heading"], f"{i + 1}/{len(pages)}", columns) + page for i, page in enumerate(pages)]
        check(all(len(page) <= rows and all(width(one) <= columns for one in page) for page in pages), "display-too-small")
        screens = [[words["heading"], *page] for page in pages]

    spoken = []
    if surface["Speech"] == "yes":
        def said(name, **parts):
            text = words[name]
            for part, value in parts.items():
                text = text.replace("{" + part + "}", str(value))
            return text
        spoken = [said("say payment", amount=total, payee=payee)]
        spoken += [said("say line", quantity=q, title=clip(t, 60, words["cut short"]), amount=a) for q, t, a in lines]
        spoken += [said("sentence", text=f"{label} {amount}") for label, _, amount in fields]
        spoken += [said("sentence", text=one) for one in [*eta, order]] + [said("say closing", amount=total)]
    digest = hashlib.sha256(encode([profile, locale, screens, spoken])).hexdigest()
    return {"profile": profile, "locale": locale, "screens": screens, "spoken": spoken, "digest": digest}


def refuses(facts, profile, tables):
    """Whether there is no view; why is told in other words by each implementation."""
    try:
        compose(facts, profile, tables)
        return False
    except Refused:
        return True
