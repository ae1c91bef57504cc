// One standard stream of this process: UTF-16 to a console, UTF-8 to everything else.
//
// Any thread. Nothing is kept back: each call is one write, so that lines of several threads do not
// mix and a reader gets each line at once.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "change/line.h"
#include "service/exit_code.h"

namespace regwatch {

class Console {
public:
    enum class Stream { output, error };
    explicit Console(Stream stream);

    // False when nobody reads it any more. A process without such a stream reads nothing, which is
    // no failure.
    bool write(std::string_view utf8) const noexcept;
    bool write_line(const std::string& utf8) const noexcept;

    [[nodiscard]] bool is_terminal() const noexcept { return is_console_; }
    // Never into a file or a pipe, and not when the variable NO_COLOR is there and not empty.
    [[nodiscard]] Colour colour() const noexcept { return colour_; }

private:
    bool write_wide(std::string_view utf8) const;
    bool write_bytes(std::string_view bytes) const noexcept;

    void* handle_ = nullptr;  // the process's own, never closed here
    bool is_console_ = false;
    Colour colour_ = Colour::never;
};

// "regwatch: " and what went wrong, on stderr. The number to end with.
int complain(const std::string& what, ExitCode code = ExitCode::failure);

// Where it may be shown how far a command is: stderr, so that nothing of it is in what somebody keeps.
// Null when that is no terminal, or when what is printed meanwhile would stand on the same one.
[[nodiscard]] std::function<void(const std::string&)> progress_line(bool prints_meanwhile = false);

}  // namespace regwatch
