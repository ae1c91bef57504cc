#include "platform/folder.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>

namespace regwatch {
namespace {

namespace fs = std::filesystem;

fs::path from_utf8(const std::string& path) {
    return fs::path(std::u8string(path.begin(), path.end()));
}

std::string to_utf8(const fs::path& path) {
    const std::u8string text = path.u8string();
    return std::string(text.begin(), text.end());
}

ErrorKind kind_of(const std::error_code& code) {
    if (code == std::errc::no_such_file_or_directory) return ErrorKind::not_found;
    if (code == std::errc::permission_denied) return ErrorKind::denied;
    return ErrorKind::transient;
}

Error failed(const std::error_code& code, const char* doing, const std::string& subject) {
    return {kind_of(code), static_cast<std::uint32_t>(code.value()), doing, subject,
            code.message()};
}

}  // namespace

Result<std::vector<FolderEntry>> list_files(const std::string& folder, const std::string& prefix,
                                            const std::string& suffix) {
    std::vector<FolderEntry> found;
    std::error_code code;
    fs::directory_iterator entry(from_utf8(folder), code);
    if (code == std::errc::no_such_file_or_directory) return found;
    for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
        std::string name = to_utf8(entry->path().filename());
        if (!name.starts_with(prefix) || !name.ends_with(suffix)) continue;
        std::error_code ignored;  // it may vanish while we look
        if (!entry->is_regular_file(ignored)) continue;
        const auto size = entry->file_size(ignored);
        found.push_back({std::move(name), ignored ? 0 : static_cast<std::uint64_t>(size)});
    }
    if (code) return failed(code, "listing the folder", folder);
    std::sort(found.begin(), found.end(),
              [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
    return found;
}

Result<void> remove_file(const std::string& path) {
    std::error_code code;
    fs::remove(from_utf8(path), code);
    if (code) return failed(code, "deleting the file", path);
    return {};
}

bool ends_with_newline(const std::string& path) {
    std::ifstream file(from_utf8(path), std::ios::binary);
    file.seekg(-1, std::ios::end);
    char last = 0;
    return file.get(last) && last == '\n';
}

std::vector<FileStamp> stamps_of(const std::vector<std::string>& paths) {
    std::vector<FileStamp> stamps;
    for (const std::string& path : paths) {
        FileStamp stamp;
        std::error_code code;
        const auto written = fs::last_write_time(from_utf8(path), code);
        if (!code) {
            stamp.exists = true;
            stamp.written = static_cast<std::int64_t>(written.time_since_epoch().count());
            stamp.size = fs::file_size(from_utf8(path), code);
            if (code) stamp.size = 0;
        }
        stamps.push_back(stamp);
    }
    return stamps;
}

Result<std::string> read_whole_file(const std::string& path) {
    const auto code_now = [] { return std::error_code(errno, std::generic_category()); };
    errno = 0;
    std::ifstream file(from_utf8(path), std::ios::binary);
    if (!file.is_open()) return failed(code_now(), "reading the file", path);
    std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (file.bad()) return failed(code_now(), "reading the file", path);
    return bytes;
}

Result<void> replace_file(const std::string& path, std::string_view bytes) {
    const std::string fresh = path + ".new";
    errno = 0;
    {
        std::ofstream file(from_utf8(fresh), std::ios::binary | std::ios::trunc);
        file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        file.close();
        if (!file) {
            const std::error_code code(errno, std::generic_category());
            return failed(code, "writing the file", fresh);
        }
    }
    // Windows replaces no file that somebody has open, and readers have it for a moment.
    constexpr int kAttempts = 40;
    constexpr auto kPause = std::chrono::milliseconds(25);
    std::error_code code;
    for (int attempt = 1; attempt <= kAttempts; ++attempt) {
        fs::rename(from_utf8(fresh), from_utf8(path), code);
        if (code != std::errc::permission_denied) break;
        std::this_thread::sleep_for(kPause);
    }
    if (code) return failed(code, "replacing the file", path);
    return {};
}

std::string join_path(const std::string& folder, const std::string& name) {
    return to_utf8(from_utf8(folder) / from_utf8(name));
}

}  // namespace regwatch
