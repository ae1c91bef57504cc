// The parts of a Markdown file that tests compare with the program: its tables and fenced blocks.
//
// Pure, but for read_text. Knows the little Markdown that this project's documents use.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace regwatch::test {

// Without carriage returns, which a checkout on Windows may have added. Empty: there is no file.
[[nodiscard]] std::string read_text(const std::filesystem::path& path);
[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);
[[nodiscard]] std::string trimmed(const std::string& text);

using Row = std::vector<std::string>;

// The rows of the table with this header line. Cells are without blanks and backquotes around them
// and in them: "| `a` | b\|c |" is {"a", "b|c"}.
[[nodiscard]] std::vector<Row> table_under(const std::string& document, const std::string& header);

// The texts between ```language and ```.
[[nodiscard]] std::vector<std::string> blocks_of(const std::string& document,
                                                 const std::string& language);

}  // namespace regwatch::test
