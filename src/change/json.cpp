#include "change/json.h"

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "change/data_text.h"
#include "change/sysmon.h"
#include "text/base64.h"
#include "text/time.h"
#include "text/utf.h"

namespace regwatch {
namespace {

// Ordered, so that a person who reads the line finds the time and the kind first.
using Json = nlohmann::ordered_json;

const char* type_of(const Change& change) {
    switch (change.kind) {
        case DifferenceKind::value_set:
            return change.before ? "change" : "creation";
        case DifferenceKind::key_created:
            return "creation";
        case DifferenceKind::value_deleted:
        case DifferenceKind::key_deleted:
            return "deletion";
        case DifferenceKind::key_renamed:
        case DifferenceKind::security_changed:
            return "change";
    }
    return "change";
}

const char* action_of(DifferenceKind kind) {
    switch (kind) {
        case DifferenceKind::value_set:
            return "registry-value-set";
        case DifferenceKind::value_deleted:
            return "registry-value-deleted";
        case DifferenceKind::key_created:
            return "registry-key-created";
        case DifferenceKind::key_deleted:
            return "registry-key-deleted";
        case DifferenceKind::key_renamed:
            return "registry-key-renamed";
        case DifferenceKind::security_changed:
            return "registry-key-security-changed";
    }
    return "registry-value-set";
}

const char* operation_of(const Change& change) {
    switch (change.kind) {
        case DifferenceKind::value_set:
            return change.before ? "set" : "create";
        case DifferenceKind::key_created:
            return "create";
        case DifferenceKind::value_deleted:
        case DifferenceKind::key_deleted:
            return "delete";
        case DifferenceKind::key_renamed:
            return "rename";
        case DifferenceKind::security_changed:
            return "security";
    }
    return "set";
}

// The steps that Elastic's own rules use, so that both can be sorted together.
int severity_number(Severity severity) {
    switch (severity) {
        case Severity::info:
            return 1;
        case Severity::low:
            return 21;
        case Severity::medium:
            return 47;
        case Severity::high:
            return 73;
        case Severity::critical:
            return 99;
    }
    return 47;
}

// The best estimate of when it happened: what made us look, or, where that says nothing, the last
// write to the key if it lies in the time in which the change must have been made.
WallTime estimated_time(const Change& change) {
    const bool was_told = change.detection == Detection::notify;
    const bool is_inside =
        change.key_last_write > change.not_before && change.key_last_write <= change.detected_at;
    const bool is_known = change.key_last_write != WallTime{};
    return !was_told && is_known && is_inside ? change.key_last_write : change.detected_at;
}

Json event_object(const Change& change, int code) {
    Json event = {
        {"kind", "event"},
        {"category", Json::array({"registry"})},
        {"type", Json::array({type_of(change)})},
        {"action", action_of(change.kind)},
        {"code", std::to_string(code)},
        {"id", change.id},
        {"sequence", change.sequence},
        {"provider", "RegWatch"},
        {"module", "regwatch"},
        {"dataset", "regwatch.registry"},
        {"severity", severity_number(change.severity)},
    };
    if (change.not_before != WallTime{}) event["start"] = to_iso_text(change.not_before);
    event["end"] = to_iso_text(change.detected_at);
    event["created"] = to_iso_text(change.detected_at);
    return event;
}

Json data_object(const ChangeData& data) {
    Json object = {{"type", name_of(data.type)}};
    if (data.redacted) return object;
    if (const std::optional<std::u16string> text = as_string(data)) {
        object["strings"] = Json::array({to_utf8(*text)});
    } else if (const std::optional<std::vector<std::u16string>> texts = as_strings(data)) {
        object["strings"] = Json::array();
        for (const std::u16string& string : *texts) object["strings"].push_back(to_utf8(string));
    } else if (const std::optional<std::uint64_t> number = as_number(data)) {
        object["strings"] = Json::array({std::to_string(*number)});
    }
    object["bytes"] = to_base64(data.bytes);
    return object;
}

std::string_view hive_name(Root root) {
    switch (root) {
        case Root::local_machine:
            return "HKLM";
        case Root::users:
            return "HKU";
        case Root::current_user:
            return "HKCU";
    }
    return "HKLM";
}

Json registry_object(const Change& change) {
    std::u16string path = change.key.text();
    Json registry = {{"hive", hive_name(change.key.root)}, {"key", to_utf8(change.key.subkey)}};
    if (is_about_a_value(change.kind)) {
        // The default value's name is empty in the schema too; its path ends in a backslash.
        registry["value"] = to_utf8(change.value_name);
        path.append(u"\\").append(change.value_name);
    }
    registry["path"] = to_utf8(path);
    if (change.after) registry["data"] = data_object(*change.after);
    if (change.before) registry["previous"] = {{"data", data_object(*change.before)}};
    return registry;
}

// What the schema has no field for. Of data that is not here as a whole it is said why.
Json data_details(const ChangeData& data) {
    Json details = {{"size", data.size}};
    if (data.redacted) details["redacted"] = true;
    if (data.truncated()) {
        details["truncated"] = true;
        details["sha256"] = data.sha256;
    }
    if (!data.whole()) return details;
    if (const std::optional<std::uint64_t> number = as_number(data)) {
        // Collectors index numbers as signed ones, and refuse the whole record for a larger one.
        if (*number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            details["number"] = *number;
        }
        details["hex"] = to_hex_number(data);
    }
    return details;
}

Json regwatch_object(const Change& change, const SysmonFields& sysmon) {
    const bool is_value = is_about_a_value(change.kind);
    Json object = {
        {"object", is_value ? "value" : "key"},
        {"operation", operation_of(change)},
        {"detection", name_of(change.detection)},
        {"arch", change.key.view == View::bits64 ? "64bit" : "32bit"},
    };
    if (is_value) object["is_default"] = change.value_name.empty();
    if (!change.hive_owner.empty()) object["hive_owner"] = change.hive_owner;
    if (change.key_last_write != WallTime{}) {
        object["key_last_write"] = to_iso_text(change.key_last_write);
    }
    if (change.after) object["data"] = data_details(*change.after);
    if (change.before && !change.before->whole()) {
        object["previous"] = {{"data", data_details(*change.before)}};
    }
    if (change.kind == DifferenceKind::key_renamed) {
        const KeyPath renamed = key_after(change);
        object["new_key"] = to_utf8(renamed.subkey);
        if (!is_well_formed(renamed.subkey)) object["exact"]["new_key"] = to_base64(renamed.subkey);
    }
    if (!change.security_after.empty()) object["security"]["sddl"] = change.security_after;
    if (!change.security_before.empty()) {
        object["security"]["previous_sddl"] = change.security_before;
    }
    if (!is_well_formed(change.key.subkey)) object["exact"]["key"] = to_base64(change.key.subkey);
    if (!is_well_formed(change.value_name)) object["exact"]["value"] = to_base64(change.value_name);
    object["sysmon"] = {{"EventType", sysmon.event_type},
                        {"TargetObject", to_utf8(sysmon.target_object)}};
    if (sysmon.details) object["sysmon"]["Details"] = to_utf8(*sysmon.details);
    if (sysmon.new_name) object["sysmon"]["NewName"] = to_utf8(*sysmon.new_name);
    return object;
}

}  // namespace

std::string to_json_line(const Change& change, const RecordContext& context) {
    const SysmonFields sysmon = sysmon_fields(change);
    Json record = {
        {"@timestamp", to_iso_text(estimated_time(change))},
        {"ecs", {{"version", "9.4.0"}}},
        {"event", event_object(change, sysmon.event_code)},
    };
    if (!context.host_name.empty()) record["host"] = {{"name", context.host_name}};
    if (!change.watch.empty()) record["rule"] = {{"name", change.watch}};
    if (!change.tags.empty()) record["tags"] = change.tags;
    if (!change.techniques.empty()) {
        record["threat"] = {{"technique", {{"id", change.techniques}}}};
    }
    record["registry"] = registry_object(change);
    record["regwatch"] = regwatch_object(change, sysmon);
    // The texts that are UTF-8 already come from the config and the system; `replace` is for them.
    return record.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace regwatch
