// What of a watched key is looked at: how deep, which subkeys, which values.
//
// A plain value; any thread. Whoever reads a key asks it before entering a subkey, so that what is left
// out is not even read. Paths are relative to the watched key, names joined by '\'; patterns compare
// without regard to case. A snapshot holds only what is selected, and so does what is stored of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "registry/concealed.h"
#include "registry/value.h"
#include "text/path_pattern.h"

namespace regwatch {

// Deeper than the registry allows keys to be nested (sdk, "Registry element size limits").
inline constexpr std::size_t kMaxKeyDepth = 512;

struct Selection {
    // How many levels below the watched key are read. Of the level after the last the names are seen,
    // as those of the direct subkeys are where nothing below a key is read.
    std::size_t max_depth = kMaxKeyDepth;
    // With any of these only the subkeys that fit are read, with all below them.
    std::vector<PathPattern> include_subkeys;
    // A subkey that fits is left out with all below it; this goes before the above.
    std::vector<PathPattern> exclude_subkeys;
    // Globs; the same for the names of values, at every depth.
    std::vector<std::u16string> include_values;
    std::vector<std::u16string> exclude_values;
    // Globs for the names of values whose data nobody may see: a snapshot holds what
    // registry/concealed.h makes of it.
    std::vector<std::u16string> redact;

    enum class Subkey {
        left_out,  // it is as if it were not there
        named,     // its name only: it is not opened
        passed,    // opened for what is below it; of itself the name only, and none of its values
        read,
    };
    // `path` is not empty; its parent is passed or read.
    [[nodiscard]] Subkey subkey(std::u16string_view path) const;
    // Whether values of the subkey may be seen: it is read, and nothing above it is left out.
    [[nodiscard]] bool reads(std::u16string_view path) const;
    [[nodiscard]] bool wants_value(std::u16string_view name) const;
    [[nodiscard]] bool redacts(std::u16string_view name) const;
    // Makes of what was read what a snapshot may hold: drops what is not wanted, conceals what is
    // redacted.
    void keep_wanted(std::vector<Value>& values,
                     const ConcealingKey& key = ConcealingKey::of_this_process()) const;

    // Nothing is left out: no path has to be put together to ask.
    [[nodiscard]] bool takes_all_subkeys() const noexcept {
        return max_depth >= kMaxKeyDepth && include_subkeys.empty() && exclude_subkeys.empty();
    }
    [[nodiscard]] bool takes_all_values() const noexcept {
        return include_values.empty() && exclude_values.empty() && redact.empty();
    }

    friend bool operator==(const Selection&, const Selection&) = default;
};

extern const Selection kSelectAll;

// Whether one of the globs fits the name of a value. "(Default)" fits the default value, which has none.
[[nodiscard]] bool fits_value_name(const std::vector<std::u16string>& globs,
                                   std::u16string_view name);

}  // namespace regwatch
