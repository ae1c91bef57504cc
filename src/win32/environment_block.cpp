#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "text/fold.h"
#include "win32/launch.h"
#include "win32/paths.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::win32 {
namespace {

// What a script may rely on. Everything else in the service's environment is nobody's business.
constexpr std::array kPassedOn = {L"SystemRoot",
                                  L"SystemDrive",
                                  L"windir",
                                  L"TEMP",
                                  L"TMP",
                                  L"PATHEXT",
                                  L"ProgramData",
                                  L"ProgramFiles",
                                  L"ProgramFiles(x86)",
                                  L"ProgramW6432",
                                  L"CommonProgramFiles",
                                  L"CommonProgramFiles(x86)",
                                  L"CommonProgramW6432",
                                  L"COMPUTERNAME",
                                  L"OS",
                                  L"NUMBER_OF_PROCESSORS",
                                  L"PROCESSOR_ARCHITECTURE"};

// Names of variables have no case, and the block is sorted without it.
struct WithoutCase {
    bool operator()(const std::wstring& a, const std::wstring& b) const {
        return fold(to_units(a)) < fold(to_units(b));
    }
};
using Variables = std::map<std::wstring, std::wstring, WithoutCase>;

void pass_on(Variables& variables, const wchar_t* name) {
    const DWORD size = GetEnvironmentVariableW(name, nullptr, 0);
    if (size == 0) return;
    std::wstring value(size, L'\0');
    value.resize(std::min(size - 1, GetEnvironmentVariableW(name, value.data(), size)));
    variables[name] = value;
}

}  // namespace

Result<std::wstring> environment_block(
    const std::vector<std::pair<std::string, std::string>>& added) {
    auto system = system_folder();
    if (!system) return std::move(system).error();
    auto windows = windows_folder();
    if (!windows) return std::move(windows).error();

    Variables variables;
    for (const wchar_t* name : kPassedOn) pass_on(variables, name);
    variables[L"ComSpec"] = *system + L"\\cmd.exe";
    variables[L"PATH"] = *system + L';' + *windows + L';' + *system + L"\\Wbem;" + *system +
                         L"\\WindowsPowerShell\\v1.0\\";
    // Otherwise cmd.exe looks for a program in its current folder first.
    variables[L"NoDefaultCurrentDirectoryInExePath"] = L"1";
    for (const auto& [name, value] : added) {
        if (name.empty() || name.find_first_of(std::string_view("=\0", 2)) != name.npos ||
            value.find('\0') != value.npos) {
            return Error{ErrorKind::invalid, 0, "setting the variable", name,
                         "a name must not be empty or have a '=' in it, and nothing a NUL"};
        }
        variables[to_wide(name)] = to_wide(value);
    }

    std::wstring block;
    for (const auto& [name, value] : variables) block += name + L'=' + value + L'\0';
    return block + L'\0';
}

}  // namespace regwatch::win32
