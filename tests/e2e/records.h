// What the service has written so far: its records of changes, and its diagnostic log.
//
// Of a data directory, without an argument of %ProgramData%\RegWatch. On the test's own thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace regwatch::e2e {

[[nodiscard]] std::wstring data_folder();  // %ProgramData%\RegWatch

// All records in logs\events-*.jsonl, in the order of the files; each must be valid JSON.
[[nodiscard]] std::vector<nlohmann::json> logged_changes(
    const std::wstring& folder = data_folder());
[[nodiscard]] std::string diagnostic_log(const std::wstring& folder = data_folder());

// The last record about this value, or null.
[[nodiscard]] nlohmann::json last_record_of(const std::string& value,
                                            const std::wstring& folder = data_folder());
[[nodiscard]] bool reported(const std::string& action, const std::string& path);

}  // namespace regwatch::e2e
