// The journal of `run` and `watch`: every notice is a line of text for the person at the console.
//
// Any thread: `line` must be safe to call from any.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "change/line.h"
#include "platform/journal.h"

namespace regwatch {

class ConsoleJournal : public Journal {
public:
    using WriteLine = std::function<void(std::string_view)>;
    ConsoleJournal(WriteLine line, Colour colour);

    void write(const Notice& notice) noexcept override;

private:
    const WriteLine line_;
    const Colour colour_;
};

}  // namespace regwatch
