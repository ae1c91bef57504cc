// The message table of a program or library file, read from its bytes alone: a second opinion on what
// the message compiler, the resource compiler and the linker have made.
//
// Pure; any thread. Written from the PE format's description; understands 64-bit files, which ours are.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace regwatch::test {

struct MessageTable {
    std::uint32_t language = 0;
    std::map<std::uint32_t, std::u16string> texts;  // by the whole 32-bit id
};

// Throws std::runtime_error, which fails the test, for a file that is not built like one.
[[nodiscard]] MessageTable read_message_table(std::span<const std::uint8_t> file);

}  // namespace regwatch::test
