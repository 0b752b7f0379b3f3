"""An import of laws whose server is killed at five moments, and run again each
time, makes what an undisturbed one makes: the same exports, the same answers.

killed_import_test.py COMITYD COMITY DATA LAWS QUERIES

DATA is the folder of bundled data. LAWS is a file or a folder of laws, or
`generated`: a library is then made here, of laws that say that they are
synthetic. With the legislation of ../shared/data it is run by hand:

  python3 tests/clients/killed_import_test.py build/release/bin/comityd \
    build/release/bin/comity data ../shared/data/legislation 500

The server is killed when so much of the import is published, or of the changes
indexed, so that every moment falls into the work on any machine; that it did is
checked. Prints what an undisturbed import takes.
"""

import filecmp
import json
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import grpc
from google.protobuf import json_format

from stock_clients_test import pool_by_reflection, prototype, unary

COMITYD, COMITY, DATA, LAWS, QUERIES = sys.argv[1:6]
# Parts of the import that are published, and of all changes that are indexed.
MOMENTS = [("import", 0.15), ("import", 0.45), ("import", 0.75),
           ("index", 0.4), ("index", 0.8)]
PATIENCE_SECONDS = 1800
LAWS_OF_FILE = 50
# Texts that queries are made of; enough of any library.
SAMPLES = 2000


def fail(what):
  print(f"FAILED: {what}")
  sys.exit(1)


class Server:
  """comityd on a folder; every start goes on where the one before was."""

  def __init__(self, folder):
    self.folder = pathlib.Path(folder)
    self.folder.mkdir()
    self.address = f"unix:{folder}/socket"
    self.peak_kb = 0
    self.start()

  def start(self):
    # Whatever it has to say is said if something fails.
    with open(self.folder / "log", "ab") as log:
      self.process = subprocess.Popen(
          [COMITYD, "--data-dir", str(self.folder / "store"), "--listen",
           self.address, "--load", DATA],
          stdout=subprocess.PIPE, stderr=log, text=True)
    line = self.process.stdout.readline()
    if "ready" not in line:
      fail(f"no ready line but {line!r}; its log:\n"
           f"{(self.folder / 'log').read_text()[-2000:]}")
    self.channel = grpc.insecure_channel(
        self.address, [("grpc.max_receive_message_length", 64 << 20)])
    pool = pool_by_reflection(self.channel, "comity.v1.AdminService")
    self.stats_request = prototype(pool, "comity.v1.GetStatsRequest")()
    self.stats_class = prototype(pool, "comity.v1.Stats")

  def note_peak(self):
    status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
    self.peak_kb = max(self.peak_kb,
                       int(re.search(r"VmHWM:\s+(\d+)", status).group(1)))

  def kill(self):
    self.process.send_signal(signal.SIGKILL)
    self.process.wait()
    self.process.stdout.close()
    self.channel.close()

  def stop(self):
    self.note_peak()
    self.channel.close()
    self.process.terminate()
    if self.process.wait() != 0:
      fail("the server did not end well")

  def stats(self):
    return unary(self.channel, "comity.v1.AdminService", "GetStats",
                 self.stats_request, self.stats_class)

  def published(self):
    return self.stats().sequence

  def indexed(self):
    """The changes up to here are in the index, or in the one being built."""
    index = self.stats().index
    return index.built_sequence if index.building else index.sequence

  def is_indexed(self):
    stats = self.stats()
    return stats.index.sequence == stats.sequence and not stats.index.building

  def begin_import(self):
    with open(self.folder / "import.log", "wb") as log:
      return subprocess.Popen(
          [COMITY, "--server", self.address, "import", "laws", laws_path,
           "--partial"], stdout=log, stderr=subprocess.STDOUT)

  def end_import(self, importing):
    # Records that cannot be read are told of by the exit code.
    if importing.wait() not in (0, 1):
      fail((self.folder / "import.log").read_text()[-2000:])

  def export(self):
    path = self.folder / "export.jsonl"
    with open(path, "wb") as out:
      subprocess.run([COMITY, "--server", self.address, "export"], stdout=out,
                     check=True)
    return path


def wait_for(what, holds):
  until = time.monotonic() + PATIENCE_SECONDS
  while not holds():
    if time.monotonic() > until:
      fail(f"{what}: not within {PATIENCE_SECONDS} s")
    time.sleep(0.002)


def generated(folder):
  """Laws in some languages, as JSON Lines of documents, several files."""
  random.seed(7)
  words = [a + b + c for a in ("pro", "con", "de", "in") for b in
           ("vi", "tra", "sti", "ca", "le") for c in ("re", "to", "num", "s")]
  files = pathlib.Path(folder) / "synthetic"
  files.mkdir()
  for number in range(12 * LAWS_OF_FILE):
    name = f"synthetic-{number // LAWS_OF_FILE:02}.jsonl"
    with open(files / name, "a", encoding="utf-8") as out:
      articles = []
      for article in range(1, random.randint(3, 12)):
        text = " ".join(random.choices(words, k=random.randint(10, 60)))
        articles.append(f"Article {article}\n{text}.")
      json.dump({"id": f"synthetic-{number}", "state": "FRA",
                 "lang": random.choice(["en", "fr", "es"]), "type": "act",
                 "format": "text",
                 "title": f"Synthetic law {number} on {random.choice(words)}",
                 "text": "\n\n".join(articles)}, out)
      out.write("\n")
  return str(files)


def texts_of(export):
  """Titles of laws and texts of provisions: a sample, the same each time."""
  random.seed(11)
  titles, provisions = [], []
  laws = 0
  seen = {id(titles): 0, id(provisions): 0}

  def keep(texts, text):
    seen[id(texts)] += 1
    if not text.split():
      return
    if len(texts) < SAMPLES:
      texts.append(text)
    elif random.random() < SAMPLES / seen[id(texts)]:
      texts[random.randrange(SAMPLES)] = text

  with open(export, encoding="utf-8") as lines:
    for line in lines:
      record = json.loads(line)
      laws += "law" in record
      for title in record.get("law", {}).get("titles", []):
        keep(titles, title["text"])
      for provision in record.get("expression", {}).get("provisions", []):
        keep(provisions, provision.get("text", ""))
  print(f"{laws} laws")
  return titles, provisions


def queries_of(export):
  """Words, phrases and words by AND, drawn from what was imported."""
  titles, provisions = texts_of(export)
  random.seed(13)
  queries = []
  for number in range(int(QUERIES)):
    words = random.choice(titles if number % 2 else provisions).split()
    at = random.randrange(len(words))
    some = [w.replace('"', " ") for w in words[at:at + random.randint(1, 4)]]
    queries.append([" ".join(some), '"' + " ".join(some) + '"',
                    " AND ".join(some), " ".join(some) + " lang:en",
                    some[0][:4] + "*"][number % 5])
  return queries


def answers_to(server, queries):
  pool = pool_by_reflection(server.channel, "comity.v1.SearchService")
  request_class = prototype(pool, "comity.v1.SearchRequest")
  answer_class = prototype(pool, "comity.v1.SearchResponse")
  answers = []
  for query in queries:
    request = request_class(query=query, facets=[
        "SEARCH_FACET_FIELD_STATE", "SEARCH_FACET_FIELD_LANGUAGE"])
    answer = unary(server.channel, "comity.v1.SearchService", "Search", request,
                   answer_class)
    # Kills make more jobs, and so other numbers of changes.
    answer.ClearField("sequence")
    answer.ClearField("next_page_token")
    answers.append(json_format.MessageToJson(answer, descriptor_pool=pool))
  return answers


def compare(whole, killed):
  exports = [server.export() for server in (whole, killed)]
  if not filecmp.cmp(*exports, shallow=False):
    with open(exports[0], encoding="utf-8") as a, \
         open(exports[1], encoding="utf-8") as b:
      for one, other in zip(a, b):
        if one != other:
          fail(f"exports differ:\n{one[:500]}\n{other[:500]}")
    fail("exports differ in length")
  queries = queries_of(exports[0])
  found = 0
  for query, one, other in zip(queries, answers_to(whole, queries),
                               answers_to(killed, queries)):
    if one != other:
      fail(f"answers to {query!r} differ:\n{one[:1500]}\n{other[:1500]}")
    found += "results" in json.loads(one)
  # Most find something, or little would be compared.
  if found < 0.9 * len(queries):
    fail(f"only {found} of {len(queries)} queries find anything")
  print(f"{exports[0].stat().st_size >> 20} MiB of exports and the answers to "
        f"{len(queries)} queries are the same, {found} with results")


def undisturbed(folder):
  """The server with all of it, and the changes before and after."""
  server = Server(folder)
  wait_for("the index", server.is_indexed)
  before = server.published()
  began = time.monotonic()
  server.end_import(server.begin_import())
  imported = time.monotonic()
  after = server.published()
  wait_for("the index", server.is_indexed)
  indexed = time.monotonic()
  server.note_peak()
  print(f"undisturbed: import {imported - began:.1f} s, index "
        f"{indexed - imported:.1f} s more; peak {server.peak_kb >> 10} MiB",
        flush=True)
  return server, before, after


def kill_at(server, kind, part, before, after):
  """Runs the import up to the moment; tells how much was indexed."""
  importing = server.begin_import()
  if kind == "import":
    reached = before + part * (after - before)
    wait_for(f"{part:.0%} of the import",
             lambda: server.published() >= reached or
             importing.poll() is not None)
    # Anywhere in the part that is being made now.
    time.sleep(random.random() * 0.05)
    state = server.published()
    fell = importing.poll() is None and state < after
  else:
    wait_for(f"{part:.0%} of the index",
             lambda: server.indexed() >= part * after)
    state = server.indexed()
    fell = state < server.published() or state < after
  indexed = server.indexed()
  server.note_peak()
  server.kill()
  importing.wait()
  print(f"killed at {part:.0%} of the {kind}: change {state} of {after}",
        flush=True)
  if not fell:
    fail("the moment did not fall into the work")
  return indexed


with tempfile.TemporaryDirectory(prefix="comity-") as root:
  laws_path = generated(root) if LAWS == "generated" else LAWS
  servers = []
  try:
    whole, before, after = undisturbed(f"{root}/whole")
    servers.append(whole)
    killed = Server(f"{root}/killed")
    servers.append(killed)
    for number, (kind, part) in enumerate(MOMENTS):
      indexed = kill_at(killed, kind, part, before, after)
      # If the index is beyond the next moment already, it is built from the
      # beginning, as it is wherever it is missing.
      following = MOMENTS[number + 1:number + 2]
      if following and following[0][0] == "index" and (
          indexed >= following[0][1] * after):
        print("the index is removed")
        shutil.rmtree(killed.folder / "store/index")
      killed.start()
    killed.end_import(killed.begin_import())
    wait_for("the index", killed.is_indexed)
    compare(whole, killed)
    verified = subprocess.run(
        [COMITY, "--server", killed.address, "inspect", "verify"],
        capture_output=True, text=True, check=False)
    if verified.returncode != 0:
      fail(verified.stdout)
    killed.note_peak()
    print(f"peak of the killed servers {killed.peak_kb >> 10} MiB")
    for server in servers:
      server.stop()
  finally:
    for server in servers:
      server.process.kill()
