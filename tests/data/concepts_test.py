"""Checks the concept table in data/library/ for form, references, languages and
scripts.

Needs only Python's standard library. Run it from anywhere:
python3 tests/data/concepts_test.py [folder of the data]
"""

import collections
import json
import pathlib
import re
import sys
import unicodedata
import unittest

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "data"
FILE = "library/concepts.jsonl"

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
NAME = re.compile(rf"concepts/{SLUG}")
LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
CITATION = re.compile(r"[0-9]+(?:\([0-9a-z]+\))*")
PARTIAL_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
# The limits of base/limits.h.
SLUG_BYTES_MAX = 40
RECORD_BYTES_MAX = 256 << 10
# A term is a phrase that a query or a law may hold, not a paragraph.
TERM_CHARACTERS_MAX = 200

FIELDS = {
    "concept": {"name", "terms", "articles", "broader", "sources", "notes"},
    "term": {"text", "language", "preferred", "state"},
    "article": {"treaty", "citation", "defines"},
    "source": {"document", "place", "kind", "documentDate", "fields"},
}
EDITOR = "Comity's own table"

UN_LANGUAGES = ["en", "fr", "es", "ru", "zh", "ar"]
# Chinese in both its scripts stands together; all others follow by their tags.
FIRST_LANGUAGES = ["en", "fr", "es", "ru", "zh", "zh-Hant", "ar"]

# Terms by language; a change of the table raises or lowers them here and in
# data/README.md.
CONCEPTS = 295
TERMS = {
    "en": 1006, "fr": 865, "es": 982, "ru": 856, "zh": 806, "zh-Hant": 697,
    "ar": 1016, "bg": 94, "ca": 106, "cs": 466, "da": 112, "de": 782,
    "el": 518, "et": 75, "fi": 115, "hr": 101, "hu": 92, "id": 419, "it": 669,
    "ja": 443, "ko": 485, "nb": 105, "nl": 600, "pl": 519, "pt": 735,
    "ro": 595, "sk": 112, "sq": 82, "sv": 442, "tr": 502, "uk": 559, "vi": 416,
}

# The last article of each treaty.
LAST_ARTICLES = {
    "treaties/untoc": 41,
    "treaties/untoc-tip": 20,
    "treaties/untoc-som": 25,
    "treaties/untoc-firearms": 21,
    "treaties/uncac": 71,
    "treaties/drugs1988": 34,
}
# Articles that define words or make conduct an offence.
DEFINING = {
    "treaties/untoc": {"2", "3", "5", "6", "8", "23"},
    "treaties/untoc-tip": {"3", "5"},
    "treaties/untoc-som": {"3", "6"},
    "treaties/untoc-firearms": {"3", "5"},
    "treaties/uncac": {"2", "27"} | {str(n) for n in range(15, 26)},
    "treaties/drugs1988": {"1", "3"},
}

# Words that the Unicode names of a language's letters begin with; Latin if not
# listed.
SCRIPTS = {
    "ar": {"ARABIC"},
    "bg": {"CYRILLIC"},
    "el": {"GREEK"},
    "ja": {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"},
    "ko": {"HANGUL"},
    "ru": {"CYRILLIC"},
    "uk": {"CYRILLIC"},
    "zh": {"CJK"},
    "zh-Hant": {"CJK"},
}
ROMAN = re.compile(r"\b[IVX]+\b")
# Character sets that lack the other script's characters.
CHARACTER_SETS = {"zh": "gb2312", "zh-Hant": "cp950"}
# Letters that a language of a script does not have.
FOREIGN_LETTERS = {
    "bg": "ыэёіїєґ",
    "ro": "şţ",
    "ru": "іїєґ",
    "uk": "ыэёъ",
}

# What a search has to bridge at the least: all of one concept.
KNOWN = {
    "concepts/money-laundering": [
        "money laundering", "laundering of proceeds of crime",
        "blanchiment de capitaux", "blanqueo de capitales", "lavado de activos",
        "отмывание денег", "洗钱", "洗錢", "غسل الأموال", "غسيل الأموال",
        "تبييض الأموال", "Geldwäsche", "Geldwäscherei",
    ],
    "concepts/extradition": [
        "extradition", "extradición", "выдача", "引渡", "تسليم المجرمين",
        "Auslieferung",
    ],
    "concepts/confiscation": [
        "confiscation", "forfeiture", "decomiso", "конфискация", "没收",
        "المصادرة", "Einziehung",
    ],
    "concepts/mutual-legal-assistance": [
        "mutual legal assistance", "entraide judiciaire",
        "asistencia judicial recíproca", "взаимная правовая помощь", "司法协助",
        "المساعدة القانونية المتبادلة", "Rechtshilfe",
    ],
    "concepts/trafficking-in-persons": [
        "human trafficking", "traite des personnes", "trata de personas",
        "торговля людьми", "人口贩运", "الاتجار بالأشخاص", "Menschenhandel",
    ],
}


def lines():
    text = (FOLDER / FILE).read_bytes().decode("utf-8")
    return text.split("\n")[:-1]


def records(file_name, kind):
    with open(FOLDER / file_name, encoding="utf-8") as file:
        return {r[kind]["name"]: r[kind] for r in map(json.loads, file)}


def walk(value, path=""):
    """Yields (path, value) of every member of objects and lists."""
    members = (value.items() if isinstance(value, dict) else
               enumerate(value) if isinstance(value, list) else ())
    for field, member in members:
        yield f"{path}.{field}", member
        yield from walk(member, f"{path}.{field}")


def fold(text):
    return unicodedata.normalize("NFKC", text).casefold()


def scripts(text):
    """The scripts of the letters and marks in `text`."""
    return {
        unicodedata.name(c).split()[0]
        for c in text
        if unicodedata.category(c)[0] in "LM"
    }


def order(language):
    if language in FIRST_LANGUAGES:
        return (FIRST_LANGUAGES.index(language), "")
    return (len(FIRST_LANGUAGES), language)


class ConceptsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.concepts = records(FILE, "concept")
        cls.treaties = records("02-treaties.jsonl", "treaty")
        cls.states = records("01-states.jsonl", "state")

    def terms(self):
        for name, concept in self.concepts.items():
            for term in concept["terms"]:
                yield name, term

    def test_lines_hold_one_concept_each_in_order_of_names(self):
        data = (FOLDER / FILE).read_bytes()
        self.assertTrue(data.endswith(b"\n"))
        self.assertNotIn(b"\r", data)
        self.assertNotIn(b"\\u", data, "UTF-8 is escaped")
        before = b""
        for number, line in enumerate(lines(), 1):
            record = json.loads(line, object_pairs_hook=self.unique_pairs)
            self.assertEqual(list(record), ["concept"], number)
            name = record["concept"]["name"].encode()
            self.assertLess(before, name, number)
            self.assertLessEqual(len(line.encode()), RECORD_BYTES_MAX, name)
            before = name

    def unique_pairs(self, pairs):
        fields = [field for field, _ in pairs]
        self.assertEqual(len(fields), len(set(fields)), fields)
        return dict(pairs)

    def test_names_are_slugs(self):
        for name in self.concepts:
            self.assertTrue(NAME.fullmatch(name), name)
            slug = name.rsplit("/", 1)[1]
            self.assertLessEqual(len(slug.encode()), SLUG_BYTES_MAX, name)

    def test_fields_are_those_of_the_contract(self):
        for name, concept in self.concepts.items():
            self.assertLessEqual(set(concept), FIELDS["concept"], name)
            for field, kind in (("terms", "term"), ("articles", "article"),
                                ("sources", "source")):
                for member in concept.get(field, []):
                    self.assertLessEqual(set(member), FIELDS[kind], name)

    def test_nothing_is_empty_or_carelessly_written(self):
        for name, concept in self.concepts.items():
            for path, value in walk(concept):
                where = f"{name}{path} is {value!r}"
                self.assertNotIn(value, ("", [], {}, None, False), where)
                if isinstance(value, str):
                    self.assertEqual(value, value.strip(), where)
                    self.assertNotIn("  ", value, where)
                    self.assertTrue(
                        unicodedata.is_normalized("NFC", value), where)
                    for c in value:
                        self.assertNotIn(unicodedata.category(c),
                                         ("Cc", "Cf", "Co", "Cn", "Zl", "Zp"),
                                         where)

    def test_counts(self):
        self.assertEqual(len(self.concepts), CONCEPTS)
        counts = collections.Counter(t["language"] for _, t in self.terms())
        self.assertEqual(dict(counts), TERMS)

    def test_languages_are_tags_in_order_and_include_the_six(self):
        for name, concept in self.concepts.items():
            languages = [t["language"] for t in concept["terms"]]
            for language in languages:
                self.assertTrue(LANGUAGE.fullmatch(language), name)
            self.assertEqual(languages, sorted(languages, key=order), name)
            self.assertLessEqual(set(UN_LANGUAGES), set(languages), name)

    def test_no_term_comes_twice_in_a_concept(self):
        for name, concept in self.concepts.items():
            keys = [(t["language"], fold(t["text"])) for t in concept["terms"]]
            twice = [k for k, n in collections.Counter(keys).items() if n > 1]
            self.assertEqual(twice, [], name)

    def test_no_term_stands_for_many_concepts(self):
        owners = collections.defaultdict(set)
        for name, term in self.terms():
            owners[term["language"], fold(term["text"])].add(name)
        for term, names in owners.items():
            self.assertLessEqual(len(names), 3, (term, names))

    def test_terms_are_short_and_say_whose_they_are(self):
        for name, term in self.terms():
            self.assertLessEqual(len(term["text"]), TERM_CHARACTERS_MAX, name)
            self.assertFalse(set(term["text"]) & set('|~*?"“”;:.!'), term)
            if "state" in term:
                self.assertIn(f"states/{term['state']}", self.states, name)

    def test_terms_are_in_the_script_of_their_language(self):
        for name, term in self.terms():
            language, text = term["language"], term["text"]
            where = f"{name}: {text} ({language})"
            wanted = SCRIPTS.get(language, {"LATIN"})
            letters = ROMAN.sub("", text) if "LATIN" not in wanted else text
            self.assertLessEqual(scripts(letters), wanted, where)
            self.assertTrue(scripts(text), where)
            foreign = FOREIGN_LETTERS.get(language, "")
            self.assertFalse(set(text.lower()) & set(foreign), where)
            if language in CHARACTER_SETS:
                # Fails on a character of the other script.
                text.encode(CHARACTER_SETS[language])

    def test_preferred_is_the_first_term_of_a_un_language_with_a_treaty(self):
        for name, concept in self.concepts.items():
            seen = set()
            for term in concept["terms"]:
                if "preferred" in term:
                    self.assertIs(term["preferred"], True, name)
                    self.assertIn(term["language"], UN_LANGUAGES, name)
                    self.assertNotIn(term["language"], seen, name)
                    self.assertNotIn("state", term, name)
                    self.assertIn("articles", concept, name)
                seen.add(term["language"])

    def test_articles_are_articles_of_known_treaties(self):
        for name, concept in self.concepts.items():
            seen = set()
            for article in concept.get("articles", []):
                treaty, citation = article["treaty"], article["citation"]
                where = f"{name}: {treaty} {citation}"
                self.assertIn(treaty, self.treaties, where)
                self.assertTrue(CITATION.fullmatch(citation), where)
                number = citation.split("(")[0]
                self.assertFalse(number.startswith("0"), where)
                self.assertLessEqual(int(number), LAST_ARTICLES[treaty], where)
                self.assertNotIn((treaty, citation), seen, where)
                seen.add((treaty, citation))
                if "defines" in article:
                    self.assertIn(number, DEFINING[treaty], where)

    def test_every_definition_and_offence_has_a_concept(self):
        cited = {(a["treaty"].split("/")[1], a["citation"])
                 for c in self.concepts.values()
                 for a in c.get("articles", []) if "defines" in a}
        wanted = {
            "untoc": [f"2({c})" for c in "abcdefghij"] +
                     ["3(2)", "5", "6", "8(1)(a)", "8(1)(b)", "8(4)", "23"],
            "untoc-tip": ["3(a)", "3(b)", "3(c)", "3(d)", "5"],
            "untoc-som": ["3(a)", "3(b)", "3(c)", "3(d)", "6", "6(1)(b)",
                          "6(1)(c)"],
            "untoc-firearms": [f"3({c})" for c in "abcdef"] +
                              [f"5(1)({c})" for c in "abc"],
            "uncac": [f"2({c})" for c in "abcdefghi"] +
                     [str(n) for n in range(15, 26)] +
                     ["27(1)", "27(2)", "27(3)"],
            # Without the organs, conventions and officials that it names.
            "drugs1988": [f"1({c})" for c in "abcdfglmnopqrtu"] +
                         [f"3(1)(a)({n})" for n in
                          ("i", "ii", "iii", "iv", "v")] +
                         ["3(1)(b)", "3(1)(c)(i)", "3(1)(c)(ii)",
                          "3(1)(c)(iii)", "3(1)(c)(iv)", "3(2)"],
        }
        for treaty, citations in wanted.items():
            for citation in citations:
                self.assertIn((treaty, citation), cited)

    def test_broader_concepts_exist_and_make_no_circle(self):
        for name, concept in self.concepts.items():
            broader = concept.get("broader", [])
            self.assertEqual(broader, sorted(set(broader)), name)
            for wider in broader:
                self.assertIn(wider, self.concepts, name)
            seen, ahead = set(), list(broader)
            while ahead:
                wider = ahead.pop()
                self.assertNotEqual(wider, name, "a circle")
                if wider not in seen:
                    seen.add(wider)
                    ahead += self.concepts[wider].get("broader", [])

    def test_everything_has_a_source(self):
        for name, concept in self.concepts.items():
            *treaties, editor = concept["sources"]
            self.assertEqual(editor["document"], EDITOR, name)
            self.assertEqual(editor["kind"], "SOURCE_KIND_EDITOR", name)
            self.assertTrue(PARTIAL_DAY.fullmatch(editor["documentDate"]), name)
            self.assertIn("terms", editor["fields"], name)
            self.assertEqual("broader" in editor["fields"],
                             "broader" in concept, name)
            cited = collections.defaultdict(list)
            for article in concept.get("articles", []):
                cited[article["treaty"]].append(
                    f"article {article['citation']}")
            self.assertEqual([s["place"] for s in treaties],
                             [", ".join(places) for places in cited.values()],
                             name)
            for source in treaties:
                self.assertEqual(source["kind"], "SOURCE_KIND_TREATY_TEXT",
                                 name)
                self.assertEqual(source["fields"][0], "articles", name)

    def test_the_first_treaty_is_the_source_of_the_preferred_terms(self):
        for name, concept in self.concepts.items():
            preferred = [f"terms[{i}]" for i, t in enumerate(concept["terms"])
                         if "preferred" in t]
            named = [f for s in concept["sources"][:-1] for f in s["fields"]
                     if f != "articles"]
            self.assertEqual(named, preferred, name)
            if preferred:
                self.assertEqual(concept["sources"][0]["fields"][1:],
                                 preferred, name)

    def test_known_words_are_words_of_one_concept(self):
        for name, words in KNOWN.items():
            texts = {t["text"] for t in self.concepts[name]["terms"]}
            for word in words:
                self.assertIn(word, texts, name)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        FOLDER = pathlib.Path(sys.argv.pop(1))
    unittest.main()
