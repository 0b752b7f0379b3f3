"""Checks the bundled reference data in data/ for form, references and counts.

Needs only Python's standard library. Run it from anywhere:
python3 tests/data/bundled_data_test.py [folder of the data]
"""

import collections
import datetime
import json
import pathlib
import re
import sys
import unicodedata
import unittest

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "data"

FILES = {
    "01-states.jsonl": "state",
    "02-treaties.jsonl": "treaty",
    "03-functions.jsonl": "function",
    "04-participations.jsonl": "participation",
    "05-authorities.jsonl": "authority",
    "06-designations.jsonl": "designation",
}

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
NAMES = {
    "state": re.compile(r"states/[A-Z]{3}"),
    "treaty": re.compile(rf"treaties/{SLUG}"),
    "function": re.compile(rf"functions/{SLUG}"),
    "participation": re.compile(rf"treaties/{SLUG}/participations/[A-Z]{{3}}"),
    "authority": re.compile(rf"states/[A-Z]{{3}}/authorities/{SLUG}"),
    "designation": re.compile(rf"states/[A-Z]{{3}}/designations/{SLUG}"),
}
# The limits of base/limits.h.
SLUG_BYTES_MAX = 40
ID_BYTES_MAX = 63
RECORD_BYTES_MAX = 256 << 10
TEXT_BYTES_MAX = 16 << 10

UN_LANGUAGES = ["en", "fr", "es", "ru", "zh", "ar"]
LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
CITATION = re.compile(r"[0-9]+(?:\([0-9a-z]+\))*")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PARTIAL_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
DAY_FIELDS = {
    "adopted", "entryIntoForce", "signatureDate", "depositDate",
    "withdrawalNotified", "verifiedOn", "date", "withdrawn",
}
PARTIAL_DAY_FIELDS = {
    "participationsAsOf", "completeAsOf", "documentDate", "asOf", "from",
    "until",
}

# Names that stand for two States on purpose, so that they are asked about.
AMBIGUOUS = {
    "korea": {"states/KOR", "states/PRK"},
    "coree": {"states/KOR", "states/PRK"},
    "corea": {"states/KOR", "states/PRK"},
    "корея": {"states/KOR", "states/PRK"},
}

# Days after a later deposit, and the first day of the treaty as a whole.
WAITING_DAYS = {
    "untoc": (30, "2003-09-29"),
    "untoc-tip": (30, "2003-12-25"),
    "untoc-som": (30, "2004-01-28"),
    "untoc-firearms": (30, "2005-07-03"),
    "uncac": (30, "2005-12-14"),
    "drugs1988": (90, "1990-11-11"),
}


def load():
    """Returns the records by kind, each kind a dict by name in file order."""
    records = {}
    for file_name, kind in FILES.items():
        by_name = {}
        for line in lines(file_name):
            record = json.loads(line)
            by_name[record[kind]["name"]] = record[kind]
        records[kind] = by_name
    return records


def lines(file_name):
    text = (FOLDER / file_name).read_bytes().decode("utf-8")
    return text.split("\n")[:-1]


def fold(text):
    """Folds case, accents, punctuation and a leading article."""
    text = re.sub(r"^(the|la|le|les|el|los|las) |^l['’]", "", text, flags=re.I)
    text = unicodedata.normalize("NFKD", text).casefold()
    text = re.sub(r"['’]", "", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


def is_day(text):
    if not DAY.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_partial_day(text):
    if not PARTIAL_DAY.fullmatch(text):
        return False
    return is_day((text + "-01-01")[:10])


def walk(value, path=""):
    """Yields (path, field, value) of every member of objects, at any depth."""
    if isinstance(value, dict):
        for field, member in value.items():
            yield f"{path}.{field}", field, member
            yield from walk(member, f"{path}.{field}")
    elif isinstance(value, list):
        for i, member in enumerate(value):
            yield from walk(member, f"{path}[{i}]")


class BundledDataTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.records = load()
        cls.all = {
            name: (kind, record)
            for kind, by_name in cls.records.items()
            for name, record in by_name.items()
        }

    def test_lines_hold_one_record_each_in_order_of_names(self):
        for file_name, kind in FILES.items():
            data = (FOLDER / file_name).read_bytes()
            self.assertTrue(data.endswith(b"\n"), file_name)
            self.assertNotIn(b"\r", data, file_name)
            self.assertNotIn(b"\\u", data, f"{file_name}: UTF-8 is escaped")
            before = b""
            for number, line in enumerate(lines(file_name), 1):
                where = f"{file_name}:{number}"
                record = json.loads(line, object_pairs_hook=self.unique_pairs)
                self.assertEqual(list(record), [kind], where)
                name = record[kind]["name"].encode()
                self.assertLess(before, name, where)
                self.assertLessEqual(len(line.encode()), RECORD_BYTES_MAX)
                before = name

    def unique_pairs(self, pairs):
        fields = [field for field, _ in pairs]
        self.assertEqual(len(fields), len(set(fields)), fields)
        return dict(pairs)

    def test_names_have_the_pattern_of_their_kind(self):
        for name, (kind, _) in self.all.items():
            self.assertRegex(name, rf"\A(?:{NAMES[kind].pattern})\Z")
            last = name.rsplit("/", 1)[1].encode()
            most = (ID_BYTES_MAX
                    if kind in ("authority", "designation") else SLUG_BYTES_MAX)
            self.assertLessEqual(len(last), most, name)

    def test_nothing_is_empty_or_set_by_the_server(self):
        for name, (_, record) in self.all.items():
            for path, field, value in walk(record):
                self.assertNotIn(field, ("etag", "createTime", "updateTime"),
                                 name)
                self.assertNotIn(value, ("", [], {}, None), f"{name}{path}")
                if isinstance(value, str):
                    self.assertEqual(value, value.strip(), f"{name}{path}")
                    self.assertLessEqual(len(value.encode()), TEXT_BYTES_MAX)
                    self.assertEqual(value, unicodedata.normalize("NFC", value),
                                     f"{name}{path}")

    def test_counts(self):
        states = self.records["state"].values()
        kinds = collections.Counter(s["kind"] for s in states)
        self.assertEqual(kinds["KIND_STATE"], 197)
        self.assertEqual(kinds["KIND_ORGANISATION"], 1)
        # 249 codes of ISO 3166-1, Kosovo and the European Union.
        self.assertEqual(len(states), 251)
        members = [s for s in states
                   if s["membership"] == "MEMBERSHIP_MEMBER"]
        self.assertEqual(len(members), 193)
        self.assertEqual(len(self.records["treaty"]), 10)
        self.assertEqual(len(self.records["function"]), 13)
        self.assertEqual(len(self.records["designation"]), 52)
        participations = collections.Counter(
            name.split("/")[1] for name in self.records["participation"])
        self.assertEqual(
            dict(participations), {
                "untoc": 188,
                "untoc-tip": 167,
                "untoc-som": 154,
                "untoc-firearms": 128,
                "uncac": 179,
                "drugs1988": 189,
            })
        bound = collections.Counter(
            name.split("/")[1]
            for name, p in self.records["participation"].items()
            if p.get("periods"))
        self.assertEqual(
            dict(bound), {
                "untoc": 184,
                "untoc-tip": 160,
                "untoc-som": 141,
                "untoc-firearms": 118,
                "uncac": 175,
                "drugs1988": 189,
            })

    def test_references_resolve(self):
        kinds = {
            "parent": None,
            "treaty": "treaty",
            "notBefore": "treaty",
            "function": "function",
            "authority": "authority",
        }
        for name, (kind, record) in self.all.items():
            for path, field, value in walk(record):
                if field not in kinds or not isinstance(value, str):
                    continue
                wanted = kinds[field] or kind
                self.assertIn(value, self.records[wanted], f"{name}{path}")
        for name in self.records["participation"]:
            _, treaty, _, state = name.split("/")
            self.assertIn(f"treaties/{treaty}", self.records["treaty"], name)
            self.assertIn(f"states/{state}", self.records["state"], name)
            kind = self.records["state"][f"states/{state}"]["kind"]
            self.assertIn(kind, ("KIND_STATE", "KIND_ORGANISATION"), name)
        for kind in ("authority", "designation"):
            for name in self.records[kind]:
                state = name.split("/")[1]
                self.assertIn(f"states/{state}", self.records["state"], name)
        for name, record in self.records["designation"].items():
            if "authority" in record:
                self.assertEqual(record["authority"].split("/")[1],
                                 name.split("/")[1], name)

    def test_every_authority_is_designated(self):
        used = {d.get("authority")
                for d in self.records["designation"].values()}
        self.assertEqual(set(self.records["authority"]) - used, set())

    def test_dates_are_days_that_exist(self):
        for name, (_, record) in self.all.items():
            for path, field, value in walk(record):
                if not isinstance(value, str):
                    continue
                where = f"{name}{path} is {value}"
                if field in DAY_FIELDS:
                    self.assertTrue(is_day(value), where)
                elif field in PARTIAL_DAY_FIELDS:
                    self.assertTrue(is_partial_day(value), where)

    def test_languages_are_canonical(self):
        for name, (_, record) in self.all.items():
            for path, field, value in walk(record):
                found = [value] if field == "language" else (
                    value if field == "languages" else [])
                for language in found:
                    self.assertTrue(LANGUAGE.fullmatch(language),
                                    f"{name}{path} is {language}")
                if field == "languages":
                    self.assertEqual(len(value), len(set(value)), name)

    def test_everything_has_a_source_of_a_kind(self):
        for name, (_, record) in self.all.items():
            self.assertTrue(record.get("sources"), name)
            for source in record["sources"]:
                self.assertIn("document", source, name)
                self.assertIn("kind", source, name)
                self.assertNotEqual(source["kind"], "SOURCE_KIND_SYNTHETIC",
                                    name)

    def test_states_have_codes_and_names_of_their_own(self):
        for field in ("alpha2", "m49"):
            values = [s[field] for s in self.records["state"].values()
                      if field in s]
            self.assertEqual(len(values), len(set(values)), field)
        for name, state in self.records["state"].items():
            self.assertRegex(state["alpha2"], r"\A[A-Z]{2}\Z", name)
            if "m49" in state:
                self.assertRegex(state["m49"], r"\A[0-9]{3}\Z", name)
            languages = [n["language"] for n in state["shortNames"]]
            self.assertEqual(languages[:6], UN_LANGUAGES, name)
            self.assertEqual(len(languages), len(set(languages)), name)
            self.assertEqual("parent" in state,
                             state["kind"] == "KIND_TERRITORY", name)
        self.assertEqual(self.records["state"]["states/NAM"]["alpha2"], "NA")

    def test_no_name_stands_for_two_states_unless_on_purpose(self):
        owners = collections.defaultdict(set)
        for name, state in self.records["state"].items():
            texts = [n["text"] for n in state["shortNames"]]
            texts += [n["text"] for n in state.get("formalNames", [])]
            texts += [n["text"] for n in state.get("otherNames", [])]
            texts += [name.split("/")[1], state["alpha2"]]
            for text in texts:
                owners[fold(text)].add(name)
        shared = {text: names for text, names in owners.items()
                  if len(names) > 1}
        self.assertEqual(shared, AMBIGUOUS)

    def test_short_names_carry_no_article_or_mark(self):
        for name, state in self.records["state"].items():
            for short in state["shortNames"]:
                self.assertNotRegex(
                    short["text"],
                    r"\((the|l['’]|la|le|les|el|los|las)\)|\*", name)

    def test_no_word_stands_for_two_functions_or_treaties(self):
        for kind, titles in (("function", ["titles"]),
                             ("treaty", ["titles", "shortTitles"])):
            owners = collections.defaultdict(set)
            for name, record in self.records[kind].items():
                texts = [t["text"] for field in titles for t in record[field]]
                texts += record["aliases"] + [name.split("/")[1]]
                for text in texts:
                    owners[fold(text)].add(name)
            self.assertEqual(
                {t: n for t, n in owners.items() if len(n) > 1}, {})

    def test_function_articles_are_articles_of_their_treaties(self):
        for name, function in self.records["function"].items():
            languages = [t["language"] for t in function["titles"]]
            self.assertEqual(languages, UN_LANGUAGES, name)
            seen = set()
            for article in function["articles"]:
                citation = article.get("citation", "")
                key = (article["treaty"], citation)
                self.assertNotIn(key, seen, name)
                seen.add(key)
                listed = {a["citation"] for a in
                          self.records["treaty"][article["treaty"]]["articles"]}
                for text in (citation,
                             article.get("requiredContentsArticle", "")):
                    if text:
                        self.assertTrue(CITATION.fullmatch(text), name)
                        self.assertIn(text, listed, name)
                self.assertEqual("requiredContents" in article,
                                 "requiredContentsArticle" in article, name)

    def test_treaty_articles_have_headings(self):
        for name, treaty in self.records["treaty"].items():
            citations = [a["citation"] for a in treaty["articles"]]
            self.assertEqual(len(citations), len(set(citations)), name)
            for article in treaty["articles"]:
                self.assertTrue(CITATION.fullmatch(article["citation"]), name)
                languages = [h["language"] for h in article["headings"]]
                self.assertEqual(languages, UN_LANGUAGES,
                                 f"{name} {article['citation']}")

    def test_participations_follow_the_rule_of_their_treaty(self):
        derived = 0
        for name, record in self.records["participation"].items():
            days, start = WAITING_DAYS[name.split("/")[1]]
            deposits = [p["depositDate"] for p in record.get("periods", [])]
            self.assertEqual(deposits, sorted(deposits), name)
            if not deposits:
                self.assertIn("signatureDate", record, name)
            for period in record.get("periods", []):
                self.assertIn("depositBasis", period, name)
                if period["act"] == "BINDING_ACT_SUCCESSION":
                    self.assertNotIn("entryIntoForce", period, name)
                    continue
                deposit = datetime.date.fromisoformat(period["depositDate"])
                rule = max(deposit + datetime.timedelta(days=days),
                           datetime.date.fromisoformat(start))
                self.assertEqual(period["entryIntoForce"], rule.isoformat(),
                                 name)
                derived += (
                    period["entryIntoForceBasis"] == "DATE_BASIS_DERIVED")
        self.assertGreater(derived, 900)

    def test_stated_entry_into_force_of_treaties(self):
        for slug, (_, start) in WAITING_DAYS.items():
            treaty = self.records["treaty"][f"treaties/{slug}"]
            self.assertEqual(treaty["entryIntoForce"], start, slug)
            self.assertIn("entryIntoForceRule", treaty, slug)
            self.assertIn("participationsAsOf", treaty, slug)
        for slug, treaty in self.records["treaty"].items():
            if slug.startswith("treaties/coe-"):
                self.assertNotIn("participationsAsOf", treaty, slug)

    def test_treaties_enter_into_force_as_their_rule_counts(self):
        # Under the 1988 Convention an instrument of a State that no longer
        # exists counted too; it is not held here, so the count is late.
        late = {"drugs1988": "1990-11-18"}
        for slug, (_, start) in WAITING_DAYS.items():
            rule = self.records["treaty"][f"treaties/{slug}"][
                "entryIntoForceRule"]
            deposits = sorted(
                p["periods"][0]["depositDate"]
                for name, p in self.records["participation"].items()
                if name.startswith(f"treaties/{slug}/") and p.get("periods")
                and not name.endswith("/EUE")
                and p["periods"][0]["act"] != "BINDING_ACT_SUCCESSION")
            threshold = datetime.date.fromisoformat(
                deposits[rule["thresholdInstruments"] - 1])
            counted = threshold + datetime.timedelta(
                days=rule["daysAfterThreshold"])
            self.assertEqual(counted.isoformat(), late.get(slug, start),
                             slug)

    def test_bhutan_has_two_periods_under_uncac(self):
        periods = self.records["participation"][
            "treaties/uncac/participations/BTN"]["periods"]
        self.assertEqual(len(periods), 2)
        self.assertEqual(periods[0]["end"], {"unknown": True})
        self.assertNotIn("end", periods[1])

    def test_designations_claim_no_validity_that_no_source_states(self):
        for name, record in self.records["designation"].items():
            self.assertNotIn("validFrom", record, name)
            self.assertNotIn("validUntil", record, name)
            self.assertNotIn("verifiedOn", record, name)
            notification = record.get("notification", {})
            self.assertEqual("date" in notification, "basis" in notification,
                             name)

    def test_designations_are_told_apart(self):
        ids = set()
        keys = set()
        for name, record in self.records["designation"].items():
            article = record.get("article", "")
            self.assertTrue(not article or CITATION.fullmatch(article), name)
            key = (name.split("/")[1], record.get("authority"),
                   record["treaty"], article, record["function"],
                   record["runningNumber"])
            self.assertNotIn(key, keys, name)
            keys.add(key)
            own = [s for s in record["sources"] if "system" in s]
            self.assertEqual(len(own), 1, name)
            ids.add((own[0]["system"], own[0]["id"]))
            parts = [record["treaty"].split("/")[1]]
            parts += re.findall(r"[0-9a-z]+", article)
            parts.append(record["function"].split("/")[1])
            self.assertRegex(name.rsplit("/", 1)[1],
                             rf"\A{'-'.join(parts)}-[1-9][0-9]*\Z")
        self.assertEqual(ids, {("directory-2026", f"d{n:03d}")
                               for n in range(1, 53)})

    def test_telephone_numbers_hold_no_labels(self):
        for name, record in self.records["authority"].items():
            for contact in record.get("contacts", []):
                self.assertIn("sources", contact, name)
                for telephone in contact.get("telephones", []):
                    self.assertRegex(telephone["number"],
                                     r"\A[+0-9 ()/.-]+\Z", name)
                for address in contact.get("addresses", []):
                    self.assertLessEqual(len(address["lines"]), 20, name)
                for email in contact.get("emails", []):
                    self.assertRegex(email, r"\A[^@\s]+@[^@\s]+\.[a-z]+\Z")


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        FOLDER = pathlib.Path(sys.argv.pop(1))
    unittest.main()
