#include "service/notice_text.h"

#include "change/event_entry.h"
#include "text/utf.h"

namespace regwatch {

std::string text_of(const Notice& notice) {
    std::u16string text = render(event_entry(notice.id, notice.inserts));
    while (!text.empty() && text.back() == u'\n') text.pop_back();
    std::u16string indented;
    for (const char16_t unit : text) {
        indented += unit;
        if (unit == u'\n') indented += u"    ";
    }
    return to_wtf8(indented);
}

const char* name_of(EventLevel level) noexcept {
    switch (level) {
        case EventLevel::information:
            return "info";
        case EventLevel::warning:
            return "warning";
        case EventLevel::error:
            return "error";
    }
    return "unknown";
}

}  // namespace regwatch
