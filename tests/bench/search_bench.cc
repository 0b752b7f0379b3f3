#include "tests/bench/search_bench.h"

#include <xapian.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "base/words.h"
#include "index/library_index.h"
#include "index/query_builder.h"
#include "index/query_parser.h"
#include "index/searcher.h"
#include "index/xapian_guard.h"
#include "tests/bench/synthetic_library.h"
#include "tests/support/temporary_folder.h"

namespace comity::bench {
namespace {

using Steady = std::chrono::steady_clock;

double SecondsSince(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

int64_t BytesOf(const std::string& folder) {
  int64_t bytes = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      bytes += static_cast<int64_t>(entry.file_size());
    }
  }
  return bytes;
}

struct Times {
  std::vector<double> microseconds;

  double At(double part) {
    if (microseconds.empty()) return 0;
    const auto at = static_cast<std::ptrdiff_t>(
        part * static_cast<double>(microseconds.size() - 1));
    std::nth_element(microseconds.begin(), microseconds.begin() + at,
                     microseconds.end());
    return microseconds[static_cast<size_t>(at)];
  }
};

// One writer, the same documents, and nothing else.
absl::Status IndexBare(const SyntheticLibrary& library, int flush_documents,
                       const std::string& folder, double* seconds) {
  ASSIGN_OR_RETURN(const std::unique_ptr<index::Analyzer> analyzer,
                   index::Analyzer::Create());
  index::ColumnsWriter columns;
  index::DocumentMaker maker(analyzer.get(), &columns);
  const auto start = Steady::now();
  const absl::Status status = index::Guard([&]() -> absl::Status {
    Xapian::WritableDatabase database(folder, Xapian::DB_CREATE,
                                      flush_documents);
    for (const SyntheticLibrary::Law& law : library.laws()) {
      RETURN_IF_ERROR(maker.MakeLaw(
          library.Input(law), [&](const index::DocumentMaker::Made& made) {
            database.add_document(made.document());
            return absl::OkStatus();
          }));
    }
    database.commit();
    return absl::OkStatus();
  });
  *seconds = SecondsSince(start);
  return status;
}

absl::Status IndexOurs(const SyntheticLibrary& library,
                       index::LibraryIndex* index, double* seconds) {
  const auto start = Steady::now();
  ASSIGN_OR_RETURN(std::unique_ptr<index::Build> build, index->BeginBuild());
  for (const SyntheticLibrary::Law& law : library.laws()) {
    RETURN_IF_ERROR(build->Put(library.Input(law)));
  }
  RETURN_IF_ERROR(build->Mark(1));
  RETURN_IF_ERROR(index->Serve(std::move(build)));
  *seconds = SecondsSince(start);
  return absl::OkStatus();
}

// Words of the library that can be queries.
class Queries {
 public:
  explicit Queries(const SyntheticLibrary& library) : library_(library) {}

  std::vector<std::string> Make(const std::string& kind, int count) {
    std::vector<std::string> queries;
    for (int i = 0; i < count; ++i) {
      const SyntheticLibrary::Law& law = Any();
      const auto& provision = law.provisions[Below(law.provisions.size())];
      if (kind == "term") {
        queries.push_back(Words(provision.text(), 1));
      } else if (kind == "three OR") {
        queries.push_back(Words(provision.text(), 3));
      } else if (kind == "three AND") {
        std::vector<std::string> words =
            absl::StrSplit(Words(provision.text(), 3), ' ');
        queries.push_back(absl::StrJoin(words, " AND "));
      } else if (kind == "phrase") {
        queries.push_back(absl::StrCat("\"", Run(provision.text(), 2), "\""));
      } else if (kind == "prefix") {
        queries.push_back(
            absl::StrCat(WholeCharacters(Words(provision.text(), 1), 6), "*"));
      } else {
        queries.push_back(
            absl::StrCat("title:", Words(law.law.titles(0).text(), 1)));
      }
    }
    return queries;
  }

 private:
  size_t Below(size_t end) {
    return std::uniform_int_distribution<size_t>(0, end - 1)(random_);
  }
  const SyntheticLibrary::Law& Any() {
    while (true) {
      const auto& law = library_.laws()[Below(library_.laws().size())];
      if (law.language != "zh") return law;
    }
  }
  std::string Words(const std::string& text, size_t count) {
    const std::vector<std::string> all =
        absl::StrSplit(text, absl::ByAnyChar(" ."), absl::SkipEmpty());
    std::vector<std::string> words;
    for (size_t i = 0; i < count; ++i) words.push_back(all[Below(all.size())]);
    return absl::StrJoin(words, " ");
  }
  std::string Run(const std::string& text, size_t count) {
    const std::vector<std::string> all =
        absl::StrSplit(text, absl::ByAnyChar(" ."), absl::SkipEmpty());
    if (all.size() <= count) return all[0];
    const size_t first = Below(all.size() - count);
    return absl::StrJoin(
        all.begin() + static_cast<std::ptrdiff_t>(first),
        all.begin() + static_cast<std::ptrdiff_t>(first + count), " ");
  }

  const SyntheticLibrary& library_;
  std::mt19937 random_{7};
};

// What one query took, in each way of asking.
using Results = std::map<std::string, Times>;

struct Way {
  std::string name;
  std::function<void(v1::SearchRequest*)> set;
};

std::vector<Way> Ways() {
  const auto flat = [](v1::SearchRequest* request) {
    request->set_without_snippets(true);
    request->set_group(v1::SearchRequest::GROUP_NONE);
  };
  return {
      {"search", flat},
      {"grouped",
       [](v1::SearchRequest* request) { request->set_without_snippets(true); }},
      {"snippets",
       [](v1::SearchRequest* request) {
         request->set_group(v1::SearchRequest::GROUP_NONE);
       }},
      {"dates",
       [flat](v1::SearchRequest* request) {
         flat(request);
         request->mutable_filter()->set_from("1987-05-03");
         request->mutable_filter()->set_until("2011-11-20");
       }},
      {"facets",
       [flat](v1::SearchRequest* request) {
         flat(request);
         for (int facet = v1::SEARCH_FACET_FIELD_STATE;
              facet <= v1::SEARCH_FACET_FIELD_SUBJECT; ++facet) {
           request->add_facets(static_cast<v1::SearchFacetField>(facet));
         }
       }},
  };
}

absl::Status RunQueries(const std::vector<std::string>& queries,
                        const index::Searcher& searcher,
                        const std::string& database_path,
                        index::Analyzer* analyzer, Results* results) {
  const index::Ranking ranking;
  return index::Guard([&]() -> absl::Status {
    const Xapian::Database database(database_path);
    for (const std::string& query : queries) {
      const index::ParsedQuery parsed = index::ParseQuery(query, {}, analyzer);
      const index::BuiltQuery built =
          index::BuildQuery(parsed.root, ranking, database);
      // Twice, so that what is measured has been read before.
      for (const bool counts : {false, true}) {
        auto start = Steady::now();
        Xapian::Enquire enquire(database);
        enquire.set_weighting_scheme(
            Xapian::BM25Weight(ranking.k1, 0, 1, ranking.b, 0));
        enquire.set_query(built.ranked);
        const Xapian::MSet found = enquire.get_mset(0, 10);
        // As anyone would to show them.
        for (auto hit = found.begin(); hit != found.end(); ++hit) {
          (void)hit.get_document().get_data();
        }
        if (counts) {
          (*results)["bare"].microseconds.push_back(SecondsSince(start) * 1e6);
        }
        for (const Way& way : Ways()) {
          v1::SearchRequest request;
          request.set_query(query);
          way.set(&request);
          start = Steady::now();
          RETURN_IF_ERROR(
              searcher.Search(request, {}, absl::InfiniteFuture()).status());
          if (counts) {
            (*results)[way.name].microseconds.push_back(SecondsSince(start) *
                                                        1e6);
          }
        }
      }
    }
    return absl::OkStatus();
  });
}

// Searches a second of as many clients.
double Rate(const std::vector<std::string>& queries,
            const index::Searcher& searcher, int clients) {
  std::atomic<size_t> next{0};
  std::vector<std::thread> threads;
  const auto start = Steady::now();
  for (int i = 0; i < clients; ++i) {
    threads.emplace_back([&] {
      for (size_t at = next++; at < queries.size(); at = next++) {
        v1::SearchRequest request;
        request.set_query(queries[at]);
        (void)searcher.Search(request, {}, absl::InfiniteFuture());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(queries.size()) / SecondsSince(start);
}

}  // namespace

absl::Status MeasureSearch(const SearchOptions& options) {
  // Line by line, for whoever waits.
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const SyntheticLibrary library({.provisions = options.provisions});
  std::printf("%lld provisions in %zu laws, %.1f MB of text\n",
              static_cast<long long>(library.provisions()),
              library.laws().size(),
              static_cast<double>(library.text_bytes()) / 1e6);
  TemporaryFolder folder;
  double bare_seconds = 0;
  double our_seconds = 0;
  RETURN_IF_ERROR(IndexBare(library, options.flush_documents,
                            folder.Path("bare"), &bare_seconds));
  ASSIGN_OR_RETURN(const std::unique_ptr<index::LibraryIndex> index,
                   index::LibraryIndex::Open(folder.Path("index"), {}));
  RETURN_IF_ERROR(IndexOurs(library, index.get(), &our_seconds));
  const auto count = static_cast<double>(library.provisions());
  const double bytes = static_cast<double>(BytesOf(folder.Path("index")));
  std::printf(
      "indexing: bare %.0f/s, ours %.0f/s: %.2f times; %.2f bytes a byte "
      "of text\n",
      count / bare_seconds, count / our_seconds, bare_seconds / our_seconds,
      bytes / static_cast<double>(library.text_bytes()));

  absl::flat_hash_map<std::string, const SyntheticLibrary::Law*> laws;
  for (const auto& law : library.laws()) laws[law.law.name()] = &law;
  index::SearcherOptions with;
  with.read_provision = [&laws](absl::string_view expression, uint64_t,
                                int position, v1::Provision* provision) {
    const auto law = laws.find(
        std::string(expression.substr(0, expression.find("/expressions/"))));
    *provision = law->second->provisions[static_cast<size_t>(position - 1)];
    return absl::OkStatus();
  };
  const index::Searcher searcher(index.get(), with);
  ASSIGN_OR_RETURN(const std::unique_ptr<index::Analyzer> analyzer,
                   index::Analyzer::Create());
  Queries queries(library);
  std::vector<std::string> all;
  std::printf("microseconds, p50 (p99)\n%-10s", "");
  for (const char* name :
       {"bare", "search", "grouped", "snippets", "dates", "facets"}) {
    std::printf(" %16s", name);
  }
  std::printf("\n");
  for (const char* kind :
       {"term", "three OR", "three AND", "phrase", "prefix", "title"}) {
    const std::vector<std::string> of = queries.Make(kind, options.queries);
    all.insert(all.end(), of.begin(), of.end());
    Results results;
    RETURN_IF_ERROR(RunQueries(of, searcher, index->view()->database,
                               analyzer.get(), &results));
    std::printf("%-10s", kind);
    for (const char* name :
         {"bare", "search", "grouped", "snippets", "dates", "facets"}) {
      std::printf(" %7.0f (%6.0f)", results[name].At(0.5),
                  results[name].At(0.99));
    }
    std::printf("\n");
  }
  const double one = Rate(all, searcher, 1);
  const double two = Rate(all, searcher, 2);
  std::printf("clients: one %.0f/s, two %.0f/s: %.2f times\n", one, two,
              two / one);
  return absl::OkStatus();
}

}  // namespace comity::bench
