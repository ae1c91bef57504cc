#include "e2e/files.h"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

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

TemporaryFile::TemporaryFile() {
    wchar_t folder[MAX_PATH + 1];
    wchar_t name[MAX_PATH + 1];
    REQUIRE(::GetTempPathW(MAX_PATH, folder) != 0);
    REQUIRE(::GetTempFileNameW(folder, L"rw", 0, name) != 0);
    path_ = name;
}

TemporaryFile::~TemporaryFile() { ::DeleteFileW(path_.c_str()); }

}  // namespace regwatch::e2e
