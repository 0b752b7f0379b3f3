"""Checks the bundled library in data/library/ for form, references, languages
and that its abstracts are written in words of their own.

Needs only Python's standard library. The comparison with the laws' texts needs
the corpus and the program `zstd` too, and is skipped without them. Run it from
anywhere:
python3 tests/data/laws_test.py [folder of the data]
"""

import collections
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unicodedata
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data"
FILE = "library/laws.jsonl"

# Where the corpus is looked for: the environment, beside the repository.
CORPORA = [
    pathlib.Path(os.environ.get("COMITY_LEGISLATION", "/nonexistent")),
    ROOT / "../shared/data/legislation",
]

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
LAW = re.compile(rf"states/[A-Z]{{3}}/laws/{SLUG}")
EXPRESSION = re.compile(
    rf"{LAW.pattern}/expressions/{LANGUAGE.pattern}@undated")
PROVISION = re.compile(SLUG)
MAPPING = re.compile(rf"{LAW.pattern}/mappings/{SLUG}")
CITATION = re.compile(r"[0-9]+(?:\([0-9a-z]+\))*")
PARTIAL_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
# The limits of base/limits.h.
ID_BYTES_MAX = 63
RECORD_BYTES_MAX = 256 << 10
SOURCE_SYSTEM_BYTES_MAX = 64
SOURCE_ID_BYTES_MAX = 128

NOTE = ("Abstract in Comity's own words, not the text of the law; "
        "written 2026-11-25 from a stored copy.")
SYSTEM = "legislation-corpus"

LAW_TYPES = {
    "LAW_TYPE_" + kind
    for kind in ("CONSTITUTION", "CODE", "ACT", "DECREE",
                 "JUDICIAL_INTERPRETATION", "TREATY", "OTHER")
}
SUBJECTS = {
    "asset-recovery", "corruption", "criminal-procedure", "cybercrime",
    "extradition", "firearms", "law-enforcement", "money-laundering",
    "mutual-legal-assistance", "narcotic-drugs", "organised-crime",
    "penal-law", "sentenced-persons", "smuggling-of-migrants", "terrorism",
    "trafficking-in-persons", "witness-protection",
}
# Provision ids by kind.
ID_PREFIXES = {
    "KIND_ARTICLE": "art-",
    "KIND_SECTION": "s-",
    "KIND_TEXT": "text-",
}

UN_LANGUAGES = ["ar", "en", "es", "fr", "ru", "zh"]
ABSTRACTS_MIN = 40
# Characters of one provision; scripts that say more with fewer have less.
TEXT_MIN = collections.defaultdict(
    lambda: 140, {"ar": 120, "ja": 50, "ko": 70, "th": 120, "zh": 50,
                  "zh-Hant": 50})
TEXT_MAX = 700

# Word that the name of a letter begins with in Unicode, by language; Latin if
# not listed. A share of the letters has to be of it: names stay as they are.
SCRIPTS = {
    "ar": ["ARABIC"],
    "el": ["GREEK"],
    "ja": ["CJK", "HIRAGANA", "KATAKANA"],
    "ko": ["HANGUL"],
    "mn": ["CYRILLIC"],
    "ru": ["CYRILLIC"],
    "th": ["THAI"],
    "uk": ["CYRILLIC"],
    "zh": ["CJK"],
    "zh-Hant": ["CJK"],
}
SCRIPT_SHARE_MIN = 0.95
# Letters that only one of two languages of a script has.
FOREIGN_LETTERS = {"ru": "іїєґөү", "uk": "ыэёъ"}

# A run that long in common with the law's text would be a copy.
COPIED_WORDS = 12
COPIED_CHARACTERS = 25
BY_CHARACTER = {"ja", "th", "zh", "zh-Hant"}


def load():
    text = (FOLDER / FILE).read_bytes().decode("utf-8")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def names(file_name, kind):
    with open(FOLDER / file_name, encoding="utf-8") as file:
        return {json.loads(line)[kind]["name"] for line in file}


def is_partial_day(text):
    if not PARTIAL_DAY.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def walk(value, path=""):
    """Yields (path, field, value) of every member of objects, at any depth."""
    if isinstance(value, dict):
        for field, member in value.items():
            yield f"{path}.{field}", field, member
            yield from walk(member, f"{path}.{field}")
    elif isinstance(value, list):
        for i, member in enumerate(value):
            yield from walk(member, f"{path}[{i}]")


def script_share(text, scripts):
    letters = [c for c in text if c.isalpha()]
    fitting = [c for c in letters
               if unicodedata.name(c, "").split(" ")[0].split("-")[0]
               in scripts]
    return len(fitting) / max(1, len(letters))


def pieces(text, language):
    """What runs are made of: words, or characters where words are not cut."""
    text = unicodedata.normalize("NFKC", text).casefold()
    if language in BY_CHARACTER:
        return [c for c in text if c.isalnum()]
    return re.findall(r"\w+", text)


def runs(parts, length):
    return {tuple(parts[i:i + length])
            for i in range(len(parts) - length + 1)}


class LawsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.lines = load()
        cls.laws = {}
        cls.expressions = {}
        cls.provisions = {}
        cls.mappings = {}
        for line in cls.lines:
            if "law" in line:
                cls.laws[line["law"]["name"]] = line["law"]
            elif "expression" in line:
                name = line["expression"]["name"]
                cls.expressions[name] = line["expression"]
                cls.provisions[name] = line["expression"]["provisions"]
            else:
                cls.mappings[line["mapping"]["name"]] = line["mapping"]
        cls.states = names("01-states.jsonl", "state")
        cls.treaties = names("02-treaties.jsonl", "treaty")

    def test_lines_are_well_formed(self):
        data = (FOLDER / FILE).read_bytes()
        self.assertTrue(data.endswith(b"\n"))
        self.assertNotIn(b"\r", data)
        self.assertNotIn(b"\\u", data, "UTF-8 is escaped")
        kinds = {("law",), ("expression",), ("mapping",)}
        for number, text in enumerate(data.decode("utf-8").split("\n")[:-1], 1):
            self.assertEqual(text, unicodedata.normalize("NFC", text), number)
            self.assertLessEqual(len(text.encode()), RECORD_BYTES_MAX, number)
            line = json.loads(text, object_pairs_hook=self.unique_pairs)
            self.assertIn(tuple(line), kinds, number)

    def unique_pairs(self, pairs):
        fields = [field for field, _ in pairs]
        self.assertEqual(len(fields), len(set(fields)), fields)
        return dict(pairs)

    def test_order_is_law_expressions_mappings_by_name(self):
        keys = []
        for line in self.lines:
            rank, kind = next((i, k) for i, k in enumerate(
                ("law", "expression", "mapping")) if k in line)
            name = line[kind]["name"]
            law = "/".join(name.split("/")[:4])
            keys.append((law.encode(), rank, name.encode()))
        for before, after in zip(keys, keys[1:]):
            self.assertLess(before, after)

    def test_names_have_their_pattern_and_owner(self):
        for found, pattern in ((self.laws, LAW), (self.expressions, EXPRESSION),
                               (self.mappings, MAPPING)):
            for name in found:
                self.assertTrue(pattern.fullmatch(name), name)
                last = name.rsplit("/", 1)[1]
                self.assertLessEqual(len(last.encode()), ID_BYTES_MAX, name)
                self.assertIn("/".join(name.split("/")[:2]), self.states, name)
                self.assertIn("/".join(name.split("/")[:4]), self.laws, name)
        total = len(self.laws) + len(self.expressions) + len(self.mappings)
        self.assertEqual(total, len(self.lines), "a name occurs twice")

    def test_nothing_is_empty_or_set_by_the_server(self):
        for line in self.lines:
            for path, field, value in walk(line):
                self.assertNotIn(field, ("etag", "createTime", "updateTime"))
                self.assertNotIn(value, ("", [], {}, None), path)
                if isinstance(value, str):
                    self.assertEqual(value, value.strip(), path)

    def test_laws_state_what_their_source_says(self):
        ids = collections.Counter()
        for name, law in self.laws.items():
            self.assertIn(law["type"], LAW_TYPES, name)
            self.assertTrue(law["titles"][0]["text"], name)
            self.assertTrue(LANGUAGE.fullmatch(law["titles"][0]["language"]))
            self.assertRegex(law["uri"], r"\Ahttps?://\S+\Z", name)
            self.assertTrue(law["subjects"], name)
            self.assertLessEqual(set(law["subjects"]), SUBJECTS, name)
            self.assertEqual(len(law["subjects"]), len(set(law["subjects"])))
            for field in ("adopted", "published", "inForce", "repealed"):
                if field in law:
                    self.assertTrue(is_partial_day(law[field]), name)
            own = [s for s in law["sources"] if s.get("system") == SYSTEM]
            self.assertEqual(len(own), 1, name)
            source = own[0]
            self.assertEqual(source["asOf"], "2026-11", name)
            self.assertRegex(source["uri"], r"\Ahttps?://\S+\Z", name)
            self.assertIn(source["kind"], ("SOURCE_KIND_NATIONAL_LAW",
                                           "SOURCE_KIND_DATABASE"), name)
            self.assertLessEqual(len(SYSTEM), SOURCE_SYSTEM_BYTES_MAX)
            self.assertLessEqual(len(source["id"].encode()),
                                 SOURCE_ID_BYTES_MAX, name)
            ids[source["id"]] += 1
        self.assertEqual([i for i, n in ids.items() if n > 1], [])

    def test_every_expression_is_an_abstract_and_says_so(self):
        for name, expression in self.expressions.items():
            self.assertEqual(expression["kind"], "KIND_ABSTRACT", name)
            self.assertIn(NOTE, expression["notes"], name)
            language = name.rsplit("/", 1)[1].split("@")[0]
            self.assertEqual(expression["language"], language, name)
            self.assertTrue(LANGUAGE.fullmatch(language), name)
            self.assertTrue(expression["title"], name)
            self.assertTrue(expression["sources"][0]["uri"], name)

    def test_provisions_are_numbered_counted_and_named(self):
        for name, provisions in self.provisions.items():
            expression = self.expressions[name]
            for field in ("provisionCount", "textBytes", "provisionsDigest"):
                self.assertNotIn(field, expression, name)
            self.assertTrue(2 <= len(provisions) <= 5, name)
            self.assertEqual([p["position"] for p in provisions],
                             list(range(1, len(provisions) + 1)), name)
            self.assertEqual(len({p["name"] for p in provisions}),
                             len(provisions), name)
            for provision in provisions:
                self.assertTrue(PROVISION.fullmatch(provision["name"]))
                last = provision["name"]
                kind = provision["kind"]
                self.assertTrue(last.startswith(ID_PREFIXES[kind]), last)
                for field in ("label", "number"):
                    self.assertEqual(field in provision, kind != "KIND_TEXT",
                                     provision["name"])
                length = len(provision["text"])
                self.assertLessEqual(length, TEXT_MAX, provision["name"])
                self.assertGreaterEqual(
                    length, TEXT_MIN[expression["language"]],
                    provision["name"])

    def test_expressions_of_a_law_have_the_same_provisions(self):
        ids = {}
        languages = collections.defaultdict(set)
        for name, provisions in self.provisions.items():
            law = "/".join(name.split("/")[:4])
            found = [(p["name"], p["kind"], p.get("number"))
                     for p in provisions]
            self.assertEqual(ids.setdefault(law, found), found, name)
            languages[law].add(self.expressions[name]["language"])
        for law in self.laws:
            self.assertIn("en", languages[law], law)

    def test_un_languages_have_enough_abstracts(self):
        counts = collections.Counter(
            e["language"] for e in self.expressions.values())
        for language in UN_LANGUAGES:
            self.assertGreaterEqual(counts[language], ABSTRACTS_MIN, language)

    def test_scripts_match_languages(self):
        for name, provisions in self.provisions.items():
            language = self.expressions[name]["language"]
            scripts = SCRIPTS.get(language, ["LATIN"])
            texts = [p["heading"] + " " + p["text"] for p in provisions]
            for text in texts + [self.expressions[name]["title"]]:
                least = SCRIPT_SHARE_MIN if text in texts else 0.5
                self.assertGreaterEqual(script_share(text, scripts), least,
                                        f"{name}: {text}")
                for letter in FOREIGN_LETTERS.get(language, ""):
                    self.assertNotIn(letter, text.casefold(), name)

    def test_mappings_resolve(self):
        ids = collections.defaultdict(set)
        for name, provisions in self.provisions.items():
            law = "/".join(name.split("/")[:4])
            ids[law] |= {p["name"] for p in provisions}
        keys = set()
        for name, mapping in self.mappings.items():
            law = "/".join(name.split("/")[:4])
            self.assertIn(mapping["treaty"], self.treaties, name)
            self.assertTrue(CITATION.fullmatch(mapping["article"]), name)
            self.assertIn(mapping["degree"],
                          ("DEGREE_PARTIAL", "DEGREE_RELATED"), name)
            provision = mapping.get("provision", "")
            if provision:
                self.assertIn(provision, ids[law], name)
            self.assertEqual(mapping["statedBy"], "Comity's editors", name)
            self.assertEqual(mapping["statedOn"], "2026-11-25", name)
            self.assertTrue(mapping["sources"], name)
            slug = re.sub(r"[^a-z0-9]+", "-", mapping["article"]).strip("-")
            self.assertRegex(
                name.rsplit("/", 1)[1],
                rf"\A{mapping['treaty'].split('/')[1]}-{slug}-[1-9][0-9]*\Z")
            key = (law, provision, mapping["treaty"], mapping["article"])
            self.assertNotIn(key, keys, name)
            keys.add(key)

    def test_counts(self):
        # As data/README.md has them.
        self.assertEqual(len(self.laws), 139)
        self.assertEqual(len({name.split("/")[1] for name in self.laws}), 91)
        self.assertEqual(len(self.expressions), 415)
        self.assertEqual(sum(map(len, self.provisions.values())), 1259)
        self.assertEqual(len(self.mappings), 516)

    def test_no_abstract_copies_the_text_of_its_law(self):
        corpus = next((c for c in CORPORA if c.is_dir()), None)
        if corpus is None or shutil.which("zstd") is None:
            self.skipTest("no corpus of legislation or no zstd to read it")
        wanted = {law["sources"][0]["id"]: name
                  for name, law in self.laws.items()}
        found = set()
        for file in sorted(corpus.glob("laws.*.jsonl.zst")):
            with subprocess.Popen(["zstd", "-dcq", str(file)],
                                  stdout=subprocess.PIPE) as reader:
                for line in reader.stdout:
                    # The id comes first in a line; most need no parsing.
                    head = line[:400].decode("utf-8", "replace")
                    match = re.match(r'\{"id": ?"((?:[^"\\]|\\.)*)"', head)
                    self.assertTrue(match, head[:80])
                    key = json.loads(f'"{match[1]}"')
                    if key in wanted:
                        found.add(key)
                        self.check_not_copied(wanted[key], json.loads(line))
        self.assertEqual(set(wanted) - found, set())

    def check_not_copied(self, name, source):
        cache = {}
        for expression, provisions in self.provisions.items():
            if not expression.startswith(f"{name}/"):
                continue
            language = self.expressions[expression]["language"]
            by_character = language in BY_CHARACTER
            length = COPIED_CHARACTERS if by_character else COPIED_WORDS
            if by_character not in cache:
                cache[by_character] = runs(
                    pieces(source["text"], language), length)
            for provision in provisions:
                own = runs(pieces(provision["text"], language), length)
                with self.subTest(provision["name"]):
                    self.assertEqual(own & cache[by_character], set())


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        FOLDER = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
