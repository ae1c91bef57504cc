#include "settings/windows_path.h"

#include <algorithm>

#include "settings/values.h"
#include "settings/wording.h"
#include "text/fold.h"
#include "text/utf.h"

namespace regwatch {
namespace {

// The length of "%NAME%" when a slash or nothing follows it; 0: there is none.
std::size_t variable_length(std::string_view path) {
    if (!path.starts_with('%')) return 0;
    const std::size_t end = path.find_first_of("%\\/", 1);
    if (end == std::string_view::npos || end == 1 || path[end] != '%') return 0;
    const bool complete = end + 1 == path.size() || is_slash(path[end + 1]);
    return complete ? end + 1 : 0;
}

bool begins_with_drive(std::string_view path) {
    const std::string drive = lower_ascii(path.substr(0, 1));
    return path.size() >= 3 && drive >= "a" && drive <= "z" && path[1] == ':' && is_slash(path[2]);
}

// The length of the part that makes a path absolute; 0: it is not.
std::size_t root_length(std::string_view path) {
    constexpr std::string_view kVerbatim = "\\\\?\\";
    if (path.starts_with(kVerbatim)) {
        return begins_with_drive(path.substr(kVerbatim.size())) ? kVerbatim.size() + 3 : 0;
    }
    if (path.size() > 2 && is_slash(path[0]) && is_slash(path[1]) && !is_slash(path[2])) return 2;
    return begins_with_drive(path) ? 3 : variable_length(path);
}

std::string_view extension(std::string_view path) {
    const std::size_t dot = path.find_last_of(".\\/");
    return dot == std::string_view::npos || path[dot] != '.' ? "" : path.substr(dot);
}

}  // namespace

std::string path_complaint(std::string_view path) {
    const std::string control = first_control_character(path);
    if (!control.empty()) {
        return "holds the control character " + control + " (in JSON, double the backslash)";
    }
    const std::size_t root = root_length(path);
    if (root == 0) {
        return "is not absolute";
    }
    const std::size_t bad = path.find_first_of("<>\"|?*:", root);
    if (bad != std::string_view::npos) {
        return std::string("holds the character '") + path[bad] +
               "', which no file name on Windows can have";
    }
    return {};
}

std::string program_complaint(std::string_view path) {
    std::string complaint = path_complaint(path);
    if (!complaint.empty()) return complaint;
    // Windows drops trailing dots and spaces: "a.cmd." runs a.cmd, and would not look like it here.
    if (path.ends_with('.') || path.ends_with(' ')) return "ends with a dot or a space";
    const std::string kind = lower_ascii(extension(path));
    if (kind != ".exe" && kind != ".cmd" && kind != ".bat" && kind != ".ps1") {
        return "has another ending than these";
    }
    return {};
}

bool is_batch_file(std::string_view path) {
    const std::string kind = lower_ascii(extension(path));
    return kind == ".cmd" || kind == ".bat";
}

std::string argument_complaint(std::string_view argument, bool for_batch_file) {
    if (argument.find('\0') != std::string_view::npos) {
        return "holds a NUL character, which no command line can carry";
    }
    if (!for_batch_file) return {};
    const std::size_t bad = argument.find_first_of(kRefusedInBatchArguments);
    if (bad == std::string_view::npos) return {};
    const std::string control = first_control_character(argument.substr(bad, 1));
    const std::string shown = control.empty() ? std::string("'") + argument[bad] + "'" : control;
    return "holds " + shown +
           ", which the command interpreter would read as its own; arguments of a .cmd or .bat "
           "file "
           "are without \" % ! and line ends";
}

std::u16string folded_folder(std::string_view path) {
    std::string plain;
    for (const char c : path) {
        const bool repeated = is_slash(c) && plain.size() > 1 && plain.back() == '\\';
        if (!repeated) plain += is_slash(c) ? '\\' : c;
    }
    while (plain.ends_with('\\')) plain.pop_back();
    return fold(to_utf16(plain));
}

}  // namespace regwatch
