#include "settings/nearest_name.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "settings/values.h"

namespace regwatch {
namespace {

constexpr std::size_t kLongestName = 64;

struct OtherName {
    std::string_view other;  // in lower case, with '_'
    std::string_view ours;
};

// Where there are several of ours, the first that the section has is meant.
constexpr OtherName kOtherNames[] = {
    // Wazuh's file integrity monitoring
    {"arch", "view"},
    {"check_all", "changes"},
    {"check_perm", "changes"},
    {"diff_size_limit", "max_value_size"},
    {"file_limit", "max_entries"},
    {"ignore", "exclude_subkeys"},
    {"max_eps", "rate_limit"},
    {"nodiff", "redact"},
    {"recursion_level", "max_depth"},
    {"registry_ignore", "exclude_subkeys"},
    {"registry_ignore_value", "exclude_values"},
    {"registry_limit", "max_entries"},
    {"registry_nodiff", "redact"},
    {"report_changes", "changes"},
    {"restrict_key", "include_subkeys"},
    {"restrict_value", "include_values"},
    {"windows_registry", "keys"},
    // Sysmon, Sigma and the Elastic Common Schema
    {"event_type", "kinds"},
    {"event_type", "changes"},
    {"eventtype", "kinds"},
    {"eventtype", "changes"},
    {"level", "severity"},
    {"match", "conditions"},
    {"rules", "watches"},
    {"targetobject", "conditions"},
    {"targetobject", "keys"},
    // what people say
    {"args", "arguments"},
    {"attack", "techniques"},
    {"command", "file"},
    {"comment", "description"},
    {"cwd", "working_directory"},
    {"delay", "debounce"},
    {"depth", "max_depth"},
    {"disabled", "enabled"},
    {"env", "environment"},
    {"events", "kinds"},
    {"events", "changes"},
    {"exclude", "exclude_subkeys"},
    {"filter", "when"},
    {"groups", "tags"},
    {"hash", "sha256"},
    {"id", "name"},
    {"labels", "tags"},
    {"mitre", "techniques"},
    {"mitre_attack", "techniques"},
    {"operator", "condition"},
    {"outputs", "actions"},
    {"path", "keys"},
    {"path", "file"},
    {"path", "folder"},
    {"paths", "keys"},
    {"priority", "severity"},
    {"registry", "keys"},
    {"script", "file"},
    {"subkeys", "include_subkeys"},
    {"types", "kinds"},
    {"types", "changes"},
};

// Optimal string alignment distance, three rows.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = a[i - 1] == b[j - 1];
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

}  // namespace

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates) {
    if (name.size() > kLongestName) return {};
    const std::string wanted = lower_ascii(name);
    std::size_t nearest = std::max<std::size_t>(1, name.size() / 3) + 1;
    std::string_view found;
    for (const std::string_view candidate : candidates) {
        const std::size_t longer = std::max(candidate.size(), name.size());
        const std::size_t shorter = std::min(candidate.size(), name.size());
        if (longer - shorter >= nearest) continue;
        const std::size_t far = distance(wanted, lower_ascii(candidate));
        if (far >= nearest) continue;
        nearest = far;
        found = candidate;
    }
    return found;
}

std::string_view meant_field(std::string_view name, std::span<const std::string_view> candidates) {
    std::string plain = lower_ascii(name.substr(0, kLongestName));
    std::replace(plain.begin(), plain.end(), '-', '_');
    for (const OtherName& known : kOtherNames) {
        const bool is_there =
            std::find(candidates.begin(), candidates.end(), known.ours) != candidates.end();
        if (known.other == plain && is_there) return known.ours;
    }
    return nearest_name(name, candidates);
}

}  // namespace regwatch
