#include "settings/problem_list.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "settings/json_text.h"
#include "settings/json_tree.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

constexpr std::size_t kMaxProblems = 1000;
constexpr std::size_t kMaxNameInPointer = 100;

// A CR of its own ends a line too: some editors count it.
std::vector<std::size_t> find_line_starts(std::string_view text) {
    std::vector<std::size_t> starts{0};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool lone_cr = text[i] == '\r' && !text.substr(i + 1).starts_with('\n');
        if (text[i] == '\n' || lone_cr) starts.push_back(i + 1);
    }
    return starts;
}

bool begins_character(char byte) noexcept { return (static_cast<unsigned char>(byte) >> 6) != 2; }

std::string escape(std::string_view name) {
    std::string out;
    for (const char c : clip(name, kMaxNameInPointer)) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace

std::string JsonPath::pointer() const {
    if (parent == nullptr) return {};
    const std::string last = index == kNoIndex ? escape(name) : std::to_string(index);
    return parent->pointer() + "/" + last;
}

ProblemList::ProblemList(std::string file, std::string_view text)
    : file_(std::move(file)), text_(text), line_starts_(find_line_starts(text)) {}

bool ProblemList::is_full() const noexcept { return found_.size() >= kMaxProblems; }

void ProblemList::add(const JsonPath& path, std::size_t offset, std::string message) {
    if (is_full()) {
        ++left_out_;
        return;
    }
    add_at_pointer(path.pointer(), offset, std::move(message));
}

void ProblemList::add_at_pointer(std::string pointer, std::size_t offset, std::string message) {
    if (is_full()) {
        ++left_out_;
        return;
    }
    // Line 1 stands for "has a place" until place_all() knows the right one.
    found_.push_back({offset, {file_, 1, 0, std::move(pointer), std::move(message)}});
}

void ProblemList::add_without_place(std::string message) {
    found_.push_back({0, {file_, 0, 0, {}, std::move(message)}});
}

std::string ProblemList::line_of(std::size_t offset) const {
    const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    return "line " + std::to_string(next - line_starts_.begin());
}

std::size_t ProblemList::offset_within(const JsonNode& node, std::size_t at) const {
    if (node.kind != JsonKind::string || at >= node.text.size()) return node.offset;
    return offset_in_string(text_, node.offset, at);
}

// In one pass, because counting columns from the start of the line for each of them is quadratic in a
// file that is one long line.
std::vector<ProblemList::Place> ProblemList::places_of(
    const std::vector<std::size_t>& offsets) const {
    std::vector<Place> places;
    places.reserve(offsets.size());
    std::size_t counted_to = 0;
    Place place{0, 1};
    for (const std::size_t offset : offsets) {
        const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
        const auto line = static_cast<std::size_t>(next - line_starts_.begin());
        if (line != place.line) {
            place = {line, 1};
            counted_to = *std::prev(next);
        }
        const std::size_t end = std::min(offset, text_.size());
        for (; counted_to < end; ++counted_to) {
            if (begins_character(text_[counted_to])) ++place.column;
        }
        places.push_back(place);
    }
    return places;
}

void ProblemList::place_all() {
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Found& a, const Found& b) { return a.offset < b.offset; });
    std::vector<std::size_t> offsets;
    offsets.reserve(found_.size());
    for (const Found& found : found_) offsets.push_back(found.offset);
    const std::vector<Place> places = places_of(offsets);
    for (std::size_t i = 0; i < found_.size(); ++i) {
        Problem& problem = found_[i].problem;
        if (problem.line == 0) continue;
        problem.line = places[i].line;
        problem.column = places[i].column;
    }
}

std::vector<Problem> ProblemList::take() {
    place_all();
    std::vector<Problem> problems;
    problems.reserve(found_.size() + 1);
    for (Found& found : found_) problems.push_back(std::move(found.problem));
    if (left_out_ != 0) {
        const std::string message = "and " + std::to_string(left_out_) + " more problems";
        problems.push_back({file_, 0, 0, {}, message});
    }
    found_.clear();
    left_out_ = 0;
    return problems;
}

}  // namespace regwatch
