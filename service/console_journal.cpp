#include "service/console_journal.h"

#include <utility>

#include "service/notice_text.h"

namespace regwatch {
namespace {

constexpr const char* kPlain = "\x1b[0m";

const char* colour_of(EventLevel level) {
    switch (level) {
        case EventLevel::information:
            return "\x1b[2m";
        case EventLevel::warning:
            return "\x1b[33m";
        case EventLevel::error:
            return "\x1b[31m";
    }
    return kPlain;
}

}  // namespace

ConsoleJournal::ConsoleJournal(WriteLine line, Colour colour)
    : line_(std::move(line)), colour_(colour) {}

void ConsoleJournal::write(const Notice& notice) noexcept {
    try {
        const EventLevel level = kind_of(notice.id).level;
        std::string text = std::string(name_of(level)) + ": " + text_of(notice);
        if (colour_ == Colour::always) text = colour_of(level) + text + kPlain;
        line_(text);
    } catch (...) {
        // Out of memory, or a console that is gone: there is nobody left to tell.
        return;
    }
}

}  // namespace regwatch
