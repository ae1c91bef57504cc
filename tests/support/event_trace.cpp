#include "support/event_trace.h"

#include <charconv>
#include <map>

namespace regwatch::test {
namespace {

template <class Number>
bool read_hex(std::string_view text, Number& number) {
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    return result.ec == std::errc() && result.ptr == text.data() + text.size();
}

// "0x0002" as the n-th of the comma-separated arguments.
template <class Number>
Number argument(std::string_view arguments, std::size_t n) {
    for (; n > 0; --n) arguments.remove_prefix(arguments.find(',') + 1);
    arguments = arguments.substr(0, arguments.find(','));
    if (arguments.starts_with("0x")) arguments.remove_prefix(2);
    Number number{};
    return read_hex(arguments, number) ? number : Number{};
}

// Wine writes what is not printable as \n, \t, \r, \\, \" and else as four hexadecimal digits.
std::u16string unescape(std::string_view text) {
    std::u16string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += static_cast<char16_t>(static_cast<unsigned char>(text[i]));
            continue;
        }
        std::uint16_t unit = 0;
        const char next = text[++i];
        if (next == 'n' || next == 't' || next == 'r') {
            out += next == 'n' ? u'\n' : next == 't' ? u'\t' : u'\r';
        } else if (next == '\\' || next == '"') {
            out += static_cast<char16_t>(next);
        } else if (read_hex(text.substr(i, 4), unit)) {
            out += static_cast<char16_t>(unit);
            i += 3;
        }
    }
    return out;
}

struct Pending {
    TracedEvent event;
    std::size_t expected = 0;
};

}  // namespace

// An insert with line ends is traced as one line for each of its lines, so it arrives in pieces here;
// RegWatch escapes line ends in what it does not write itself.
std::vector<TracedEvent> parse_event_trace(std::string_view trace) {
    constexpr std::string_view kHead = ":fixme:advapi:ReportEventW (";
    constexpr std::string_view kInsert = ":eventlog:ReportEventW L\"";
    std::vector<TracedEvent> events;
    std::map<std::string, Pending> by_thread;
    // A line that has no end yet is still being written.
    for (auto end = trace.find('\n'); end != trace.npos; end = trace.find('\n')) {
        const std::string_view line = trace.substr(0, end);
        trace.remove_prefix(end + 1);
        const std::string thread(line.substr(0, line.find(':')));
        if (const auto at = line.find(kHead); at != std::string_view::npos) {
            const auto arguments = line.substr(at + kHead.size());
            Pending& pending = by_thread[thread] = {};
            pending.event.type = argument<std::uint16_t>(arguments, 1);
            pending.event.category = argument<std::uint16_t>(arguments, 2);
            pending.event.id = argument<std::uint32_t>(arguments, 3);
            pending.expected = argument<std::uint16_t>(arguments, 5);
            if (pending.expected == 0) events.push_back(std::move(pending.event));
        } else if (const auto insert = line.find(kInsert); insert != std::string_view::npos) {
            Pending& pending = by_thread[thread];
            const auto text = line.substr(insert + kInsert.size());
            pending.event.inserts.push_back(unescape(text.substr(0, text.rfind('"'))));
            if (pending.event.inserts.size() == pending.expected) {
                events.push_back(std::move(pending.event));
                pending = {};
            }
        }
    }
    return events;
}

}  // namespace regwatch::test
