// How the texts of `check` and `explain` name a key, or a part of one. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "registry/key_path.h"
#include "text/utf.h"

namespace regwatch {

[[nodiscard]] inline std::string in_quotes(const KeyPath& key) { return "\"" + key.utf8() + "\""; }
[[nodiscard]] inline std::string in_quotes(std::u16string_view text) {
    return "\"" + readable(text) + "\"";
}

}  // namespace regwatch
