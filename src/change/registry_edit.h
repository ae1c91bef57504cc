// What has to be written to make a change again, or to take it back.
//
// Pure; any thread. Of a key that was deleted only the key itself comes back by its own change; its
// values come back by theirs, which are in the history too.
#pragma once

#include <optional>
#include <string>

#include "change/change.h"
#include "registry/key_path.h"
#include "registry/value.h"

namespace regwatch {

struct RegistryEdit {
    enum class Kind { set_value, delete_value, create_key, delete_key };
    Kind kind = Kind::set_value;
    KeyPath key;
    std::u16string value_name;
    ValueData data;

    friend bool operator==(const RegistryEdit&, const RegistryEdit&) = default;
};

// Nothing: this kind of change cannot be made, or taken back, by writing values and keys, or the record
// does not hold all of the data.
[[nodiscard]] std::optional<RegistryEdit> forward_edit(const Change& change);
[[nodiscard]] std::optional<RegistryEdit> inverse_edit(const Change& change);

// Of a change that has none of these, why: a sentence without its first word's capital and its full stop.
[[nodiscard]] std::string why_no_forward_edit(const Change& change);
[[nodiscard]] std::string why_no_inverse_edit(const Change& change);

// One line: "set HKLM\SOFTWARE\Example  Updater  REG_SZ "old""
[[nodiscard]] std::string to_line(const RegistryEdit& edit);

// "HKLM\SOFTWARE\Example, value Updater"; without a value, the key alone.
[[nodiscard]] std::string object_text(const KeyPath& key,
                                      const std::optional<std::u16string>& value);

}  // namespace regwatch
