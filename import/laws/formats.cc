// The table of formats: one row each.

#include "import/laws/akoma_ntoso_reader.h"
#include "import/laws/clml_reader.h"
#include "import/laws/docx_reader.h"
#include "import/laws/html_reader.h"
#include "import/laws/isb_reader.h"
#include "import/laws/lexdania_reader.h"
#include "import/laws/leychile_reader.h"
#include "import/laws/lovdata_reader.h"
#include "import/laws/markdown_reader.h"
#include "import/laws/pdf_reader.h"
#include "import/laws/reader.h"
#include "import/laws/riigi_teataja_reader.h"
#include "import/laws/rtf_reader.h"
#include "import/laws/text_reader.h"
#include "import/laws/uslm_reader.h"
#include "import/laws/word97_reader.h"

namespace comity::laws {
namespace {

constexpr Format kFormats[] = {
    {"docx", Family::kBinary, &IsDocx, &ReadDocx},
    {"word97", Family::kBinary, &IsWord97, &ReadWord97},
    {"rtf", Family::kBinary, &IsRtf, &ReadRtf},
    {"pdf", Family::kBinary, &IsPdf, &ReadPdf},
    {"akoma-ntoso", Family::kXml, &IsAkomaNtoso, &ReadAkomaNtoso},
    {"clml", Family::kXml, &IsClml, &ReadClml},
    {"uslm", Family::kXml, &IsUslm, &ReadUslm},
    {"riigi-teataja", Family::kXml, &IsRiigiTeataja, &ReadRiigiTeataja},
    {"lexdania", Family::kXml, &IsLexDania, &ReadLexDania},
    {"leychile", Family::kXml, &IsLeyChile, &ReadLeyChile},
    {"isb", Family::kXml, &IsIsb, &ReadIsb},
    {"lovdata", Family::kHtml, &IsLovdata, &ReadLovdata},
    {"html", Family::kHtml, &IsHtml, &ReadHtml},
    {"markdown", Family::kText, &IsMarkdown, &ReadMarkdown},
    {"text", Family::kText, &IsText, &ReadText},
};

}  // namespace

absl::Span<const Format> Formats() { return kFormats; }

}  // namespace comity::laws
