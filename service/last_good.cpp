#include "service/last_good.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "platform/folder.h"
#include "settings/decoding.h"
#include "text/time.h"

namespace regwatch {

using nlohmann::ordered_json;

Result<void> keep_last_good(const std::string& file, const ConfigRead& config, WallTime now) {
    ordered_json texts = ordered_json::array();
    // As UTF-8 whatever they were, since this is JSON itself.
    for (const ConfigText& text : config.texts)
        texts.push_back({{"path", text.path}, {"text", decode_config(text.bytes).text}});
    const ordered_json kept = {{"kept_at", to_iso_text(now)}, {"files", std::move(texts)}};
    return replace_file(file,
                        kept.dump(4, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

namespace {

// Whatever a damaged file has there.
std::string text_at(const ordered_json& object, const char* name, const char* otherwise) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

}  // namespace

std::optional<LastGood> load_last_good(const std::string& file, const std::string& config) {
    const auto bytes = read_whole_file(file);
    if (!bytes) return std::nullopt;
    const auto kept = ordered_json::parse(*bytes, nullptr, false);
    if (!kept.is_object() || !kept.contains("files") || !kept["files"].is_array())
        return std::nullopt;
    std::vector<ConfigText> texts;
    for (const auto& text : kept["files"]) {
        if (!text.is_object()) return std::nullopt;
        texts.push_back({text_at(text, "path", ""), text_at(text, "text", "")});
    }
    if (texts.empty() || texts.front().path != config) return std::nullopt;
    LastGood good;
    const auto read_kept = [&texts](const std::string& path) -> Result<std::string> {
        for (const ConfigText& text : texts)
            if (text.path == path) return text.bytes;
        return Error{ErrorKind::not_found, 0, "reading", path, "it was not kept"};
    };
    good.config.outcome = load_settings(texts.front().bytes, config, {read_kept, nullptr});
    if (!good.config.outcome.settings) return std::nullopt;
    good.config.texts = std::move(texts);
    good.kept_at = text_at(kept, "kept_at", "an unknown time");
    return good;
}

}  // namespace regwatch
