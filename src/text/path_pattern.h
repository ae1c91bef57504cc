// A pattern for a path of several names: '*' and '?' within one name, "**" for any number of names, none
// included. Without regard to case, as the registry compares.
//
// A plain value; any thread. A path is walked once, whatever the pattern: which parts of the pattern may
// come next is a set, kept as the bits of one number, so that no pattern and no path costs more than the
// product of their lengths.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace regwatch {

class PathPattern {
public:
    static constexpr std::size_t kMaxParts = 63;

    PathPattern() = default;  // matches the empty path only
    // Parts joined by '\'. What is beyond kMaxParts is left out: ask is_too_long() before.
    explicit PathPattern(std::u16string_view text);
    [[nodiscard]] std::u16string text() const;
    [[nodiscard]] static bool is_too_long(std::u16string_view text);

    struct Fit {
        bool whole = false;  // the path is one that is meant
        bool above = false;  // it is, or something above it is (the empty path is above all)
        bool below = false;  // something below it may be one
    };
    [[nodiscard]] Fit fit(std::u16string_view path) const;
    [[nodiscard]] bool matches(std::u16string_view path) const { return fit(path).whole; }

    friend bool operator==(const PathPattern&, const PathPattern&) = default;

private:
    [[nodiscard]] std::uint64_t with_skipped(std::uint64_t places) const;
    [[nodiscard]] std::uint64_t step(std::uint64_t places, std::u16string_view name) const;

    std::vector<std::u16string> parts_;
};

}  // namespace regwatch
