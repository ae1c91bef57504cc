// The JSON Schema (draft-07) of a config, made from the tables that the loader itself uses, so that
// an editor completes, explains and checks what the loader will accept.
//
// Pure; any thread. It is checked in as config/schema.json, which a test compares with this. What a
// schema cannot say (references, duplicate names, the paths of keys, ranges of sizes and times) is
// left to the loader; whatever the loader accepts, the schema accepts.
#pragma once

#include <string>

namespace regwatch {

// UTF-8, indented, with a line end at its end.
[[nodiscard]] std::string settings_schema();

}  // namespace regwatch
