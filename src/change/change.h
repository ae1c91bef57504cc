// One change of the registry, as every action gets it: the only type that crosses from watching to
// delivering.
//
// A plain value, made once per difference by the watch side and never altered afterwards; shared
// between threads as `std::shared_ptr<const Change>` because several actions hold it for as long as
// each of them needs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/severity.h"
#include "base/time.h"
#include "change/change_data.h"
#include "registry/diff.h"
#include "registry/key_path.h"

namespace regwatch {

// What made us look.
enum class Detection { notify, sweep, startup, hive_load, reload };
[[nodiscard]] const char* name_of(Detection detection) noexcept;

struct Change {
    std::string id;  // unique for ever, sortable by time (ULID)
    // Without gaps, from one run of the service to the next too. 0: not known yet, as the state could not
    // be read since the start; what is written down has one.
    std::uint64_t sequence = 0;

    DifferenceKind kind = DifferenceKind::value_set;
    KeyPath key;  // the key that changed, not the key that is watched
    // "DOMAIN\user", of a key in a user's hive; UTF-8, empty where it is not known.
    std::string hive_owner;
    // "ControlSet001" of a key below HKLM\SYSTEM: the one that CurrentControlSet means; may be empty.
    std::u16string control_set;
    std::u16string value_name;  // for values; empty is the default value
    std::optional<ChangeData> before;
    std::optional<ChangeData> after;
    // For key_renamed: `key` is the old name, this is the new one of its last component.
    std::u16string new_name;
    // For security_changed, and for keys that come and go where it is known: SDDL, else empty.
    std::string security_before;
    std::string security_after;

    Detection detection = Detection::notify;
    WallTime detected_at{};     // when the difference was found
    WallTime not_before{};      // when the key was last seen without it; zero where it never was
    WallTime key_last_write{};  // zero where it is not known

    std::string watch;  // the name of the watch in the config
    std::vector<std::string> tags;
    std::vector<std::string> techniques;  // ATT&CK ids
    Severity severity = Severity::medium;
};

// The key that a renamed key is from then on; for every other kind the key itself.
[[nodiscard]] KeyPath key_after(const Change& change);

using SharedChange = std::shared_ptr<const Change>;

}  // namespace regwatch
