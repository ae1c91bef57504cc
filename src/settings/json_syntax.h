// Says in plain words why a text is not JSON, and points at the token that is to blame.
//
// Pure; any thread. The JSON library knows that it had to stop; where its own position stands
// depends on what ended the token (a newline moves it to the next line), so only "not beyond here"
// is taken from it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace regwatch {

struct JsonProgress {
    enum class Inside { nothing, object, array };
    enum class Last { nothing, opening, name, value };

    Inside inside = Inside::nothing;  // of which bracket
    Last last = Last::nothing;        // what was understood last
    std::size_t understood = 0;       // where that ended
    std::size_t consumed = 0;         // how far the library had read when it stopped
};

struct JsonBlame {
    std::size_t offset = 0;
    std::string message;
    bool at_end = false;  // the text ends too early
};

[[nodiscard]] JsonBlame blame(std::string_view text, const JsonProgress& progress);

}  // namespace regwatch
