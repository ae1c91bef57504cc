#include "e2e/records.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "e2e/files.h"

namespace regwatch::e2e {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::vector<fs::path> logs_like(const std::wstring& folder, const std::wstring& begin) {
    std::vector<fs::path> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(fs::path(folder) / L"logs", ignored)) {
        if (entry.path().filename().wstring().starts_with(begin)) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

std::wstring data_folder() {
    const wchar_t* root = ::_wgetenv(L"ProgramData");
    REQUIRE(root != nullptr);
    return std::wstring(root) + L"\\RegWatch";
}

std::vector<json> logged_changes(const std::wstring& folder) {
    std::vector<json> changes;
    for (const fs::path& file : logs_like(folder, L"events-")) {
        std::istringstream lines(read_file(file.wstring()));
        for (std::string line; std::getline(lines, line) && !lines.eof();) {
            changes.push_back(json::parse(line));
        }
    }
    return changes;
}

std::string diagnostic_log(const std::wstring& folder) {
    std::string all;
    for (const fs::path& file : logs_like(folder, L"regwatch")) all += read_file(file.wstring());
    return all;
}

json last_record_of(const std::string& value, const std::wstring& folder) {
    json last;
    for (json& change : logged_changes(folder)) {
        if (change["registry"].value("value", "") == value) last = std::move(change);
    }
    return last;
}

bool reported(const std::string& action, const std::string& path) {
    for (const json& change : logged_changes()) {
        if (change["event"]["action"] == action && change["registry"]["path"] == path) return true;
    }
    return false;
}

}  // namespace regwatch::e2e
