"""An import of laws whose server is killed at five moments, and run again each
time, makes what an undisturbed one makes: the same exports, the same answers.

killed_import_test.py COMITYD COMITY DATA LAWS QUERIES

DATA is the folder of bundled data. LAWS is a file or a folder of laws, or
`generated`: a library is then made here, of laws that say that they are
synthetic; with the legislation of ../shared/data it is run by hand. The first moments lie in the import, the last ones in what is indexed
after it, wherever these fall on this machine. Prints what it took.
"""

import json
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

COMITYD, COMITY, DATA, LAWS, QUERIES = sys.argv[1:6]
# Parts of the time of an undisturbed import, and of what follows it.
MOMENTS = [("import", 0.15), ("import", 0.45), ("import", 0.75),
           ("index", 0.2), ("index", 0.6)]
PATIENCE_SECONDS = 900


def fail(what):
  print(f"FAILED: {what}")
  sys.exit(1)


class Server:
  """comityd on a folder; every start goes on where the one before was."""

  def __init__(self, folder):
    self.folder = folder
    self.address = f"unix:{folder}/socket"
    self.peak_kb = 0
    self.start()

  def start(self):
    self.process = subprocess.Popen(
        [COMITYD, "--data-dir", f"{self.folder}/store", "--listen",
         self.address, "--load", DATA],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    line = self.process.stdout.readline()
    if "ready" not in line:
      fail(f"no ready line but {line!r}")

  def note_peak(self):
    status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+)", status)
    if found:
      self.peak_kb = max(self.peak_kb, int(found.group(1)))

  def kill(self):
    self.note_peak()
    self.process.send_signal(signal.SIGKILL)
    self.process.wait()

  def stop(self):
    self.note_peak()
    self.process.terminate()
    if self.process.wait() != 0:
      fail("the server did not end well")

  def comity(self, *arguments, check=True):
    done = subprocess.run([COMITY, "--server", self.address, *arguments],
                          capture_output=True, text=True, check=False)
    if check and done.returncode != 0:
      fail(f"{arguments}: {done.stderr}")
    return done

  def begin_import(self):
    return subprocess.Popen(
        [COMITY, "--server", self.address, "import", "laws", laws_path,
         "--partial"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

  def is_indexed(self):
    stats = json.loads(self.comity("inspect", "stats", "--json").stdout)
    index = stats.get("index", {})
    return (index.get("sequence") == stats["sequence"] and
            not index.get("building"))

  def wait_until_indexed(self):
    until = time.monotonic() + PATIENCE_SECONDS
    while not self.is_indexed():
      if time.monotonic() > until:
        fail("the index does not get there")
      time.sleep(0.05)


def generated(folder):
  """Laws in some languages, as JSON Lines of documents."""
  random.seed(7)
  words = [a + b + c for a in ("pro", "con", "de", "in") for b in
           ("vi", "tra", "sti", "ca", "le") for c in ("re", "to", "num", "s")]
  path = pathlib.Path(folder) / "synthetic.jsonl"
  with open(path, "w", encoding="utf-8") as out:
    for number in range(300):
      articles = []
      for article in range(1, random.randint(3, 30)):
        text = " ".join(random.choices(words, k=random.randint(10, 60)))
        articles.append(f"Article {article}\n{text}.")
      json.dump({"id": f"synthetic-{number}", "state": "FRA",
                 "lang": "en", "type": "act", "format": "text",
                 "title": f"Synthetic law {number} on {random.choice(words)}",
                 "text": "\n\n".join(articles)}, out)
      out.write("\n")
  return str(path)


def queries_of(server):
  """Words and pairs of words of the titles, drawn from what was imported."""
  random.seed(11)
  titles = []
  for line in server.comity("export", "--kind", "law").stdout.splitlines():
    titles += [t["text"] for t in json.loads(line)["law"].get("titles", [])]
  queries = []
  while len(queries) < int(QUERIES):
    words = random.choice(titles).split()
    at = random.randrange(len(words))
    query = " ".join(words[at:at + random.randint(1, 3)])
    if len(queries) % 5 == 4:
      query = '"' + query.replace('"', " ") + '"'
    queries.append(query)
  return queries


def answer_to(server, query):
  done = server.comity("search", "--json", "--facet", "language", "--facet",
                       "state", "--", query, check=False)
  # Nothing found has an exit code of its own; both must have the same.
  if done.returncode not in (0, 1, 4) or not done.stdout:
    return {"exit code": done.returncode, "error": done.stderr}
  answer = json.loads(done.stdout)
  # Kills make more jobs, and so other numbers of changes.
  answer.pop("sequence", None)
  answer.pop("nextPageToken", None)
  return answer


def compare(whole, killed):
  exports = [s.comity("export").stdout for s in (whole, killed)]
  if exports[0] != exports[1]:
    for one, other in zip(*(e.splitlines() for e in exports)):
      if one != other:
        fail(f"exports differ:\n{one[:500]}\n{other[:500]}")
    fail("exports differ in length")
  queries = queries_of(whole)
  for query in queries:
    one, other = (answer_to(s, query) for s in (whole, killed))
    if one != other:
      fail(f"answers to {query!r} differ:\n{json.dumps(one)[:1500]}\n"
           f"{json.dumps(other)[:1500]}")
  print(f"{len(exports[0].splitlines())} records and {len(queries)} answers "
        "are the same")


with tempfile.TemporaryDirectory(prefix="comity-") as root:
  laws_path = generated(root) if LAWS == "generated" else LAWS
  (pathlib.Path(root) / "whole").mkdir()
  (pathlib.Path(root) / "killed").mkdir()
  whole = Server(f"{root}/whole")
  whole.wait_until_indexed()
  began = time.monotonic()
  importing = whole.begin_import()
  out, err = importing.communicate()
  if importing.returncode not in (0, 1):
    fail(f"the import: {err}")
  import_seconds = time.monotonic() - began
  whole.wait_until_indexed()
  index_seconds = time.monotonic() - began - import_seconds
  whole.note_peak()
  print(f"undisturbed: import {import_seconds:.1f} s, index "
        f"{index_seconds:.1f} s more, server's peak {whole.peak_kb // 1024} "
        f"MiB\n{err.strip().splitlines()[-2:]}")

  killed = Server(f"{root}/killed")
  killed.wait_until_indexed()
  for kind, part in MOMENTS:
    importing = killed.begin_import()
    if kind == "import":
      time.sleep(import_seconds * part)
      state = "at work" if importing.poll() is None else "done"
    else:
      importing.communicate()
      time.sleep(index_seconds * part)
      state = "at work" if not killed.is_indexed() else "done"
    killed.kill()
    importing.communicate()
    print(f"killed at {part:.0%} of the {kind}, which was {state}")
    killed.start()
  importing = killed.begin_import()
  out, err = importing.communicate()
  if importing.returncode not in (0, 1):
    fail(f"the last import: {err}")
  killed.wait_until_indexed()
  compare(whole, killed)
  verified = killed.comity("inspect", "verify")
  print(verified.stdout.strip())
  whole.stop()
  killed.stop()
  print(f"peak of the killed servers {killed.peak_kb // 1024} MiB")
