#include "service/event_source.h"
#include "text/fold.h"
#include "text/utf.h"

namespace regwatch {

bool is_foreign_message_file(std::string_view files) {
    // Its name, and not its folder, which differs from one version to the next.
    constexpr std::u16string_view kOurs = u"regwatch-events.dll";
    while (!files.empty()) {
        const std::size_t end = files.find(';');
        std::string_view file = files.substr(0, end);
        files.remove_prefix(end == std::string_view::npos ? files.size() : end + 1);
        file.remove_prefix(file.find_last_of("\\/") + 1);  // npos + 1 is the beginning
        if (equal_folded(to_utf16(file), kOurs)) return false;
    }
    return true;
}

}  // namespace regwatch
