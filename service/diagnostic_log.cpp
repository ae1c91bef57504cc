#include "service/diagnostic_log.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "platform/folder.h"

namespace regwatch {
namespace {

constexpr std::string_view kStem = "regwatch";
constexpr std::string_view kExtension = ".log";

// "regwatch.log" is 0, "regwatch-000012.log" is 12, anything else is not ours.
std::optional<std::uint32_t> number_of(std::string_view name) {
    if (!name.starts_with(kStem) || !name.ends_with(kExtension)) return std::nullopt;
    name.remove_prefix(kStem.size());
    name.remove_suffix(kExtension.size());
    if (name.empty()) return 0;
    if (name.front() != '-') return std::nullopt;
    name.remove_prefix(1);
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
    return number == 0 ? std::nullopt : std::optional(number);
}

// None when the folder is not there yet, or cannot be listed: then regwatch.log it is.
std::vector<std::uint32_t> numbers_in(const std::string& folder) {
    std::vector<std::uint32_t> numbers;
    const auto present = list_files(folder, std::string(kStem), std::string(kExtension));
    if (!present) return numbers;
    for (const FolderEntry& entry : *present) {
        if (const auto number = number_of(entry.name)) numbers.push_back(*number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

}  // namespace

DiagnosticLog::DiagnosticLog(FileSystem& files, std::string folder, Limits limits)
    : files_(files), folder_(std::move(folder)), limits_(limits) {}

void DiagnosticLog::write(std::string_view lines) {
    if (!ensure_file()) {
        ++lost_;
        return;
    }
    std::string bytes;
    if (lost_ != 0)
        bytes = "(" + std::to_string(lost_) + " earlier notice(s) could not be written)\r\n";
    bytes += lines;
    if (file_->append(bytes)) {
        lost_ = 0;
        return;
    }
    // Opened anew at the next write: the disk or the share may be back by then.
    file_.reset();
    ++lost_;
}

bool DiagnosticLog::ensure_file() {
    if (!looked_) {
        const auto numbers = numbers_in(folder_);
        if (!numbers.empty()) number_ = numbers.back();
        looked_ = true;
    }
    if (file_ && file_->size() < limits_.file_size) return true;
    if (!file_) {
        auto opened = files_.open_append(path_of(number_));
        if (!opened) return false;
        file_ = std::move(opened).value();
        if (file_->size() < limits_.file_size) return true;
    }
    auto next = files_.open_append(path_of(number_ + 1));
    if (!next) return true;  // better too long a file than a silent service
    file_ = std::move(next).value();
    ++number_;
    delete_old_files();
    return true;
}

std::string DiagnosticLog::path_of(std::uint32_t number) const {
    std::string name(kStem);
    if (number != 0) {
        char digits[16];
        std::snprintf(digits, sizeof digits, "-%06u", static_cast<unsigned>(number));
        name += digits;
    }
    return join_path(folder_, name + std::string(kExtension));
}

void DiagnosticLog::delete_old_files() const {
    const auto numbers = numbers_in(folder_);
    if (numbers.size() <= limits_.files) return;
    const auto surplus = static_cast<std::ptrdiff_t>(numbers.size() - limits_.files);
    // What somebody has open goes with the next new file.
    for (auto it = numbers.begin(); it != numbers.begin() + surplus; ++it)
        (void)remove_file(path_of(*it));
}

}  // namespace regwatch
