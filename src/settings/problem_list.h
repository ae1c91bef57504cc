// Collects what is wrong with a config, each with its place in the text and its JSON pointer.
//
// One thread. Borrows the text. Keeps the first 1,000 problems and counts the rest, so that a
// hostile file cannot make the report much larger than itself.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "settings/loader.h"

namespace regwatch {

// The way from the root to one value, as links on the stack of who walks there.
struct JsonPath {
    const JsonPath* parent = nullptr;  // null: the root itself
    std::string_view name = {};        // of a member
    std::size_t index = kNoIndex;      // of an element

    static constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);

    [[nodiscard]] JsonPath member(std::string_view its_name) const { return {this, its_name}; }
    [[nodiscard]] JsonPath element(std::size_t its_index) const { return {this, {}, its_index}; }
    [[nodiscard]] std::string pointer() const;  // RFC 6901; very long names are clipped
};

struct JsonNode;

class ProblemList {
public:
    ProblemList(std::string file, std::string_view text);

    void add(const JsonPath& path, std::size_t offset, std::string message);
    void add_at_pointer(std::string pointer, std::size_t offset, std::string message);
    void add_without_place(std::string message);

    [[nodiscard]] bool empty() const noexcept { return found_.empty(); }
    [[nodiscard]] std::size_t count() const noexcept { return found_.size() + left_out_; }
    // From here on problems are only counted, and finding words for them is wasted time.
    [[nodiscard]] bool is_full() const noexcept;
    // For messages that refer to another place, "line 3".
    [[nodiscard]] std::string line_of(std::size_t offset) const;
    // Where in the file the byte `at` of a string stands that was decoded from `node`; where the
    // node itself stands, if it has no such byte.
    [[nodiscard]] std::size_t offset_within(const JsonNode& node, std::size_t at) const;
    struct Place {
        std::size_t line = 0;
        std::size_t column = 0;
    };
    // Of offsets that ascend.
    [[nodiscard]] std::vector<Place> places_of(const std::vector<std::size_t>& offsets) const;
    // All of them, in the order of the file.
    [[nodiscard]] std::vector<Problem> take();

private:
    struct Found {
        std::size_t offset = 0;
        Problem problem;
    };

    void place_all();

    std::string file_;
    std::string_view text_;
    std::vector<std::size_t> line_starts_;
    std::vector<Found> found_;
    std::size_t left_out_ = 0;
};

}  // namespace regwatch
