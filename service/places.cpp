#include "service/places.h"

#include "platform/folder.h"
#include "win32/error.h"
#include "win32/paths.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch {
namespace {

Result<std::string> absolute(const std::string& path) {
    const std::wstring wide = win32::to_wide(path);
    std::wstring full(32 * 1024, L'\0');
    const DWORD length =
        GetFullPathNameW(wide.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr);
    if (length == 0 || length >= full.size()) {
        const DWORD code = length == 0 ? GetLastError() : ERROR_FILENAME_EXCED_RANGE;
        return win32::system_error(code, "finding the full path of", path);
    }
    full.resize(length);
    return win32::to_utf8(full);
}

Result<std::string> default_folder() {
    auto program_data = win32::program_data_folder();
    if (!program_data) return program_data;
    return join_path(*program_data, "RegWatch");
}

}  // namespace

Result<Places> find_places(const CommonOptions& options) {
    Places places;
    auto data =
        options.data_directory.empty() ? default_folder() : absolute(options.data_directory);
    if (!data) return std::move(data).error();
    places.data_directory = std::move(data).value();
    places.log_folder = join_path(places.data_directory, "logs");
    places.state_folder = join_path(places.data_directory, "state");
    if (!options.config.empty()) {
        auto config = absolute(options.config);
        if (!config) return std::move(config).error();
        places.config = std::move(config).value();
        return places;
    }
    auto folder = default_folder();
    if (!folder) return std::move(folder).error();
    places.config = join_path(*folder, "regwatch.json");
    return places;
}

Result<ProgramPlaces> find_program_places() {
    auto program = win32::module_path();
    if (!program) return std::move(program).error();
    const std::string folder = win32::to_utf8(win32::parent_of(win32::to_wide(*program)));
    ProgramPlaces places;
    places.program = std::move(program).value();
    places.event_messages = join_path(folder, "regwatch-events.dll");
    places.default_config = join_path(join_path(folder, "config"), "regwatch.json");
    return places;
}

std::string host_name() {
    wchar_t name[256] = {};
    DWORD size = static_cast<DWORD>(std::size(name));
    if (!GetComputerNameExW(ComputerNameDnsHostname, name, &size)) return {};
    return win32::to_utf8(std::wstring_view(name, size));
}

}  // namespace regwatch
