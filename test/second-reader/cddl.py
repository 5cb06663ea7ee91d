"""A reader of act.cddl: parses the part of RFC 8610 that file uses, matches CBOR values and gives fields their names."""
import re

TOKEN = re.compile(
    r'(?P<space>\s+)|(?P<comment>;[^\n]*)|(?P<string>"(?:[^"\\]|\\.)*")|(?P<tag>#6\.\d+)|(?P<control>\.(?:size|regexp|cbor|and|ge)\b)'
    r"|(?P<range>\.\.)|(?P<arrow>=>)|(?P<number>-?\d+)|(?P<id>[A-Za-z@_$](?:[-.]*[A-Za-z0-9@_$])*)|(?P<mark>[&(){}\[\]<>,:=/?*])"
)
PRIMITIVES = {
    "text": lambda v: type(v) is str,
    "bytes": lambda v: type(v) is bytes,
    "int": lambda v: type(v) is int,
    "uint": lambda v: type(v) is int and v >= 0,
    "nint": lambda v: type(v) is int and v < 0,
    "bool": lambda v: type(v) is bool,
    "null": lambda v: v is None,
}


class Mismatch(Exception):
    """A value that a rule does not describe."""


def need(holds, why):
    if not holds:
        raise Mismatch(why)


class Cddl:
    """Rules by name. `decode` gives a map as an object with the names from the comments, and bytes in hex."""

    def __init__(self, text):
        self.tokens, self.at, self.rules = self._lex(text), 0, {}
        while self.at < len(self.tokens):
            name, params = self._take("id"), []
            if self._skip("<"):
                params = [self._take("id")]
                while self._skip(","):
                    params.append(self._take("id"))
                self._expect(">")
            self._expect("=")
            assert name not in self.rules, f"{name} has two rules"
            self.rules[name] = (params, self._type())
        self._check_references()

    # Parsing

    @staticmethod
    def _lex(text):
        tokens, at, fresh_line = [], 0, True
        while at < len(text):
            match = TOKEN.match(text, at)
            assert match, f"no CDDL at {text[at:at + 30]!r}"
            kind, at = match.lastgroup, match.end()
            if kind == "space":
                fresh_line = fresh_line or "\n" in match.group()
            elif kind != "comment":
                tokens.append((kind, match.group()))
                fresh_line = False
            elif not fresh_line and tokens[-1][1] == ",":
                tokens.append((kind, match.group()[1:].strip()))  # the name of the member in front of it
        return tokens

    def _peek(self, offset=0):
        return self.tokens[self.at + offset] if self.at + offset < len(self.tokens) else ("end", "")

    def _skip(self, mark):
        if self._peek()[1] == mark and self._peek()[0] != "string":
            self.at += 1
            return True
        return False

    def _expect(self, mark):
        assert self._skip(mark), f"expected {mark} before {self.tokens[self.at:self.at + 5]}"

    def _take(self, kind):
        found, text = self._peek()
        assert found == kind, f"expected {kind}, found {text!r}"
        self.at += 1
        return text

    def _type(self):
        options = [self._range()]
        while self._skip("/"):
            options.append(self._range())
        return options[0] if len(options) == 1 else ("or", options)

    def _range(self):
        left = self._operand()
        if self._peek()[0] == "range":
            self.at += 1
            return ("range", left[1], self._operand()[1])
        if self._peek()[0] == "control":
            control = self._take("control")[1:]
            return (control, left, self._operand())
        return left

    def _operand(self):
        kind, text = self._peek()
        self.at += 1
        if kind == "number":
            return ("literal", int(text))
        if kind == "string":
            return ("literal", re.sub(r"\\(.)", r"\1", text[1:-1]))
        if kind == "tag":
            self._expect("(")
            inner = self._type()
            self._expect(")")
            return ("tag", int(text[3:]), inner)
        if kind == "id":
            arguments = []
            if self._skip("<"):
                arguments = [self._type()]
                while self._skip(","):
                    arguments.append(self._type())
                self._expect(">")
            return ("ref", text, arguments)
        if text == "(":
            inner = self._type()
            self._expect(")")
            return inner
        if text in "{[":
            return self._group(text)
        assert text == "&", f"unexpected {text!r}"
        self._expect("(")
        names = {}
        while not self._skip(")"):
            kind, name = self._peek()
            self.at += 1
            self._expect(":")
            names[int(self._take("number"))] = name[1:-1] if kind == "string" else name
            self._skip(",")
        return ("names", names)

    def _group(self, opening):
        entries, closing = [], {"{": "}", "[": "]"}[opening]
        while not self._skip(closing):
            least, most = 1, 1
            if self._skip("?"):
                least = 0
            elif self._skip("*"):
                least, most = 0, None
            elif self._peek()[0] == "number" and self._peek(1)[1] == "*":
                least, _, most = int(self._take("number")), self._expect("*"), int(self._take("number"))
            key = None
            if opening == "{":
                key = self._range()
                assert self._skip(":") or self._take("arrow")
            value, name = self._type(), None
            self._skip(",")
            if self._peek()[0] == "comment":
                name = self._take("comment")
            entries.append((least, most, key, value, name))
        return ("map" if opening == "{" else "array", entries)

    def _check_references(self):
        def walk(node, params):
            if isinstance(node, tuple) and len(node) == 3 and node[0] == "ref":
                assert node[1] in params or node[1] in self.rules or node[1] in PRIMITIVES, f"no rule {node[1]}"
            if isinstance(node, (tuple, list)):
                for one in node:
                    walk(one, params)

        for params, node in self.rules.values():
            walk(node, params)

    # Matching

    def decode(self, name, value):
        """The JSON form of a value under a rule; Mismatch if it is none."""
        return self._match(("ref", name, []), value, {})

    def _match(self, node, value, scope):
        return getattr(self, "_match_" + node[0])(node, value, scope)

    def _match_ref(self, node, value, scope):
        _, name, arguments = node
        if name in scope:
            return self._match(*scope[name][:1], value, scope[name][1])
        if name in PRIMITIVES:
            need(PRIMITIVES[name](value), name)
            return value.hex() if type(value) is bytes else value
        params, body = self.rules[name]
        return self._match(body, value, {p: (a, scope) for p, a in zip(params, arguments)})

    def _match_or(self, node, value, scope):
        for option in node[1]:
            try:
                return self._match(option, value, scope)
            except Mismatch:
                pass
        raise Mismatch("no choice fits")

    def _match_literal(self, node, value, scope):
        need(type(value) is type(node[1]) and value == node[1], "another value")
        return value

    def _match_range(self, node, value, scope):
        need(type(value) is int and node[1] <= value <= node[2], "out of range")
        return value

    def _match_ge(self, node, value, scope):
        need(type(value) is int and value >= node[2][1], "too small")
        return value

    def _match_names(self, node, value, scope):
        need(type(value) is int and value in node[1], "no such name")
        return node[1][value]

    def _match_size(self, node, value, scope, patterned=False):
        decoded = self._match(node[1], value, scope)
        bounds = node[2][1:3] if node[2][0] == "range" else (node[2][1], node[2][1])
        if type(value) is str and not patterned:
            need(1 <= len(value) <= bounds[1] // 4, "length")  # SPEC ACTC-OBJ-008: four bytes a character
        size = len(value.encode()) if type(value) is str else len(value)
        need(bounds[0] <= size <= bounds[1], "size")
        return decoded

    def _match_and(self, node, value, scope):
        self._match_size(node[1], value, scope, patterned=True)
        return self._match(node[2], value, scope)

    def _match_regexp(self, node, value, scope):
        need(type(value) is str and re.fullmatch(node[2][1], value, re.ASCII), "pattern")
        return value

    def _match_array(self, node, value, scope):
        need(type(value) is list and len(node[1]) == 1, "array")
        least, most, _, element, _ = node[1][0]
        need(least <= len(value) and (most is None or len(value) <= most), "length")
        return [self._match(element, one, scope) for one in value]

    def _match_map(self, node, value, scope):
        need(type(value) is dict, "map")
        left, named = dict(value), {}
        for least, most, key, kind, name in node[1]:
            if most is None:
                for one in list(left):
                    try:
                        self._match(key, one, scope)
                    except Mismatch:
                        continue
                    self._match(kind, left.pop(one), scope)  # an extension: passed over
            elif key[1] in left:
                named[name] = self._match(kind, left.pop(key[1]), scope)
            else:
                need(least == 0, f"{name} is missing")
        need(not left, "unknown keys")
        return named
