#include "service/config_file.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "action/actions.h"
#include "platform/folder.h"

namespace regwatch {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxBytes = 16'777'216;  // 16 MB; nobody writes that by hand

Error unreadable(const std::string& path, ErrorKind kind, std::uint32_t code, std::string reason) {
    return Error{kind, code, "reading the configuration", path, std::move(reason)};
}

Error unreadable(const std::string& path, const std::error_code& code, const char* if_missing) {
    if (code == std::errc::no_such_file_or_directory)
        return unreadable(path, ErrorKind::not_found, 0, if_missing);
    const auto kind =
        code == std::errc::permission_denied ? ErrorKind::denied : ErrorKind::transient;
    return unreadable(path, kind, static_cast<std::uint32_t>(code.value()), code.message());
}

Result<std::string> read_whole(const std::string& path, const char* if_missing) {
    const fs::path place(std::u8string(path.begin(), path.end()));
    std::error_code code;
    if (fs::is_directory(place, code))
        return unreadable(path, ErrorKind::invalid, 0, "this is a folder, not a file");
    const std::uintmax_t size = fs::file_size(place, code);
    if (code) return unreadable(path, code, if_missing);
    if (size > kMaxBytes) return unreadable(path, ErrorKind::invalid, 0, "larger than 16 MB");

    errno = 0;
    std::ifstream file(place, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file.is_open() || file.bad())
        return unreadable(path, std::error_code(errno, std::generic_category()), if_missing);
    return bytes;
}

std::vector<std::string> packs_in(const std::string& folder) {
    constexpr std::string_view kEnding = ".json";
    std::vector<std::string> names;
    const auto files = list_files(folder, "", std::string(kEnding));
    if (!files) return names;
    for (const FolderEntry& file : *files)
        names.push_back(file.name.substr(0, file.name.size() - kEnding.size()));
    return names;
}

}  // namespace

Result<ConfigRead> read_config(const std::string& path, const ConfigFilesRead& on_file) {
    auto bytes = read_whole(
        path,
        "there is no such file; 'regwatch install' puts the default one into its usual place, "
        "--config names another");
    if (!bytes) return std::move(bytes).error();
    ConfigRead read;
    read.texts.push_back({path, std::move(bytes).value()});
    const auto read_included = [&read, &on_file](const std::string& included) {
        auto text = read_whole(included, "there is no such file");
        if (text) read.texts.push_back({included, *text});
        if (on_file) on_file(read.texts.size());
        return text;
    };
    // A copy, because the list grows meanwhile.
    const std::string main = read.texts.front().bytes;
    read.outcome = load_settings(main, path, {read_included, packs_in});
    return read;
}

Result<LoadOutcome> load_config(const std::string& path, const ConfigFilesRead& on_file) {
    auto read = read_config(path, on_file);
    if (!read) return std::move(read).error();
    return std::move(read->outcome);
}

void judge_on_this_machine(LoadOutcome& outcome, FileSystem& files) {
    if (!outcome.settings) return;
    for (const ActionSettings& action : outcome.settings->actions) {
        const auto* const log = std::get_if<LogSettings>(&action.what);
        if (log == nullptr) continue;
        const auto folder = log_folder(*log, {}, files);
        if (folder) continue;
        Problem problem;
        problem.file = outcome.files.front();
        problem.message = folder.error().text();
        // Which of several files the action is in is not known any more.
        if (outcome.files.size() == 1) problem.pointer = "/actions/" + action.name + "/folder";
        outcome.problems.push_back(std::move(problem));
    }
    outcome.problem_count = outcome.problems.size();
    if (!outcome.problems.empty()) outcome.settings.reset();
}

}  // namespace regwatch
