// comity_generate: writes synthetic designations to a file.

#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

#include "CLI/CLI.hpp"
#include "tests/support/synthetic.h"

int main(int argc, char** argv) {
  CLI::App app("Writes synthetic designations, marked as such in every record.",
               "comity_generate");
  comity::synthetic::Options options;
  std::string format = "csv";
  std::string folder = COMITY_SOURCE_DIR "/data";
  std::string path = "-";
  app.add_option("--designations", options.designations, "How many")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000000));
  app.add_option("--seed", options.seed, "The same seed gives the same bytes")
      ->capture_default_str();
  app.add_option("--format", format, "csv, or jsonl: lines of Record")
      ->capture_default_str()
      ->check(CLI::IsMember({"csv", "jsonl"}));
  app.add_option("--data", folder, "Folder of the bundled data")
      ->capture_default_str();
  app.add_option("file", path, "The file; - for standard output");
  CLI11_PARSE(app, argc, argv);

  const auto world = comity::synthetic::World::Read(folder);
  if (!world.ok()) {
    std::cerr << "comity_generate: " << world.status().message() << "\n";
    return 1;
  }
  std::ofstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::ostream& out = path == "-" ? std::cout : file;
  if (format == "csv") {
    comity::synthetic::WriteCsv(*world, options, &out);
  } else {
    comity::synthetic::WriteJsonLines(*world, options, &out);
  }
  out.flush();
  if (out.good()) return 0;
  std::cerr << "comity_generate: cannot write " << path << "\n";
  return 1;
}
