// A change as one line of JSON: the full record, which log files keep and programs get.
//
// Pure; any thread; never throws for what a change may hold. Field names follow the Elastic Common
// Schema, with `registry.previous` and `regwatch.*` beside them; a field is there only when its
// content is known. The line is plain ASCII and always valid JSON. Text is shown as well as JSON
// can; a lone surrogate, which it cannot hold, is written as \u{hex}, and the exact text is then in
// `regwatch.exact` (base64 of UTF-16LE). The exact data is in `bytes` (base64);
// where not all of it is handed on, `regwatch.data` says so: redacted, or truncated with a hash.
#pragma once

#include <string>

#include "change/change.h"

namespace regwatch {

// What is known about where the record is made.
struct RecordContext {
    std::string host_name;  // UTF-8; left out when empty
};

// Without a line end. The same change and context give the same line every time.
[[nodiscard]] std::string to_json_line(const Change& change, const RecordContext& context);

}  // namespace regwatch
