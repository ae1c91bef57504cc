#include "e2e/files.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "win32/security.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::e2e {

std::string read_file(const std::wstring& path) {
    std::ifstream file(std::filesystem::path(path), std::ios::binary);
    std::ostringstream all;
    all << file.rdbuf();
    return all.str();
}

void write_file(const std::wstring& path, const std::string& bytes) {
    const std::filesystem::path file(path);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << bytes;
    out.close();
    REQUIRE(out.good());
}

std::wstring program_folder() {
    std::wstring path(MAX_PATH, L'\0');
    path.resize(::GetModuleFileNameW(nullptr, path.data(), MAX_PATH));
    return std::filesystem::path(path).parent_path().wstring();
}

std::vector<std::wstring> files_below(const std::wstring& folder) {
    std::vector<std::wstring> names;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, ignored)) {
        if (entry.is_regular_file(ignored))
            names.push_back(entry.path().wstring().substr(folder.size() + 1));
    }
    std::sort(names.begin(), names.end());
    return names;
}

TemporaryFolder::TemporaryFolder() {
    const wchar_t* root = ::_wgetenv(L"ProgramData");
    REQUIRE(root != nullptr);
    wchar_t name[MAX_PATH + 1];
    REQUIRE(::GetTempFileNameW(root, L"rw", 0, name) != 0);
    path_ = name;
    // The name is what it is for; it makes a file of it.
    REQUIRE(::DeleteFileW(name));
    // As a service wants its folders: `install` takes over none that others can change.
    REQUIRE(
        win32::create_protected_folder(win32::to_utf8(path_), win32::FolderAccess::users_may_read));
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

TemporaryFile::TemporaryFile() {
    wchar_t folder[MAX_PATH + 1];
    wchar_t name[MAX_PATH + 1];
    REQUIRE(::GetTempPathW(MAX_PATH, folder) != 0);
    REQUIRE(::GetTempFileNameW(folder, L"rw", 0, name) != 0);
    path_ = name;
}

TemporaryFile::~TemporaryFile() { ::DeleteFileW(path_.c_str()); }

}  // namespace regwatch::e2e
