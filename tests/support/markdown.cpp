#include "support/markdown.h"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>

namespace regwatch::test {
namespace {

Row cells_of(const std::string& line) {
    Row cells;
    std::string cell;
    for (std::size_t i = 1; i < line.size(); ++i) {
        const bool escaped = line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|';
        if (escaped) {
            cell += line[++i];
        } else if (line[i] == '|') {
            cells.push_back(trimmed(cell));
            cell.clear();
        } else if (line[i] != '`') {
            cell += line[i];
        }
    }
    return cells;
}

}  // namespace

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
    return text;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::size_t begin = 0;
    for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
        end = text.find('\n', begin);
        lines.push_back(text.substr(begin, end - begin));
    }
    return lines;
}

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<Row> table_under(const std::string& document, const std::string& header) {
    constexpr std::ptrdiff_t kHeaderLines = 2;  // with the line of dashes
    const std::vector<std::string> lines = lines_of(document);
    auto line = std::find(lines.begin(), lines.end(), header);
    std::vector<Row> rows;
    if (lines.end() - line <= kHeaderLines) return rows;
    for (line += kHeaderLines; line != lines.end() && line->starts_with('|'); ++line)
        rows.push_back(cells_of(*line));
    return rows;
}

std::vector<std::string> blocks_of(const std::string& document, const std::string& language) {
    std::vector<std::string> blocks;
    const std::string fence = "```" + language + "\n";
    for (std::size_t at = document.find(fence); at != std::string::npos;
         at = document.find(fence, at)) {
        at += fence.size();
        blocks.push_back(document.substr(at, document.find("```", at) - at));
    }
    return blocks;
}

}  // namespace regwatch::test
