// Which changes an action gets, as a config's `when` says it.
//
// Plain values; any thread. delivery/filter.h compares a change with them. Everything that a filter
// says must hold; what it does not say always does.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/severity.h"

namespace regwatch {

// In the order of kChangeKinds in when_fields.cpp; the names are those of the events.
enum class ChangeKind : std::uint8_t {
    value_created,
    value_changed,
    value_deleted,
    key_created,
    key_deleted,
    key_renamed,
    key_security_changed,
};

// In the order of the tables in when_fields.cpp.
enum class SysmonField : std::uint8_t { target_object, details, event_type, new_name };
enum class Comparison : std::uint8_t {
    is,
    is_any,
    is_not,
    contains,
    contains_any,
    contains_all,
    excludes,
    excludes_any,  // at least one of the texts is not in it, as in Sysmon
    excludes_all,  // none of the texts is in it
    begin_with,
    not_begin_with,
    end_with,
    not_end_with,
};

struct FieldCondition {
    SysmonField field = SysmonField::target_object;
    Comparison comparison = Comparison::is;
    std::vector<std::u16string> texts;  // one, or more where the comparison has any or all

    friend bool operator==(const FieldCondition&, const FieldCondition&) = default;
};

struct ChangeFilter {
    std::vector<ChangeKind> kinds;       // empty: all
    Severity severity = Severity::info;  // at least
    std::vector<std::u16string> values;  // patterns; empty: all values, and keys
    std::vector<FieldCondition> conditions;

    friend bool operator==(const ChangeFilter&, const ChangeFilter&) = default;
};

}  // namespace regwatch
