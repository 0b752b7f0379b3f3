# Fails on an #include that its folder may not have. The table is the map of
# the code: what each folder may include besides itself, the C and C++ standard
# library, POSIX and Abseil.
#
#   cmake -P tests/layering_test.cmake            checks the tree
#   cmake -DROOT=<folder> -P ...                  checks another tree
#   cmake -DSELF_TEST=<scratch folder> -P ...     checks that it can fail
cmake_minimum_required(VERSION 3.25)

set(folders base rules store index import services cli)

set(base_may ICU)
set(rules_may base proto)
set(store_may base proto RocksDB xxHash)
set(index_may base proto rules store Xapian Snowball xxHash)
set(import_may base proto rules store parsers ICU xxHash)
# Libraries of HTTP: the gateway's.
set(services_may base proto rules store index import RocksDB gRPC CLI11 HTTP
  xxHash)
# ICU: how many columns of a terminal a text fills.
set(cli_may base proto ICU gRPC CLI11)

# A name of the table that is no folder of ours is a library; these are the
# headers that belong to it.
set(proto_headers
  "^(comity/v1|google/(api|rpc))/[a-z_]+\\.pb\\.h$|^google/protobuf/[a-z0-9_./]+\\.h$")
set(gRPC_headers "^(grpc|grpcpp)/|^comity/v1/[a-z_]+_service\\.grpc\\.pb\\.h$")
set(RocksDB_headers "^rocksdb/")
set(ICU_headers "^unicode/")
set(CLI11_headers "^CLI/")
set(HTTP_headers "^(microhttpd|zlib)\\.h$")
set(xxHash_headers "^xxhash\\.h$")
set(Xapian_headers "^xapian\\.h$")
# Stemmers of more languages than Xapian has.
set(Snowball_headers "^libstemmer\\.h$")
set(parsers_headers
  "^(archive|archive_entry|pugixml|simdjson|zlib|zstd|poppler-[a-z]+)\\.h(pp)?$|^(libxml|cld2/public|uchardet)/[A-Za-z0-9_]+\\.h$")

# Open to all: Abseil, POSIX, and the standard library, whose headers have
# neither a folder nor a suffix.
set(common_headers
  "^absl/|^[a-z_0-9]+$|^(sys|netinet|arpa|net)/[a-z_]+\\.h$|^(dirent|fcntl|poll|pthread|signal|spawn|stdlib|strings|time|termios|unistd|netdb|langinfo|locale|fnmatch|glob|getopt)\\.h$")

# Puts into `result` whether `folder` may include `header`.
function(may_include folder header result)
  set(${result} TRUE PARENT_SCOPE)
  if(header MATCHES "${common_headers}" OR header MATCHES "^${folder}/")
    return()
  endif()
  foreach(place IN LISTS ${folder}_may)
    if(place IN_LIST folders)
      if(header MATCHES "^${place}/")
        return()
      endif()
    elseif(header MATCHES "${${place}_headers}")
      return()
    endif()
  endforeach()
  set(${result} FALSE PARENT_SCOPE)
endfunction()

# Puts into `result` one line for each wrong include below `root`.
function(wrong_includes root result)
  set(wrong)
  foreach(folder IN LISTS folders)
    file(GLOB_RECURSE files RELATIVE ${root}
      ${root}/${folder}/*.h ${root}/${folder}/*.cc)
    foreach(file IN LISTS files)
      file(STRINGS ${root}/${file} lines
        REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]")
      foreach(line IN LISTS lines)
        string(REGEX REPLACE "^[^<\"]*[<\"]([^>\"]*)[>\"].*$" "\\1" header
          "${line}")
        may_include(${folder} "${header}" allowed)
        if(NOT allowed)
          string(REPLACE ";" " " may "${${folder}_may}")
          list(APPEND wrong
            "${file}: ${header}: ${folder}/ may include: ${may}")
        endif()
      endforeach()
    endforeach()
  endforeach()
  set(${result} "${wrong}" PARENT_SCOPE)
endfunction()

# One wrong include of each kind must be found, and nothing else.
function(self_test scratch)
  file(REMOVE_RECURSE ${scratch})
  file(WRITE ${scratch}/base/text.cc
    "#include <string>\n#include <unicode/uchar.h>\n"
    "#include \"absl/status/status.h\"\n#include \"base/text.h\"\n"
    "#include \"store/keys.h\"\n")
  file(WRITE ${scratch}/rules/deep/routing.h
    "#include \"base/text.h\"\n#include \"comity/v1/state.pb.h\"\n"
    "  #  include <rocksdb/db.h>\n")
  file(WRITE ${scratch}/store/keys.cc
    "#include <rocksdb/db.h>\n#include \"google/rpc/status.pb.h\"\n"
    "#include \"comity/v1/admin_service.grpc.pb.h\"\n")
  file(WRITE ${scratch}/index/analyzer.cc
    "#include <xapian.h>\n#include \"store/keys.h\"\n"
    "#include <unicode/uchar.h>\n#include \"import/importer.h\"\n")
  file(WRITE ${scratch}/services/main.cc
    "#include <grpcpp/grpcpp.h>\n#include \"store/keys.h\"\n"
    "#include <boost/asio.hpp>\n")
  file(WRITE ${scratch}/cli/main.cc
    "#include <CLI/CLI.hpp>\n#include <unistd.h>\n"
    "#include \"comity/v1/admin_service.grpc.pb.h\"\n"
    "#include \"services/reply.h\"\n")
  wrong_includes(${scratch} wrong)
  set(found)
  foreach(line IN LISTS wrong)
    string(REGEX REPLACE ": [a-z]+/ may include.*$" "" line "${line}")
    list(APPEND found "${line}")
  endforeach()
  set(expected
    "base/text.cc: store/keys.h"
    "rules/deep/routing.h: rocksdb/db.h"
    "store/keys.cc: comity/v1/admin_service.grpc.pb.h"
    "index/analyzer.cc: unicode/uchar.h"
    "index/analyzer.cc: import/importer.h"
    "services/main.cc: boost/asio.hpp"
    "cli/main.cc: services/reply.h")
  if(NOT found STREQUAL expected)
    message(FATAL_ERROR "expected ${expected}\n found ${found}")
  endif()
  file(REMOVE_RECURSE ${scratch})
endfunction()

if(SELF_TEST)
  self_test(${SELF_TEST})
  return()
endif()
if(NOT ROOT)
  cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH ROOT)
endif()
wrong_includes(${ROOT} wrong)
if(wrong)
  list(JOIN wrong "\n  " text)
  message(FATAL_ERROR "includes that the layers forbid:\n  ${text}")
endif()
