#include "state/extent_text.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "text/utf.h"

namespace regwatch {
namespace {

constexpr std::string_view kSubtree = "subtree";
constexpr std::string_view kSecurity = "security";
constexpr std::string_view kDepth = "max_depth ";
constexpr std::string_view kKey = "concealed_with ";

struct Subkeys {
    std::string_view name;
    std::vector<PathPattern> Selection::*patterns;
};
constexpr Subkeys kSubkeys[] = {{"include_subkeys ", &Selection::include_subkeys},
                                {"exclude_subkeys ", &Selection::exclude_subkeys}};

struct Values {
    std::string_view name;
    std::vector<std::u16string> Selection::*globs;
};
constexpr Values kValues[] = {{"include_values ", &Selection::include_values},
                              {"exclude_values ", &Selection::exclude_values},
                              {"redact ", &Selection::redact}};

void read_line(std::string_view line, Extent& extent) {
    const auto rest_of = [&](std::string_view name) { return line.substr(name.size()); };
    if (line == kSubtree) extent.subtree = true;
    if (line == kSecurity) extent.security = true;
    if (line.starts_with(kKey)) extent.concealed_with = rest_of(kKey);
    if (line.starts_with(kDepth)) {
        const std::string_view digits = rest_of(kDepth);
        (void)std::from_chars(digits.data(), digits.data() + digits.size(),
                              extent.selection.max_depth);
    }
    for (const auto& [name, patterns] : kSubkeys) {
        if (!line.starts_with(name)) continue;
        (extent.selection.*patterns).emplace_back(to_utf16(rest_of(name)));
    }
    for (const auto& [name, globs] : kValues) {
        if (line.starts_with(name)) (extent.selection.*globs).push_back(to_utf16(rest_of(name)));
    }
}

}  // namespace

std::string to_text(const Extent& extent) {
    std::string text;
    const auto add = [&](std::string_view name, std::string_view rest) {
        text.append(name).append(rest) += '\n';
    };
    if (extent.subtree) add(kSubtree, "");
    if (extent.security) add(kSecurity, "");
    if (!extent.concealed_with.empty()) add(kKey, extent.concealed_with);
    const Selection& selection = extent.selection;
    if (selection.max_depth != kMaxKeyDepth) add(kDepth, std::to_string(selection.max_depth));
    for (const auto& [name, patterns] : kSubkeys) {
        for (const PathPattern& pattern : selection.*patterns) add(name, to_wtf8(pattern.text()));
    }
    for (const auto& [name, globs] : kValues) {
        for (const std::u16string& glob : selection.*globs) add(name, to_wtf8(glob));
    }
    return text;
}

Extent parse_extent(std::string_view text) {
    Extent extent;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        read_line(text.substr(0, end), extent);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return extent;
}

}  // namespace regwatch
