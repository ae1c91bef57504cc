#include "service/console.h"

#include <algorithm>

#include "service/colour.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch {
namespace {

#ifndef ENABLE_VIRTUAL_TERMINAL_PROCESSING
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 0x0004
#endif

std::string_view no_color() {
    wchar_t text[2] = {};
    // Its length alone counts; a longer one answers the size it needs.
    return GetEnvironmentVariableW(L"NO_COLOR", text, 2) != 0 ? "1" : "";
}

}  // namespace

Console::Console(Stream stream) {
    handle_ = GetStdHandle(stream == Stream::output ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE);
    if (handle_ == INVALID_HANDLE_VALUE) handle_ = nullptr;
    DWORD mode = 0;
    if (handle_ == nullptr || !GetConsoleMode(handle_, &mode)) return;
    is_console_ = true;
    // Consoles before Windows 10 do not know these sequences, and say so here.
    const bool knows_them = SetConsoleMode(handle_, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
    colour_ = colour_for(knows_them, no_color());
}

bool Console::write(std::string_view utf8) const noexcept {
    if (handle_ == nullptr) return true;
    try {
        return is_console_ ? write_wide(utf8) : write_bytes(utf8);
    } catch (...) {
        return true;  // out of memory for one line: the next one may fit
    }
}

bool Console::write_line(const std::string& utf8) const noexcept {
    try {
        return write(utf8 + "\n");
    } catch (...) {
        return true;
    }
}

bool Console::write_wide(std::string_view utf8) const {
    constexpr std::size_t kMostAtOnce = 8 * 1024;  // older consoles refuse more than 64 KB
    std::wstring text = win32::to_wide(utf8);
    std::wstring_view rest = text;
    while (!rest.empty()) {
        DWORD written = 0;
        const auto now = static_cast<DWORD>(std::min(rest.size(), kMostAtOnce));
        if (!WriteConsoleW(handle_, rest.data(), now, &written, nullptr) || written == 0)
            return false;
        rest.remove_prefix(written);
    }
    return true;
}

bool Console::write_bytes(std::string_view bytes) const noexcept {
    while (!bytes.empty()) {
        DWORD written = 0;
        const auto now = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), 1U << 30));
        if (!WriteFile(handle_, bytes.data(), now, &written, nullptr) || written == 0) return false;
        bytes.remove_prefix(written);
    }
    return true;
}

int complain(const std::string& what, ExitCode code) {
    Console(Console::Stream::error).write_line("regwatch: " + what);
    return static_cast<int>(code);
}

std::function<void(const std::string&)> progress_line(bool prints_meanwhile) {
    const Console error(Console::Stream::error);
    const bool in_the_way = prints_meanwhile && Console(Console::Stream::output).is_terminal();
    if (!error.is_terminal() || in_the_way) return nullptr;
    return [error](const std::string& text) { (void)error.write(text); };
}

}  // namespace regwatch
