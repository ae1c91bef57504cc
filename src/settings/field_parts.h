// What several of the tables of fields have in common.
//
// Constants; for the files *_fields.cpp of this folder only.
#pragma once

#include <cstdint>
#include <string_view>

#include "settings/fields.h"
#include "settings/values.h"

namespace regwatch {

inline constexpr std::uint64_t kKilobyte = 1024;
inline constexpr std::uint64_t kGigabyte = kKilobyte * kKilobyte * kKilobyte;
inline constexpr std::uint64_t kMillisecond = 1;
inline constexpr std::uint64_t kHour = kDay / 24;

// In the order of the enumeration it is read into.
inline constexpr std::string_view kSeverities[] = {"info", "low", "medium", "high", "critical"};

constexpr SettingsField when_field(std::string_view description) {
    return {.name = "when",
            .shape = FieldShape::object,
            .description = description,
            .fallback = "{}",
            .example = R"({"kinds": ["value_created", "value_changed"]})",
            .section = &kWhenSection};
}

inline constexpr SettingsField kWhen =
    when_field("which changes the action gets; all that is said in it must hold");

}  // namespace regwatch
