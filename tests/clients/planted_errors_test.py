"""Fifty errors planted in a file of designations: each is named, once, with
line, column, field, value and rule; nothing else is, and nothing is written.

planted_errors_test.py COMITYD COMITY DATA [CSV...]

The file is the export of the bundled designations; each CSV that exists is
taken too. Both formats are tried: the same errors in CSV and JSON Lines.
"""

import csv
import io
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

COMITYD, COMITY, DATA = sys.argv[1:4]
FILES = [pathlib.Path(name) for name in sys.argv[4:]]

# What makes a cell bad, by a name that a column may have: the cell, the part
# of it that is bad, and the rule.
PLANTS = [
    (("state", "state_alpha3"), "Atlantis", None, "no State is called Atlantis"),
    (("state", "state_alpha3"), "QQQ", None, "no State is called QQQ"),
    (("state", "state_alpha3"), "", None, "is required"),
    (("treaty", "instrument_id"), "untoc-2", None, "no treaty on record is called"),
    (("treaty", "instrument_id"), "", None, "is required"),
    (("function",), "astrology", None, "no function is called"),
    (("function",), "", None, "is required"),
    (("article",), "everywhere", None, "must cite one article"),
    (("article",), "18 and 16", None, "must cite one article"),
    (("languages",), "English|Klingonese", "Klingonese", "must be a language"),
    (("authority_name_lang",), "English and French", None, "must be one"),
    (("date_notified",), "2011-02-30", None, "must be a day of the calendar"),
    (("date_notified",), "03/04/2011", None, "is ambiguous"),
    (("date_notified",), "yesterday", None, "must be a day of the calendar"),
    (("source_as_of",), "soon", None, "must be a day, a month or a year"),
    (("phone",), "none", None, "must hold a telephone number"),
    (("fax",), "n/a", None, "must hold a telephone number"),
    (("email",), "office(at)example.org", None, "must be an e-mail address"),
    (("website",), "nowhere", None, "must be the address of a web page"),
    (("time_zone",), "local time", None, "must be an IANA time zone"),
    (("valid_from",), "someday", None, "must be a day of the calendar"),
    (("valid_until",), "2015-13-01", None, "must be a day of the calendar"),
    (("authority_kind",), "friendly", None, "must be central authority"),
    (("verified_on",), "31.4.2015", None, "must be a day of the calendar"),
]
# Only where the row names an office, to which the cell belongs.
OF_OFFICES = {"authority_name_lang", "phone", "fax", "email", "website",
              "time_zone", "authority_kind"}
PLANTED = 50


class Server:
  def __init__(self, folder):
    self.address = f"unix:{folder}/socket"
    self.process = subprocess.Popen(
        [COMITYD, "--data-dir", f"{folder}/store", "--listen", self.address,
         "--load", DATA], stdout=subprocess.PIPE, text=True)
    assert "ready" in self.process.stdout.readline()

  def comity(self, *arguments):
    return subprocess.run([COMITY, "--server", self.address, *arguments],
                          capture_output=True, check=False)

  def stop(self):
    self.process.terminate()
    self.process.wait()
    self.process.stdout.close()


def parse(text):
  """Header, rows, and the line on which each row starts."""
  reader = csv.reader(io.StringIO(text, newline=""))
  header = next(reader)
  rows, starts = [], []
  while True:
    start = reader.line_num + 1
    try:
      rows.append(next(reader))
    except StopIteration:
      return header, rows, starts
    starts.append(start)


def write(header, rows):
  out = io.StringIO(newline="")
  csv.writer(out, lineterminator="\r\n").writerows([header, *rows])
  return out.getvalue()


def plant(header, rows, seed):
  """Changes cells of `rows`; the row, column, field, value and rule of each."""
  chance = random.Random(seed)
  kinds = [(header.index(name), name, cell, value or cell, rule)
           for names, cell, value, rule in PLANTS
           for name in names if name in header]
  office = header.index("authority_name")
  source_id = header.index("id")
  planted, taken = [], set()
  # Every kind at least once, then any.
  order = kinds + [chance.choice(kinds) for _ in range(1000)]
  for column, name, cell, value, rule in order:
    if len(planted) == PLANTED - 2:
      break
    # A State or treaty that is not understood says nothing of other cells.
    free = [i for i, row in enumerate(rows)
            if (i, column) not in taken
            and (name not in OF_OFFICES or row[office])]
    if not free:
      continue
    row = chance.choice(free)
    taken.add((row, column))
    rows[row][column] = cell
    planted.append((row, column + 1, name, value, rule))
  # One id twice.
  rows[3][source_id] = rows[2][source_id]
  planted.append((3, source_id + 1, "id", rows[2][source_id], "stands in line"))
  return planted


class PlantedErrorsTest(unittest.TestCase):

  def setUp(self):
    self.folder = tempfile.TemporaryDirectory(prefix="comity-")
    self.addCleanup(self.folder.cleanup)
    self.server = Server(self.folder.name)
    self.addCleanup(self.server.stop)

  def history(self):
    exported = self.server.comity("export", "--history")
    self.assertEqual(exported.returncode, 0, exported.stderr)
    return exported.stdout

  def import_bad(self, name, content, expected):
    path = pathlib.Path(self.folder.name) / name
    path.write_bytes(content)
    before = self.history()
    imported = self.server.comity("import", "designations", str(path), "--json")
    self.assertEqual(imported.returncode, 5, imported.stderr)
    lines = [json.loads(line) for line in imported.stdout.splitlines()]
    self.assertEqual(lines[-1]["state"], "STATE_REJECTED")
    reported = [problem for line in lines[:-1]
                for problem in line.get("problems", [])]
    self.check(reported, expected)
    self.assertEqual(self.history(), before, "the store changed")

  def check(self, reported, expected):
    left = list(reported)
    for line, column, field, value, rule in expected:
      found = [p for p in left
               if int(p["line"]) == line and p.get("column", 0) == column
               and p.get("field", "") == field and p.get("value", "") == value
               and rule in p["rule"]]
      self.assertEqual(len(found), 1, f"{line}:{column}: {field}, {value!r}, "
                       f"{rule}: reported {len(found)} times; left: {left}")
      left.remove(found[0])
    self.assertEqual(left, [], "reported, but not planted")

  def check_csv(self, name, text, seed):
    header, rows, _ = parse(text)
    self.assertGreaterEqual(len(rows), 50)
    planted = plant(header, rows, seed)
    # The last one: a cell too many.
    rows[-1].append("more")
    written = write(header, rows)
    starts = parse(written)[2]
    expected = [(starts[row], column, field, value, rule)
                for row, column, field, value, rule in planted]
    expected.append((starts[-1], 0, "", "",
                     f"the row has {len(header) + 1} cells, but the header has "
                     f"{len(header)}"))
    self.assertEqual(len(expected), PLANTED)
    self.import_bad(name, written.encode(), expected)

  def test_bundled_designations(self):
    exported = self.server.comity("export", "--format", "csv")
    self.assertEqual(exported.returncode, 0, exported.stderr)
    for seed in range(5):
      with self.subTest(seed=seed):
        self.check_csv(f"bundled{seed}.csv", exported.stdout.decode(), seed)

  def test_json_lines(self):
    exported = self.server.comity("export", "--format", "csv")
    header, rows, _ = parse(exported.stdout.decode())
    rows = [list(row) for row in rows]
    planted = plant(header, rows, 7)
    lines = [json.dumps({name: cell for name, cell in zip(header, row) if cell
                         or name in ("state", "treaty", "function")})
             for row in rows]
    expected = [(row + 1, column, field, value, rule)
                for row, column, field, value, rule in planted]
    # Lines have no columns: the field says where.
    path = pathlib.Path(self.folder.name) / "bad.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    before = self.history()
    imported = self.server.comity("import", "designations", str(path), "--json")
    self.assertEqual(imported.returncode, 5, imported.stderr)
    reported = [problem for line in imported.stdout.splitlines()
                for problem in json.loads(line).get("problems", [])]
    for problem in reported:
      problem.pop("column", None)
    self.check(reported, [(line, 0, *rest) for line, _, *rest in expected])
    self.assertEqual(self.history(), before, "the store changed")

  def test_files(self):
    found = [path for path in FILES if path.is_file()]
    if not found:
      self.skipTest("the shared designations are not here")
    for path in found:
      with self.subTest(path=path.name):
        self.check_csv(path.name, path.read_text(encoding="utf-8"), 11)


if __name__ == "__main__":
  unittest.main(argv=sys.argv[:1], verbosity=2)
