// Files of the tests: read as a whole, written as a whole, temporary ones removed at the end.
#pragma once

#include <string>
#include <vector>

namespace regwatch::e2e {

[[nodiscard]] std::string read_file(const std::wstring& path);  // empty when there is none
void write_file(const std::wstring& path, const std::string& bytes);
[[nodiscard]] std::wstring program_folder();  // of the test, where regwatch.exe is too

// Relative to the folder, in order; also those in the folders below it.
[[nodiscard]] std::vector<std::wstring> files_below(const std::wstring& folder);

// In %ProgramData%, where a service can read and write too. Removed at the end with what is in it.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::wstring& path() const noexcept { return path_; }

private:
    std::wstring path_;
};

class TemporaryFile {
public:
    TemporaryFile();
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    [[nodiscard]] const std::wstring& path() const noexcept { return path_; }

private:
    std::wstring path_;
};

}  // namespace regwatch::e2e
