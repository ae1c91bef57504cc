#include "win32/launch.h"

#include <algorithm>
#include <string_view>

#include "text/fold.h"
#include "win32/error.h"
#include "win32/paths.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch::win32 {
namespace {

enum class Kind { program, batch, power_shell };

Error refusal(const std::string& subject, const char* reason) {
    return {ErrorKind::invalid, 0, "starting the program", subject, reason};
}

Result<Kind> kind_of(const std::string& file, const std::wstring& path) {
    // "x.bat. ." is x.bat for the system, which strips these (CVE-2024-43402).
    if (path.back() == L'.' || path.back() == L' ')
        return refusal(file, "its name must not end with a dot or a space");
    const std::size_t dot = path.find_last_of(L".\\");
    const std::u16string extension = to_units(path.substr(dot == path.npos ? 0 : dot));
    if (equal_folded(extension, u".exe")) return Kind::program;
    if (equal_folded(extension, u".cmd") || equal_folded(extension, u".bat")) return Kind::batch;
    if (equal_folded(extension, u".ps1")) return Kind::power_shell;
    return refusal(file, "only .exe, .cmd, .bat and .ps1 can be started");
}

Result<std::wstring> existing_file(const std::string& text) {
    auto expanded = expand_environment(text);
    if (!expanded) return std::move(expanded).error();
    std::wstring path = to_wide(*expanded);
    std::replace(path.begin(), path.end(), L'/', L'\\');
    if (path.find(L'\0') != path.npos) return refusal(text, "its name has a NUL in it");
    if (!is_absolute(path)) return refusal(text, "the path is not an absolute one");
    const DWORD attributes = GetFileAttributesW(path.c_str());
    const DWORD code = GetLastError();
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return system_error(code, "starting the program", text);
    if ((attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) return refusal(text, "it is a folder");
    return path;
}

Result<std::vector<std::wstring>> checked_arguments(const ProcessSpec& spec, Kind kind) {
    // In double quotes cmd.exe still acts on these, or ends the quotes.
    const std::wstring_view forbidden =
        kind == Kind::batch ? std::wstring_view(L"\"%!\r\n\0", 6) : std::wstring_view(L"\0", 1);
    std::vector<std::wstring> arguments;
    for (const std::string& argument : spec.arguments) {
        arguments.push_back(to_wide(argument));
        if (arguments.back().find_first_of(forbidden) != std::wstring::npos) {
            return refusal(spec.file, kind == Kind::batch
                                          ? "an argument for a batch file must not have a quote, "
                                            "a percent sign, an exclamation mark, a line end or a "
                                            "NUL in it"
                                          : "an argument has a NUL in it");
        }
    }
    return arguments;
}

std::wstring joined(const std::wstring& application, const std::vector<std::wstring>& arguments) {
    std::wstring line = quoted(application);
    for (const std::wstring& argument : arguments) line += L' ' + quoted(argument);
    return line;
}

Launch program_launch(const std::wstring& file, const std::vector<std::wstring>& arguments) {
    return {file, joined(file, arguments), {}};
}

Result<Launch> batch_launch(const std::string& name, const std::wstring& file,
                            const std::vector<std::wstring>& arguments) {
    if (file.find_first_of(L"\"%") != file.npos)
        return refusal(name, "the name of a batch file must not have a percent sign in it");
    auto system = system_folder();
    if (!system) return std::move(system).error();
    // Without AutoRun commands, with extensions, without delayed expansion. Everything in quotes:
    // the first and the last quote after /c are taken off by cmd.exe, the others stay.
    const std::wstring application = *system + L"\\cmd.exe";
    std::wstring line = quoted(application) + L" /d /e:ON /v:OFF /c \"\"" + file + L'"';
    for (const std::wstring& argument : arguments) line += L" \"" + argument + L'"';
    return Launch{application, line + L'"', {}};
}

Result<Launch> power_shell_launch(const std::wstring& file, const std::string& policy,
                                  const std::vector<std::wstring>& arguments) {
    auto system = system_folder();
    if (!system) return std::move(system).error();
    const std::wstring application = *system + L"\\WindowsPowerShell\\v1.0\\powershell.exe";
    std::vector<std::wstring> all = {
        L"-NoLogo", L"-NoProfile", L"-NonInteractive", L"-ExecutionPolicy", to_wide(policy),
        L"-File",   file};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return Launch{application, joined(application, all), {}};
}

Result<std::wstring> working_directory(const ProcessSpec& spec, const std::wstring& file) {
    if (spec.working_directory.empty()) return parent_of(file) + L'\\';
    auto expanded = expand_environment(spec.working_directory);
    if (!expanded) return std::move(expanded).error();
    return to_wide(*expanded);
}

}  // namespace

std::wstring quoted(const std::wstring& argument) {
    if (!argument.empty() && argument.find_first_of(L" \t\n\v\"") == argument.npos) return argument;
    std::wstring out = L"\"";
    std::size_t backslashes = 0;
    for (const wchar_t unit : argument) {
        // Backslashes count double before a quote and single elsewhere.
        if (unit == L'"') out.append(backslashes + 1, L'\\');
        backslashes = unit == L'\\' ? backslashes + 1 : 0;
        out += unit;
    }
    out.append(backslashes, L'\\');
    return out + L'"';
}

Result<Launch> plan_launch(const ProcessSpec& spec) {
    auto file = existing_file(spec.file);
    if (!file) return std::move(file).error();
    auto kind = kind_of(spec.file, *file);
    if (!kind) return std::move(kind).error();
    auto arguments = checked_arguments(spec, *kind);
    if (!arguments) return std::move(arguments).error();
    auto folder = working_directory(spec, *file);
    if (!folder) return std::move(folder).error();

    Result<Launch> launch = *kind == Kind::program ? program_launch(*file, *arguments)
                            : *kind == Kind::batch
                                ? batch_launch(spec.file, *file, *arguments)
                                : power_shell_launch(*file, spec.execution_policy, *arguments);
    if (!launch) return launch;
    const std::size_t longest = *kind == Kind::batch ? 8191 : 32766;
    if (launch->command_line.size() > longest)
        return refusal(spec.file, "the command line is too long");
    launch->working_directory = std::move(*folder);
    return launch;
}

}  // namespace regwatch::win32
