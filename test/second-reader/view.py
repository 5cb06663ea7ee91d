"""The view of a payment, laid out from SPEC sections 9 and 9.1 alone. One code point is one cluster here, which the vectors that are valid keep to."""
import hashlib
import re
import unicodedata

from messages import Refused, check, encode

LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0148\u014a-\u017e\u01cd-\u01dc\u01f8\u01f9\u0218-\u021b\u1e80-\u1e85\u1ea0-\u1ef9"
ALLOWED = re.compile(
    f"[ -~{LATIN}\u4e00-\u9fff々〇"
    "\u3041-\u3096\u309d\u309e\u30a1-\u30fe¢£¥©®°²³·×÷–—‘’“”•…‰€℃№™★☆\u3001-\u3003\u3008-\u3011\u3014-\u301c\uff01-\uff5e\uffe5"
    "\u0300-\u0304\u0306-\u030c\u031b\u0323-\u0328\u0331]+"
)
NARROW = re.compile("[ -~\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]")


def width(text):
    return sum(1 if NARROW.match(c) else 2 for c in text)


def safe(text, longest=1024):
    check(len(text.encode("utf-16-le", "surrogatepass")) // 2 <= longest, "text")
    text = re.sub("[ \u00a0\u3000]+", " ", unicodedata.normalize("NFC", text)).strip(" ")
    check(ALLOWED.fullmatch(text), "text")
    check(not re.search("[\u0300-\u0331]{3}", text), "text")
    return text


def safe_name(text):
    """A payee: no letters of two alphabets, and no kana among ideographs all of which look like ideographs."""
    text = safe(text, 96)
    alphabets = [re.search(letters, text) for letters in (f"[{LATIN}]", "[\uff21-\uff3a\uff41-\uff5a]")]
    kana = set(re.findall("[\u3041-\u3096\u309d\u309e\u30a1-\u30fe]", text))
    check(not all(alphabets), "mixed-script")
    check(not (re.search("[\u4e00-\u9fff]", text) and kana and kana <= set("ーニハカトロタエ")), "mixed-script")
    return text


def sentence_ends(text):
    """Where a sentence ends: the places of the characters that are not said."""
    for at, c in enumerate(text):
        before, behind = text[at - 1:at], text[at + 1:at + 2]
        digits = [unicodedata.category(one)[0] == "N" for one in (before or " ", behind or " ")]
        if c in "!?;…。！？；" or c in ".．" and (digits == [True, False] or unicodedata.category(behind or " ")[0] not in "LN"):
            yield at


def one_part(text, pause):
    ends = set(sentence_ends(text))
    parts = "".join("\n" if at in ends else c for at, c in enumerate(text)).split("\n")
    return pause.join(part.strip(" ") for part in parts if part.strip(" "))


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


def phrases(table, locale):
    return {row["Phrase"]: row[locale].replace("␣", " ") for row in table}


def filled(form, /, **parts):
    return re.sub(r"\{([a-z ]+)\}", lambda gap: str(parts[gap[1]]), form)


def money_in(currency, tables):
    decimals = {row["Currency"]: int(row["Decimals"]) for row in tables["currencies"]}
    check(currency in decimals, "amount-invalid")

    def money(minor):
        digits = str(minor).rjust(decimals[currency] + 1, "0")
        cut = len(digits) - decimals[currency]
        return f"{currency} {digits[:cut]}" + (f".{digits[cut:]}" if decimals[currency] else "")

    return money


def surface_of(profile, tables):
    row = next(row for row in tables["profiles"] if row["Profile"] == profile)
    return int(row["Columns"]), int(row["Rows"]), row["Speech"] == "yes"


def paged(heading, first, body, closing, reminder, columns, rows):
    """Screens with the heading in front, as the digest has them."""
    room = rows - (rows >= 6)
    pages = [first]
    for block in body:
        if len(pages[-1]) + len(block) > room:
            pages.append([])
        pages[-1] = pages[-1] + block
    if len(pages) > 1 or len(pages[0]) + len(closing) > room:
        closing = [*reminder, *closing]
    if len(pages[-1]) + len(closing) > room:
        pages.append([])
    pages[-1] = pages[-1] + closing
    if rows >= 6:
        pages = [pair(heading, f"{i + 1}/{len(pages)}", columns) + page for i, page in enumerate(pages)]
    check(all(len(page) <= rows and all(width(one) <= columns for one in page) for page in pages), "display-too-small")
    return [[heading, *page] for page in pages]


def digested(profile, locale, screens, spoken):
    digest = hashlib.sha256(encode([profile, locale, screens, spoken])).hexdigest()
    return {"profile": profile, "locale": locale, "screens": screens, "spoken": spoken, "digest": digest}


def compose(facts, profile, tables):
    locale = facts["locale"]
    words = phrases(tables["phrases"], locale)
    money = money_in(facts["currency"], tables)
    check(facts["totalMinor"] > 0, "amount-invalid")
    columns, rows, speech = surface_of(profile, tables)

    payee, total = safe_name(facts["payeeName"]), money(facts["totalMinor"])
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
        closing = [words["hold"], words["click"]]
        screens = paged(words["heading"], first, body, closing, [row], columns, rows)

    spoken = []
    if speech:
        def said(name, **parts):
            return filled(words[name], **parts)
        spoken = [said("say payment", amount=total, payee=payee)]
        spoken += [said("say line", quantity=q, title=clip(one_part(t, words["pause"]), 60, words["cut short"]), amount=a) for q, t, a in lines]
        spoken += [said("sentence", text=f"{label} {amount}") for label, _, amount in fields]
        spoken += [said("sentence", text=one) for one in [*eta, order]] + [said("say closing", amount=total)]
    return digested(profile, locale, screens, spoken)


def refuses(compose, facts, profile, tables):
    """Whether there is no view; why is told in other words by each implementation."""
    try:
        compose(facts, profile, tables)
        return False
    except Refused:
        return True
